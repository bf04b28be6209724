from odoo.tests import HttpCase, new_test_user, tagged

from .certificate_case import CertificateCase


@tagged("post_install", "-at_install", "fusion")
class TestResidents(CertificateCase, HttpCase):
    """Residents of one home are clients of their own, with a login too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["res.partner"].create({"name": "Home", "is_company": True})
        cls.users = {
            login: cls.make_resident(login) for login in ("fr_ada", "fr_bo", "fr_head")
        }
        cls.ada = cls.users["fr_ada"].partner_id
        cls.bo = cls.users["fr_bo"].partner_id
        cls.place = cls.env["res.partner"].create(
            {"name": "Cottage", "parent_id": cls.ada.id, "type": "delivery"}
        )

    @classmethod
    def make_resident(cls, login):
        """Return a contact of the home who has a login."""
        user = new_test_user(
            cls.env, login, groups="base.group_portal", name=login, password=login
        )
        user.partner_id.write(
            {
                "parent_id": cls.home.id,
                "type": "contact",
                "partner_latitude": 43.67,
                "partner_longitude": -79.39,
            }
        )
        return user

    def setUp(self):
        super().setUp()
        self.unit = self.make_contract(
            partner_id=self.ada.id, x_fc_device_serial="ADA-1"
        )
        visit = self.report(self.book(self.unit), failed=["Rail clean"])
        self.certificate = visit.inspection_certificate_id
        self.env.flush_all()

    def sees(self, login):
        """Return which of list, unit, file and record a login gets."""
        self.authenticate(login, login)
        unit, certificate = self.unit.id, self.certificate
        listed = self.url_open("/my/repairs/equipment").text
        page = self.url_open(f"/my/repairs/equipment/{unit}").text
        file = self.url_open(f"/my/repairs/certificates/{certificate.id}/pdf")
        record = certificate.with_user(self.users[login])
        return (
            "ADA-1" in listed,
            certificate.name in page,
            file.content.startswith(b"%PDF"),
            record.has_access("read") and record in record.search([]),
        )

    def test_one_sees_ones_own_only(self):
        self.assertEqual(self.sees("fr_ada"), (True,) * 4)
        for login in ("fr_bo", "fr_head"):
            with self.subTest(login=login):
                self.assertEqual(self.sees(login), (False,) * 4)

    def test_who_manages_the_home_sees_all_when_the_office_says_so(self):
        self.users["fr_head"].partner_id.x_fc_sees_all_units = True
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.sees("fr_head"), (True,) * 4)
        self.assertEqual(self.sees("fr_bo"), (False,) * 4)

    def test_a_unit_in_the_name_of_ones_own_address(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        unit = self.make_contract(partner_id=self.place.id)
        self.assertIn(unit, contracts._get_portal_units(self.ada))
        self.assertFalse(contracts._get_portal_units(self.bo))

    def test_residents_are_so_whatever_type_of_contact_the_office_chose(self):
        for kind in ("other", "delivery", "invoice"):
            with self.subTest(kind=kind):
                (self.ada | self.bo).type = kind
                self.env.flush_all()
                self.assertFalse(self.ada._fc_is_same_owner(self.bo))
                self.assertEqual(self.sees("fr_ada"), (True,) * 4)
                self.assertEqual(self.sees("fr_bo"), (False,) * 4)

    def test_the_homes_own_login_sees_what_is_in_its_name(self):
        self.users["fr_head"].partner_id = self.home
        self.ada.type = "other"
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.sees("fr_head"), (False,) * 4)

    def test_a_unit_of_the_home_is_the_homes(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        self.make_contract(partner_id=self.home.id)
        self.assertFalse(contracts._get_portal_units(self.bo))

    def test_visits_of_the_former_owner_stay_theirs(self):
        self.unit.partner_id = self.bo
        self.assertFalse(self.unit._get_portal_visits())
        self.assertFalse(self.unit._get_portal_certificates())

    def test_nobody_ticks_it_for_themselves(self):
        contact = self.users["fr_head"].partner_id
        self.assertFalse(contact.with_user(self.users["fr_head"]).has_access("write"))
        self.assertTrue(contact._fields["x_fc_sees_all_units"].groups)

    # The next resident ---------------------------------------------------------------

    def test_the_same_serial_sold_to_the_next_resident_is_asked_about(self):
        order = self.sell(x_fc_serial_number="ADA-1")
        order.partner_id = self.bo
        order.action_confirm()
        new = order.x_fc_maintenance_contract_ids
        self.assertEqual(new.partner_id, self.bo)
        self.assertEqual(new.asked_contract_id, self.unit)
        new.action_same_unit()
        self.assertEqual(new.x_fc_device_serial, "ADA-1")
        self.assertEqual(self.unit.end_cause, "sold_on")

    def test_who_is_the_same_owner(self):
        for one, other, expected in (
            (self.ada, self.ada, True),
            (self.ada, self.place, True),
            (self.ada, self.home, True),
            (self.place, self.home, True),
            (self.ada, self.bo, False),
            (self.place, self.bo, False),
            (self.home, self.client, False),
        ):
            with self.subTest(one=one.name, other=other.name):
                self.assertEqual(one._fc_is_same_owner(other), expected)
                self.assertEqual(other._fc_is_same_owner(one), expected)
