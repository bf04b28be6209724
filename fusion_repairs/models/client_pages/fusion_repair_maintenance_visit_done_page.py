from datetime import timedelta

from odoo import api, fields, models

from ...tools.tokens import TOKEN_PATTERN


class FusionRepairMaintenanceVisit(models.Model):
    """What is left for the client of a visit that took place: one page, for a while.

    The link by which it was booked goes over to the visit, while the contract gets
    another one for its next cycle. The old link books nothing and opens nothing of a
    later cycle: it shows how this one visit went, and gives its documents.
    """

    _inherit = "fusion.repair.maintenance.visit"

    page_token = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _page_token_unique = models.UniqueIndex("(page_token) WHERE page_token IS NOT NULL")

    @api.model
    def _find_done_by_token(self, token):
        """Return the visit whose done page a link still opens, or none.

        With the rights of the system: whoever holds the link reads what the page
        shows and nothing else.
        """
        found = self.sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            found = found.search([("page_token", "=", token)], limit=1)
        return found.filtered(lambda visit: visit._is_done_page_open())

    def _is_done_page_open(self):
        """Tell whether the client may still look at how the visit went.

        Not for ever, and not when the unit has another owner or its care has ended.
        """
        self.ensure_one()
        contract = self.contract_id
        days = timedelta(days=self.company_id.x_fc_done_page_days)
        return (
            self.state == "done"
            and bool(self.service_date)
            and contract._get_today() <= self.service_date + days
            and contract.state != "cancelled"
            and contract.partner_id == self.partner_id
            and self.partner_id.active
        )

    def _open_done_page(self, token):
        """Take over the link of the cycle that ends."""
        self.sudo().page_token = token

    def _close_done_page(self):
        """Close the page of a visit that is not done after all.

        :return: the secret of its link, for ``_give_back_link``
        """
        visit = self.sudo()
        token = visit.page_token
        visit.page_token = False
        return token

    def _give_back_link(self, token):
        """Let the client's link lead to the visit again, as its confirmation says.

        Unless the unit has another owner or its care has ended.

        :param token: the secret of the link of the done page, if there was one
        """
        visit, contract = self.sudo(), self.contract_id.sudo()
        if (
            token
            and contract.partner_id == visit.partner_id
            and contract.state != "cancelled"
        ):
            contract.booking_token = token

    def _get_done_url(self):
        """Return the path of the done page, without the server's address.

        Masked, unless code of ours asks.
        """
        self.ensure_one()
        token = self.page_token if self.env.su else "preview"
        return f"/repairs/maintenance/book/{token}"

    def _get_done_documents(self):
        """Return the documents that the client may download from the done page.

        A hook: other addons append theirs. Keys are part of an address, so they are
        made of letters, digits and dashes.

        :return: list of dicts of key, label (in the language of the context) and
            attachment (ir.attachment)
        """
        self.ensure_one()
        documents = (self._prepare_done_report(), self._prepare_done_certificate())
        return [document for document in documents if document]

    def _get_done_document(self, key):
        """Return the attachment of a key of the done page, or an empty one."""
        for document in self._get_done_documents():
            if document["key"] == key:
                return document["attachment"].sudo()[:1]
        return self.env["ir.attachment"].sudo().browse()
