from odoo import models
from odoo.fields import Domain


class ReminderGroups:
    """Which units each mail of a batch names, together with how they can be booked.

    It travels in the context, for the template of a mail takes no arguments. A call
    from outside cannot make one, as nothing in JSON becomes an instance of this class.
    """

    def __init__(self, by_lead):
        """Take the visits that each mail offers: {lead id: [contracts of a visit]}."""
        self._by_lead = by_lead
        self._ids = [
            i for each in by_lead.values() for units in each for i in units.ids
        ]

    def get(self, lead):
        """Return the visits of the mail of a lead, each as contracts, or None.

        What they say is read for the whole batch at once, in the language of the mail.
        """
        visits = self._by_lead.get(lead.id)
        return visits and [
            units.with_env(lead.env).with_prefetch(self._ids) for units in visits
        ]


class FusionRepairMaintenanceContract(models.Model):
    """One reminder for all that a client has to book at one place on one day.

    The mail names every unit that is due. What one technician can do in one go is one
    visit with one link: the page of that link opens with these units.
    """

    _inherit = "fusion.repair.maintenance.contract"

    def _add_units_of_same_mail(self):
        """Return these contracts, with what falls due for the same clients today.

        A batch may end between two units of one client. Those that somebody else holds
        right now are left to them.
        """
        domain = Domain.OR(self._get_reminder_domain(c) for c in self.company_id)
        others = self.search(
            domain
            & Domain("partner_id", "in", self.partner_id.ids)
            & Domain("id", "not in", self.ids)
        )
        return self | others.try_lock_for_update(allow_referencing=True)

    def _split_by_mail(self):
        """Return these contracts by the mail that names them, the next due first."""
        ordered = self.sorted(lambda c: (c.next_due_date, c.id))
        grouped = ordered.grouped(lambda c: (c.company_id, c.partner_id, c.address_id))
        return list(grouped.values())

    def _split_by_visit(self):
        """Return the units of one mail as visits, and note under which link each is.

        :return: list of contracts, the first of each has the link
        """
        visits, left = [], self
        while left:
            lead, units = left[0], left[0]
            if len(left) > 1 and lead.company_id.x_fc_bundle_days:
                same_place = left.filtered_domain(lead._get_same_place_domain())
                units |= lead._choose_companions(same_place)
            left -= units
            visits.append(units)
        return visits

    def _note_visits_offered(self, visits):
        """Note under which link each unit is offered, for the page of that link.

        :param visits: list of contracts, as of ``_split_by_visit``
        """
        leads = self.browse([units[:1].id for units in visits])
        stale = self.search([("offered_with_id", "in", leads.ids)])
        (stale - self.browse().union(*visits)).offered_with_id = False
        for units in visits:
            lead = units[:1] if len(units) > 1 else self.browse()
            units.filtered(lambda c, to=lead: c.offered_with_id != to).write(
                {"offered_with_id": lead.id}
            )

    def _get_units_to_name(self):
        """Return this unit and those that its link offered together with it.

        They are what the page of the link opens with.
        """
        self.ensure_one()
        group = self.offered_with_id
        told = self._get_companions() if group else self.browse()
        return self | told.filtered(lambda c: group and c.offered_with_id == group)

    # What the mail says --------------------------------------------------------

    def _get_reminder_visits(self):
        """Return the visits that the mail which is written offers, each as contracts.

        This unit alone outside a batch of mails, as in a preview.
        """
        self.ensure_one()
        groups = self.env.context.get("fc_reminder_groups")
        known = groups.get(self) if isinstance(groups, ReminderGroups) else None
        return known or [self]

    def _get_reminder_units(self):
        """Return all units that the mail which is written names."""
        return self.browse().union(*self._get_reminder_visits())

    def _get_visit_heading(self, number, count):
        """Return the heading of one of several visits that a reminder offers."""
        return self.env._("Visit %(number)s of %(count)s", number=number, count=count)

    def _is_due_passed(self):
        """Tell whether the due date of this unit is over."""
        return self.next_due_date < self._get_today()

    def _get_due_sentence(self):
        """Return when this unit is due, as a sentence that is no appointment."""
        unit, day = self._get_unit_name(), self._format_due_date()
        if self._is_due_passed():
            return self.env._(
                "Maintenance of your %(unit)s was due by %(day)s.", unit=unit, day=day
            )
        return self.env._(
            "Maintenance of your %(unit)s is due by %(day)s.", unit=unit, day=day
        )

    def _get_due_words(self):
        """Return when this unit is due, beside its name."""
        day = self._format_due_date()
        if self._is_due_passed():
            return self.env._("was due by %(day)s", day=day)
        return self.env._("due by %(day)s", day=day)

    def _get_reminder_subject(self):
        """Return the subject of a reminder: what is due, and that nothing is booked."""
        due = self._get_reminder_units()._get_units_due_sentence()
        return f"{due} {self.env._('Nothing is booked yet.')}"

    def _get_units_due_sentence(self):
        """Return that these units are due, one of them with its date."""
        if len(self) == 1:
            return self._get_due_sentence()
        return self.env._("%(count)s units are due for maintenance.", count=len(self))
