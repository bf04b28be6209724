from datetime import timezone

from odoo import fields, models

from ..groups import DISPATCHER, MANAGER
from ..phone_links import call_link
from ..scheduling import Roster, daily_offsets, zone_of

# Each duty of the office: who does it, who stands in, and the role it asks for.
DUTIES = {
    "office": ("x_fc_office_user_ids", "x_fc_office_stand_in_id", DISPATCHER),
    "escalation": (
        "x_fc_escalation_user_ids",
        "x_fc_escalation_stand_in_id",
        MANAGER,
    ),
}
OFFICE_USERS = "[('share', '=', False), ('company_ids', 'in', id)]"
NOWHERE = (False, "", "UTC")


class ResCompany(models.Model):
    """How a company offers visits."""

    _inherit = "res.company"

    x_fc_slot_grid_minutes = fields.Integer(
        string="Visits Start Every (minutes)",
        default=30,
        help="Visits start at multiples of this on the technician's clock: "
        "5, 10, 15, 20, 30 or 60.",
    )
    x_fc_booking_lead_hours = fields.Integer(
        string="Notice (hours)",
        default=24,
        help="No visit is offered that starts sooner than this from now.",
    )
    x_fc_booking_horizon_days = fields.Integer(
        string="Horizon (days)",
        default=21,
        help="No visit is offered further ahead than this.",
    )
    x_fc_arrival_window_minutes = fields.Integer(
        string="Arrival Window (minutes)",
        default=60,
        help="Clients are told that the technician arrives within this time of the "
        "planned start.",
    )
    x_fc_travel_on_own_time = fields.Boolean(
        string="First Drive on Own Time",
        help="The drive from the start place to the first visit comes before the "
        "working day instead of being part of it.",
    )
    x_fc_rest_hours = fields.Integer(
        string="Rest After Night Work (hours)",
        default=8,
        help="A technician who worked after hours or at night starts the next working "
        "day no sooner than this after the end of that work. 0: no rest is kept.",
    )
    x_fc_directions_url = fields.Char(
        string="Map Service",
        help="The link behind an address on a technician's phone, with {place} where "
        "the place goes, such as "
        "https://www.google.com/maps/dir/?api=1&destination={place}. "
        "Without one, the phone's own map opens.",
    )

    x_fc_map_tile_url = fields.Char(
        string="Map Tiles",
        help="Where the browser gets pictures of the map, such as "
        "https://tiles.example.com/{z}/{x}/{y}.png. Without it the stops are drawn on "
        "a plain grid, and no other server is asked for anything.",
    )
    x_fc_map_attribution = fields.Char(
        string="Map Attribution",
        help="Whose map it is: shown in its corner, as the provider asks.",
    )

    x_fc_office_user_ids = fields.Many2many(
        "res.users",
        "fusion_office_user_rel",
        "company_id",
        "user_id",
        string="Calls Go To",
        domain=OFFICE_USERS,
        help="Who calls clients and sorts out visits. Several people share new clients "
        "evenly. Empty: the salesperson of the unit if they may, else all dispatchers.",
    )
    x_fc_office_stand_in_id = fields.Many2one(
        "res.users",
        string="Stand-in for Calls",
        domain=OFFICE_USERS,
        help="Gets what is due while the person who should do it is off or has left.",
    )
    x_fc_escalation_user_ids = fields.Many2many(
        "res.users",
        "fusion_escalation_user_rel",
        "company_id",
        "user_id",
        string="Escalations Go To",
        domain=OFFICE_USERS,
        help="Who hears of units that stay overdue and of what keeps reminders from "
        "going out. Several people take turns. Empty: all managers.",
    )
    x_fc_escalation_stand_in_id = fields.Many2one(
        "res.users", string="Stand-in for Escalations", domain=OFFICE_USERS
    )

    _map_tile_url_known = models.Constraint(
        "CHECK (x_fc_map_tile_url IS NULL OR x_fc_map_tile_url = ''"
        " OR x_fc_map_tile_url ~* '^(https?:/)?/[^[:space:]]*$')",
        "Map tiles have an address that begins with https:// or http://.",
    )
    _slot_grid_known = models.Constraint(
        "CHECK (x_fc_slot_grid_minutes IN (5, 10, 15, 20, 30, 60))",
        "Visits start every 5, 10, 15, 20, 30 or 60 minutes.",
    )
    _booking_lead_positive = models.Constraint(
        "CHECK (x_fc_booking_lead_hours BETWEEN 0 AND 8760)",
        "The notice is between 0 hours and a year.",
    )
    _booking_horizon_range = models.Constraint(
        "CHECK (x_fc_booking_horizon_days BETWEEN 1 AND 366)",
        "The horizon is between 1 day and a year.",
    )
    _arrival_window_range = models.Constraint(
        "CHECK (x_fc_arrival_window_minutes BETWEEN 0 AND 480)",
        "The arrival window is between 0 minutes and 8 hours.",
    )
    _rest_range = models.Constraint(
        "CHECK (x_fc_rest_hours BETWEEN 0 AND 16)",
        "The rest after night work is between 0 and 16 hours.",
    )
    _directions_url_form = models.Constraint(
        "CHECK (x_fc_directions_url ~ '^(https://|geo:)[^[:space:]]*[{]place[}]')",
        "The link of the map service begins with https:// or geo: and has {place} "
        "in it.",
    )

    # Who does what in the office ----------------------------------------------

    def _fc_get_responsible(self, duty, turn=0, first=None):
        """Return who does a duty of the office now: the next responsible.

        Never somebody who is archived or has lost the role. Whoever is off today is
        passed over while somebody else is there.

        :param duty: "office" or "escalation"
        :param turn: a number, such as an id, that tells whose turn it is among several
        :param first: the user who has it already, if any
        """
        self.ensure_one()
        users = self.env["res.users"]
        able = first._fc_may_follow_up(self) if first else False
        roster = self._fc_get_roster(duty, first if able else users)
        user = users.browse(roster.pick(turn, first.id if able else None))
        return user or self.env.user

    def _fc_may_be_given(self, user):
        """Tell whether the office work of a sale may go to its salesperson.

        Where the settings name people, it goes to these alone.
        """
        named = self.sudo().x_fc_office_user_ids
        return user._fc_may_follow_up(self) and (not named or user in named)

    def _fc_get_roster(self, duty, more=None):
        """Return the people of a duty, as the pure rules read them.

        :param more: others of whom it should be known whether they are off
        """
        self.ensure_one()
        company = self.sudo()
        team_field, stand_in_field, group = DUTIES[duty]

        def able(users):
            return users.filtered(lambda user: user._fc_may_follow_up(self))

        team = able(company[team_field])
        stand_in = able(company[stand_in_field])
        others = company._fc_get_role_holders(group)
        everybody = team | stand_in | others
        if more:
            everybody |= more.sudo()
        return Roster(
            team=tuple(sorted(team.ids)),
            stand_ins=tuple(stand_in.ids),
            others=tuple(sorted(others.ids)),
            off=frozenset(everybody._fc_find_off_today(self).ids),
        )

    def _fc_get_role_holders(self, group):
        """Return who has a role in this company, those whose work it is.

        Administrators hold every role, and managers that of dispatchers: they come
        only where there is nobody else.
        """
        users = self.env.ref(group).sudo().all_user_ids
        users = users.filtered(lambda user: user._fc_may_follow_up(self))
        if not users and group == MANAGER:
            return self._fc_get_role_holders(DISPATCHER)
        ranks = {
            user: (
                user.has_group("base.group_system"),
                group == DISPATCHER and user.has_group(MANAGER),
            )
            for user in users
        }
        return users.filtered(lambda user: ranks[user] == min(ranks.values()))

    def _fc_get_phone_url(self):
        """Return the link that calls the company, False without a number."""
        return call_link(self.phone) or False

    def _get_chosen_tz(self):
        """Return the zone that somebody set for this company, or False.

        That of its contact, else of its working schedule; Odoo may make the latter UTC,
        which is no choice of anybody.
        """
        calendar_tz = self.resource_calendar_id.tz
        if self.partner_id.tz:
            return self.partner_id.tz
        return calendar_tz if calendar_tz not in NOWHERE else False

    def _has_clock_of(self, tz):
        """Tell whether a zone shows the company's time, all the year ahead."""
        own = self._get_chosen_tz()
        if not own or own == tz:
            return True
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        ours, theirs = (daily_offsets(zone_of(name), now, 366) for name in (own, tz))
        return ours == theirs
