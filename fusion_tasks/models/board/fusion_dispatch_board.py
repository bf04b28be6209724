from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.sql import escape_psql

from ...groups import DISPATCHER

LONGEST_DAYS = 7
SIDE_LIMIT = 200


class FusionDispatchBoard(models.AbstractModel):
    """What the dispatch board shows: technicians as rows, their days, what waits.

    The methods without an underscore are what the browser calls. Every one of them
    checks first that a dispatcher asks. Times go out twice: as the instant (UTC) and
    as minutes of the technician's own local day, so the browser knows no time zones.
    """

    _name = "fusion.dispatch.board"
    _description = "Dispatch Board"

    @api.model
    def load_board(self, date_from, days, filters=None):
        """Return all that the board shows of a stretch of days.

        :param str date_from: first local day
        :param int days: 1 to 7
        :param dict filters: skill (a key of the options) and zone (the beginning of
            a postal code, or a part of a city's name); either may be missing
        """
        self._check_dispatcher()
        first, last = self._to_days(date_from, days)
        filters = filters or {}
        everyone = self._find_technicians()
        technicians = everyone
        if filters.get("skill"):
            technicians = self._filter_by_skill(everyone, filters["skill"])
        zone = (filters.get("zone") or "").strip()
        rows = self._get_rows(technicians, first, last, zone)
        side = self._find_side_tasks(everyone, zone)
        company = self.env.company.sudo()
        return {
            "days": [
                fields.Date.to_string(first + timedelta(days=number))
                for number in range((last - first).days + 1)
            ],
            "axis": self._get_axis(rows),
            "grid": company.x_fc_slot_grid_minutes,
            "technicians": rows,
            "side": [self._prepare_task(task) for task in side[:SIDE_LIMIT]],
            "side_is_cut": len(side) > SIDE_LIMIT,
            "skills": [
                {"key": key, "label": label} for key, label in self._get_skill_options()
            ],
        }

    # Rights and input --------------------------------------------------------------

    @api.model
    def _check_dispatcher(self):
        """Refuse everybody who does not plan the work of others.

        :raise AccessError: in that case
        """
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("The dispatch board is for dispatchers."))

    @api.model
    def _to_days(self, date_from, days):
        """Return the first and last day of a stretch.

        :raise UserError: for what is no date, or too long a stretch
        """
        if not isinstance(days, int) or not 1 <= days <= LONGEST_DAYS:
            raise UserError(
                self.env._("The board shows 1 to %(days)s days.", days=LONGEST_DAYS)
            )
        try:
            first = date.fromisoformat(date_from)
            return first, first + timedelta(days=days - 1)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("This is not a date.")) from error

    @api.model
    def _get_task(self, task_id):
        """Return a task that the user may plan.

        :raise UserError: if it is gone
        """
        task = self.env["fusion.technician.task"].browse(task_id).exists()
        if not task:
            raise UserError(self.env._("This task does not exist any more."))
        task.check_access("write")
        return task.with_company(task.company_id)

    # Filters -----------------------------------------------------------------------

    @api.model
    def _get_skill_options(self):
        """Return the skills to filter by as (key, label), both text; a hook."""
        return []

    @api.model
    def _filter_by_skill(self, technicians, skill):
        """Return the technicians with a skill; a hook that goes with the options.

        :param skill: a key of :meth:`_get_skill_options`
        """
        return technicians

    @api.model
    def _get_zone_domain(self, zone):
        """Return the domain of tasks at places of a zone; all if it is empty."""
        if not zone:
            return Domain.TRUE
        pattern = escape_psql(zone)
        return Domain("address_id.zip", "=ilike", f"{pattern}%") | Domain(
            "address_id.city", "ilike", zone
        )

    @api.model
    def _find_technicians(self):
        users = self.env["res.users"]
        domain = users._fc_get_technician_domain(self.env.company)
        return users.search(domain, order="name, id")

    @api.model
    def _find_side_tasks(self, technicians, zone):
        """Return what has to be put on somebody's day, one more than is shown.

        Also scheduled work of those who are no technicians any more: it has to find
        somebody else.
        """
        waiting = Domain("status", "=", "pending")
        orphaned = Domain("status", "=", "scheduled") & Domain(
            "technician_id", "not in", technicians.ids
        )
        return self.env["fusion.technician.task"].search(
            (waiting | orphaned)
            & Domain("company_id", "=", self.env.company.id)
            & self._get_zone_domain(zone),
            limit=SIDE_LIMIT + 1,
            order="date_start, id",
        )

    # Values ------------------------------------------------------------------------

    @api.model
    def _get_axis(self, rows):
        """Return the hours that the day view shows: all that is worked in."""
        bounds = [
            bound
            for row in rows
            for day in row["days"]
            for items in (day["windows"], day["tasks"])
            for item in items
            for bound in (item["from"], item["to"])
        ]
        first, last = min(bounds, default=8 * 60), max(bounds, default=17 * 60)
        return {"from": first // 60 * 60, "to": min(-(-last // 60), 24) * 60}

    @api.model
    def _prepare_task(self, task):
        """Return what a card says of a task."""
        labels = self._get_labels()
        place = task.address_id
        return {
            "id": task.id,
            "name": task.name,
            "client": task.partner_id.name or task.name,
            "type": task.task_type,
            "type_label": labels["task_type"][task.task_type],
            "status": task.status,
            "status_label": labels["status"][task.status],
            "city": place.city or "",
            "zip": place.zip or "",
            "minutes": round(task.duration * 60),
            "technician_id": task.technician_id.id,
            "technician": task.technician_id.name or "",
            "start": fields.Datetime.to_string(task.date_start) or "",
            "movable": self._is_movable(task),
            "is_late": task.is_late,
            "conflict": task.has_conflict
            and labels["conflict_reason"][task.conflict_reason],
            "latitude": task.latitude,
            "longitude": task.longitude,
            "is_placed": task.is_place_known,
            "overlaps": task.allow_overlap,
        }

    @api.model
    @ormcache("self.env.lang")
    def _get_labels(self):
        """Return the labels of selections, by field and key; hundreds of cards ask."""
        task_fields = self.env["fusion.technician.task"]._fields
        return {
            name: dict(task_fields[name]._description_selection(self.env))
            for name in ("task_type", "status", "conflict_reason")
        }

    @api.model
    def _is_movable(self, task):
        """Tell whether a task may be put elsewhere: nobody is on the way to it yet."""
        return task.status in ("pending", "scheduled")
