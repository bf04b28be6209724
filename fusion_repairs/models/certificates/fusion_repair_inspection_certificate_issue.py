import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import MANAGER

from ...tools.tokens import FOLDED
from ..booking.fusion_repair_maintenance_contract_token import TOKEN_BYTES
from .res_company import SEQUENCE


class FusionRepairInspectionCertificate(models.Model):
    """How a certificate comes to be, and how it ends: never by being edited."""

    _inherit = "fusion.repair.inspection.certificate"

    access_key = fields.Char(
        groups=fields.NO_ACCESS, copy=False, help="The secret of the verification page."
    )

    _access_key_unique = models.UniqueIndex("(access_key) WHERE access_key IS NOT NULL")
    # A code is typed off paper, too.
    _access_key_folded_idx = models.Index(
        f"(({FOLDED.format(column='access_key')})) WHERE access_key IS NOT NULL"
    )

    # Issuing -------------------------------------------------------------------

    @api.model
    def _issue_for(self, visit, reason=None):
        """Issue the certificate of a reported visit, within its transaction.

        The number is taken from a locked counter: rolled back with everything else,
        it leaves no gap. A revision of an earlier certificate of the visit keeps the
        number.

        :param visit: a done one that the rules allow a certificate
        :param reason: of a revision, in words
        :return: the certificate, with its file or about to get it
        """
        former = visit.certificate_ids.sorted("revision")[-1:]
        vals = self._prepare_from_visit(visit)
        vals["revision"] = former.revision + 1 if former else 1
        if former:
            vals["previous_id"] = former.id
            vals["revision_reason"] = reason or former.end_reason
        former._end("superseded", vals.get("revision_reason"))
        vals["name"] = former.name or self._next_number(visit.company_id)
        certificate = without_button(self).create(vals)
        # Read back, so that the digest is of what the database holds.
        certificate.flush_recordset()
        certificate.invalidate_recordset()
        certificate._transition(
            {
                "state": "issued",
                "access_key": secrets.token_urlsafe(TOKEN_BYTES),
                "digest": certificate._compute_digest(),
            }
        )
        former._transition({"superseded_by_id": certificate.id})
        visit._write_document({"inspection_certificate_id": certificate.id})
        certificate._supersede_older()
        certificate._make_pdf()
        return certificate

    def _supersede_older(self):
        """Let the latest examination alone speak for the unit.

        As a rule that is this certificate. A report that comes late may be of an
        older visit than the valid one: then this is superseded from the start.
        """
        valid = self.contract_id.certificate_ids.filtered(lambda c: c.state == "issued")
        latest = valid.sorted(lambda c: (c.examined_on, c.id))[-1:]
        number = latest._get_full_number()
        older = valid - latest
        older._end(
            "superseded",
            self.env._("Replaced by certificate %(number)s", number=number),
        )
        older._transition({"superseded_by_id": latest.id})

    @api.model
    def _next_number(self, company):
        """Return the next number of a company; rivals wait for this transaction."""
        sequences = self.env["ir.sequence"].sudo()  # numbers are not the user's
        domain = [("code", "=", SEQUENCE), ("company_id", "=", company.id)]
        sequence = sequences.search(domain, limit=1)
        if not sequence:
            company._create_certificate_sequences()
            sequence = sequences.search(domain, limit=1)
        # Odoo's own lock would fail at once; waiting in line loses fewer requests.
        self.env.cr.execute(
            SQL("SELECT id FROM ir_sequence WHERE id = %s FOR UPDATE", sequence.id)
        )
        return sequence.next_by_id()

    # Ending --------------------------------------------------------------------

    def action_revoke(self):
        """Ask for the reason why a certificate no longer holds."""
        return self._open_reason_wizard("revoke", self.env._("Revoke the Certificate"))

    def action_supersede(self):
        """Ask for the reason of a revision, with what the records say by now."""
        return self._open_reason_wizard("supersede", self.env._("Issue a Revision"))

    def _open_reason_wizard(self, kind, title):
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "fusion.repair.certificate.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_certificate_id": self.id, "default_kind": kind},
        }

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only managers may revoke or reissue certificates.")
            )
        self.check_access("read")

    def _revoke(self, reason):
        """End certificates for good: their content can no longer be relied on.

        :param reason: in words; it stays on record
        """
        self._check_manager()
        self.sudo()._end("revoked", self._check_reason(reason))

    def _supersede(self, reason):
        """Issue a revision of the certificate with what the records say by now.

        :param reason: in words; printed on the revision
        :return: the revision
        """
        self.ensure_one()
        self._check_manager()
        reason = self._check_reason(reason)
        visit = self.sudo().visit_id
        refusal = visit._get_certificate_refusal()
        if self.state != "issued" or refusal:
            raise UserError(
                refusal or self.env._("Only a valid certificate can be revised.")
            )
        visit.contract_id._lock()
        return self.sudo()._issue_for(visit, reason)

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        return reason

    def _end(self, state, reason):
        """End what is valid; what has ended already stays as it is."""
        for certificate in self.filtered(lambda c: c.state == "issued"):
            certificate._transition(
                {
                    "state": state,
                    "end_reason": reason,
                    "ended_by_id": self.env.uid,
                    "ended_at": fields.Datetime.now(),
                }
            )
            certificate._message_log(body=reason or "")
