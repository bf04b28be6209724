"""One client for every state that a public page can be in (runs inside Odoo).

Whoever looks at all of them, to check or to photograph them, takes the addresses that
``make`` returns. Nothing is staged: the states come about through the same methods
that bring them about at work.
"""

from datetime import timedelta

from devkit import sample_data

from odoo.fields import Command, Datetime

CLIENTS = (
    "Margaret Thompson", "Walter Kowalski", "Jean Tremblay", "Rose O’Brien",
    "Harold Singh", "Lucille Gagnon", "Arthur Chen", "Doris MacDonald",
    "Frank Moretti", "Ines Ferreira", "George Papadakis", "Helen Novak",
    "Victor Dubois", "Agnes Fraser", "Samuel Okafor", "Irene Walsh", "Leo Bouchard",
    "Edna Campbell", "Bert Lavoie", "Norah Leclerc", "Cora Bell",
    "Paul Lemieux", "Vera Nowak", "Otto Lindqvist", "Ida Marchand",
)  # fmt: skip
SOON = timedelta(hours=6)


def make(env):
    """Create clients, units and visits, not committed.

    :return: dict of the full address by name of the state
    """
    return States(env).make()


class States:
    """A dealer, a technician, and a client a state."""

    def __init__(self, env):
        """Make dealer, technician and kind of unit."""
        self.env = env
        self._names = iter(CLIENTS)
        self._make_company()
        crew = sample_data.make_technicians(env, 2)
        crew[0].name, crew[1].name = "Alex Turner", "Sam Roy"
        sample_data.make_links(env, 0, crew)  # gives them the skill
        self.category = env.ref(sample_data.CATEGORY)
        self.product = self._make_product("Straight Stair Lift", "Monte-escalier droit")

    def _make_company(self):
        company = self.env.company
        company.write(
            {
                "name": "Maple Mobility",
                "phone": "416-555-0100",
                "email": "service@example.com",
                "street": "789 Yonge Street",
                "city": "Toronto",
                "zip": "M4W 2G8",
            }
        )
        company.partner_id.write(
            {
                "state_id": self.env.ref("base.state_ca_on").id,
                "country_id": self.env.ref("base.ca").id,
                "tz": "America/Toronto",
            }
        )

    def _make_product(self, name, french, category=None):
        product = self.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "x_fc_repair_category_id": (category or self.category).id,
            }
        )
        product.with_context(lang="fr_CA").name = french
        return product

    def make(self):
        """Return the addresses of all states, by name."""
        pages = {"choose": self._link(), "callback_asked": self._link(self._call_back)}
        pages["more"] = pages["choose"] + "?view=more"
        for name, code in (("taken", "taken"), ("nothing_chosen", "choose")):
            pages[name] = f"{pages['choose']}?m={code}#fc-message"
        pages["phone_missing"] = pages["choose"] + "?m=phone#fc-message"
        for tour in ("tour_en_CA", "tour_fr_CA"):  # to be used up
            pages[tour] = self._link()
        pages["tour_no_slots"] = self._link(product=self._make_unserved())
        for name, code in (("email_wrong", "email"), ("emails_many", "emails")):
            pages[name] = f"{pages['choose']}?m={code}#fc-message"
        pages["units"] = self._link(self._remind_of_both)
        pages["units_not_told"] = self._link(self._add_unit)
        pages["units_booked"] = self._link(self._book_units)
        pages["no_slots"] = self._link(product=self._make_unserved())
        pages["booked"] = self._link(self._book)
        pages["move"] = pages["booked"] + "?view=change"
        pages["moved"] = pages["booked"] + "?m=moved#fc-message"
        pages["taken_off"] = pages["units_booked"] + "?m=taken_off#fc-message"
        pages["noted_wrong"] = pages["booked"] + "?m=email#fc-message"
        for name in ("late", "on_the_way", "at_work", "past", "done", "unsafe"):
            pages[name] = self._link(getattr(self, f"_book_{name}"))
        pages["unscheduled"] = self._link(self._take_off_the_day)
        for state in ("paused", "cancelled"):
            contract = self._contract()
            contract.state = state
            pages[state] = contract._get_booking_url()
        pages["certificate"] = self._certify()
        pages["certificate_conditions"] = self._certify(failed="Seat cover is whole")
        pages["certificate_unknown"] = pages["certificate"][:-43] + "x" * 43
        pages["expired"] = pages["choose"][:-43] + "x" * 43
        asked, stopped = self._contract().partner_id, self._contract().partner_id
        stopped._fc_opt_out("page")
        pages["opt_out"] = asked._fc_get_opt_out_url()
        pages["opted_out"] = stopped._fc_get_opt_out_url()
        return pages

    def _contract(self, product=None, partner=None):
        partner = partner or self.env["res.partner"].create(
            {
                "name": next(self._names),
                "email": "client@example.com",
                "street": "17 Quiet Lane",
                "city": "Toronto",
                "lang": "en_CA",
                "partner_latitude": 43.70,
                "partner_longitude": -79.40,
            }
        )
        return self.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": partner.id,
                "product_id": (product or self.product).id,
                "state": "active",
                "next_due_date": Datetime.now().date() + timedelta(days=10),
            }
        )

    def _link(self, prepare=None, product=None):
        """Return the link of a new client, as it was before what happened then."""
        contract = self._contract(product)
        url = contract._get_booking_url()
        if prepare:
            prepare(contract)
        return url

    def _make_unserved(self):
        """Return a unit that no technician may serve."""
        category = self.category.copy({"name": "Porch Lift", "code": False})
        return self._make_product("Porch Lift", "Plate-forme élévatrice", category)

    def _add_unit(self, contract):
        """Give the client another unit in the same house; returns its contract."""
        chair = self._make_product("Ceiling Lift", "Lève-personne sur rail")
        return self._contract(chair, contract.partner_id)

    def _remind_of_both(self, contract):
        """Tell the client in one reminder of this unit and another."""
        units = contract | self._add_unit(contract)
        units.offered_with_id = contract
        self.env["fusion.repair.maintenance.reminder"].create(
            [
                {
                    "contract_id": unit.id,
                    "cycle_due_date": unit.next_due_date,
                    "band": 30,
                    "outcome": "sent",
                    "email": unit.partner_id.email,
                }
                for unit in units
            ]
        )

    def _book_units(self, contract):
        units = self._add_unit(contract)
        (slot, *_later) = contract._get_booking_slots(
            contract._prepare_visit_request(units)
        )
        contract._book_slot(slot.value, source="client_portal", companions=units)

    def _call_back(self, contract):
        contract._request_callback("416-555-0199", "Tuesdays")

    def _book(self, contract):
        return contract._book_slot(
            contract._get_booking_slots()[0].value, source="client_portal"
        )

    def _take_off_the_day(self, contract):
        self._book(contract).technician_task_id.action_unschedule()

    def _book_at(self, contract, moment):
        """Book, and put the visit where no client could have put it."""
        visit = self._book(contract)
        visit.technician_task_id.write({"date_start": moment, "allow_overlap": True})
        return visit

    def _book_late(self, contract):
        self._book_at(contract, Datetime.now() + SOON)

    def _book_past(self, contract):
        self._book_at(contract, Datetime.now() - 4 * SOON)

    def _book_on_the_way(self, contract):
        self._book(contract).technician_task_id.action_start_travel()

    def _book_at_work(self, contract):
        self._book(contract).technician_task_id.action_start()

    def _book_done(self, contract, outcome="pass"):
        visit = self._book(contract)
        visit.technician_task_id.action_start()
        visit.outcome = outcome
        contract.unsafe = outcome == "unsafe"
        visit.technician_task_id.action_complete()

    def _book_unsafe(self, contract):
        self._book_done(contract, "unsafe")

    def _certify(self, failed=None):
        """Return the address at which the certificate of a lift can be verified.

        :param failed: name of a check that fails, but forbids nobody to use the lift
        """
        lifts = self.category.create(
            {
                "name": "Certified Lift",
                "parent_id": self.category.id,
                "equipment_class": "lift_elevating",
                "certificate_validity_months": 12,
                "checklist_item_ids": [
                    Command.create({"name": name})
                    for name in ("Brake holds", failed)
                    if name
                ],
            }
        )
        lift = self._make_product("Porch Lift", "Plate-forme élévatrice", lifts)
        visit = self._book(self._contract(lift))
        visit.technician_task_id.action_start()
        for line in visit.checklist_line_ids:
            limit = line.reading_min if line.has_minimum else line.reading_max
            line.write({"result": "pass", **line._prepare_reading(f"{limit:g}")})
            if failed and line.name == failed:
                line.write({"result": "fail", "note": "Torn"})
        visit._submit_report()
        return visit.inspection_certificate_id._get_verification_url()
