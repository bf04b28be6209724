import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from .fusion_repair_maintenance_visit import LIVE_STATES

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)
BATCH = 200
# After the planned end: technicians may report on the evening, or the next morning.
LOST_AFTER = timedelta(hours=24)
ASK_AGAIN_AFTER = timedelta(days=1)


class FusionRepairMaintenanceVisit(models.Model):
    """Booked visits that are long past and that nobody closed.

    They keep their unit booked: no reminder goes out, and nobody comes.
    """

    _inherit = "fusion.repair.maintenance.visit"

    lost_asked_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="When the office was last asked what became of this visit.",
    )

    @api.model
    def _cron_find_lost_visits(self):
        """Ask the office about every visit that is long past and not closed."""
        progress = self.env["ir.cron"]._commit_progress
        domain = self._get_lost_domain()
        progress(remaining=self.search_count(domain))
        last = 0
        while visits := self.search(
            domain & Domain("id", ">", last), order="id", limit=BATCH
        ):
            last = visits[-1].id
            for visit in visits.filtered(lambda v: v._is_lost()):
                visit._ask_what_became_safely()
            if not progress(len(visits)):
                return

    @api.model
    def _get_lost_domain(self):
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("x_fc_overdue_enabled", "=", True)]
        )
        asked = Domain("lost_asked_at", "=", False) | Domain(
            "lost_asked_at", "<=", now - ASK_AGAIN_AFTER
        )
        return (
            Domain("company_id", "in", companies.ids)
            & Domain("state", "in", LIVE_STATES)
            & Domain("visit_date", "<=", now - LOST_AFTER)
            & asked
        )

    def _is_lost(self):
        """Tell whether a visit that is still open is long past."""
        self.ensure_one()
        limit = fields.Datetime.now() - LOST_AFTER
        return self.is_live and bool(self.visit_end) and self.visit_end <= limit

    def _ask_what_became_safely(self):
        """Ask about one visit; a failure stops nobody else."""
        try:
            with self.env.cr.savepoint():
                mine = self.try_lock_for_update(allow_referencing=True)
                mine.filtered(lambda v: v._is_lost())._ask_what_became()
        except Exception:
            _logger.exception("Asking about the lost visit %s failed", self.id)

    def _ask_what_became(self):
        for visit in self:
            visit.contract_id._notify_office(
                _lt("What became of the visit %(visit)s?", visit=visit.name),
                _lt(
                    "Its time is past, but it is neither done nor cancelled. Please "
                    "complete it, cancel it, or move it: until then the client is not "
                    "reminded."
                ),
                reason="visit_lost",
            )
        self.lost_asked_at = fields.Datetime.now()
