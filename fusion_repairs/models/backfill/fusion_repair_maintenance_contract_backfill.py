from odoo import fields, models


class FusionRepairMaintenanceContract(models.Model):
    """Contracts that a backfill made of past sales."""

    _inherit = "fusion.repair.maintenance.contract"

    backfill_run_id = fields.Many2one(
        "fusion.repair.backfill.run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _reserve_names(self, company, count):
        """Return the next references of a company, drawn in one query if possible."""
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", self._name),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence._next() for _contract in range(count)]
        self.env.cr.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
            [f"ir_sequence_{sequence.id:03d}", count],
        )
        return [sequence.get_next_char(number) for (number,) in self.env.cr.fetchall()]

    def _filter_used(self, unused_states=("active",)):
        """Return the contracts of which somebody knows, or that somebody changed.

        Their clients were mailed, called, booked, were given the link or wait for a
        call; or the office paused or ended them, or gave them another owner.

        :param unused_states: states in which nobody brought them
        """
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        reminders = self.env["fusion.repair.maintenance.reminder"].sudo()
        lines = self.env["fusion.repair.backfill.line"].sudo()
        domain = [("contract_id", "in", self.ids)]
        owners = {
            line.contract_id: line.partner_id
            for line in lines.search([*domain, ("outcome", "=", "created")])
        }
        changed = self.filtered(
            lambda c: (
                c.link_sent_at
                or c.link_texted_at
                or c.state not in unused_states
                or c.partner_id != owners.get(c, c.partner_id)
                or c._get_open_callback()
            )
        )
        return (
            visits.search(domain).contract_id
            | reminders.search(domain).contract_id
            | changed
        ).sorted("id")
