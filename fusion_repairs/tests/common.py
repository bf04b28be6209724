import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.fusion_tasks.tests.refusals import RefusalMixin


def draw(size=(60, 20), ink="navy", kind="PNG", **options):
    """Return a picture with one stroke in base64, as a signature pad would.

    :param size: width and height in pixels
    :param ink: colour of the stroke, or None for an empty pad
    :param kind: format of the file
    """
    picture = Image.new("RGB", size, "white")
    if ink:
        ImageDraw.Draw(picture).line((2, 2, size[0] - 3, size[1] - 3), ink, 3)
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return base64.b64encode(written.getvalue())


def opt_out_token(client):
    """Return the secret of a client's opt-out link, as their mails carry it."""
    return client._fc_get_opt_out_url().rpartition("/")[2]


SIGNATURE = draw()
GROUP = "fusion_tasks.fusion_tasks_group_%s"
CHECKS = (
    {"name": "Rail clean", "sequence": 1},
    {"name": "Brake holds", "sequence": 2, "critical": True},
    {
        "name": "Battery voltage",
        "sequence": 3,
        "reading_unit": "V",
        "has_minimum": True,
        "reading_min": 24.0,
    },
)


class RepairsCase(RefusalMixin, TransactionCase):
    """One dealer in Toronto, a kind of lift, a client, two technicians."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.company.partner_id.tz = "America/Toronto"
        cls.company.write(
            {
                "phone": "416-555-0100",
                "email": "dealer@example.com",
                "street": "1 King",
                "city": "Toronto",
                "x_fc_reminder_hour": 0,  # whenever the tests run
            }
        )
        cls.today = fields.Date.today()
        cls.setUpPolicy()
        cls.setUpUsers()
        cls.setUpClients()

    def let_time_end_after(self, batches):
        """Let the time of a scheduled job be up when so many batches are done.

        Nothing is committed meanwhile.
        """
        left = [batches]

        def commit(_jobs, processed=0, **_options):
            left[0] -= bool(processed)
            return max(left[0], 0)

        self.patch(self.registry["ir.cron"], "_commit_progress", commit)

    @classmethod
    def setUpPolicy(cls):
        """Make a family of lifts, one kind of it, and the product that is sold."""
        categories = cls.env["fusion.repair.product.category"]
        cls.family = categories.create(
            {
                "name": "Test Lifts",
                "checklist_item_ids": [Command.create(CHECKS[0])],
            }
        )
        cls.category = categories.create(
            {
                "name": "Test Stair Lift",
                "parent_id": cls.family.id,
                "safety_critical": True,
                "x_fc_maintenance_enabled": True,
                "x_fc_maintenance_interval_months": 12,
                "x_fc_maintenance_fee": 179.0,
                "x_fc_maintenance_duration": 1.0,
                "checklist_item_ids": [Command.create(vals) for vals in CHECKS[1:]],
            }
        )
        cls.tax = cls.env["account.tax"].create(
            {"name": "HST 13%", "amount": 13, "company_id": cls.company.id}
        )
        cls.service = cls.env["product.product"].create(
            {
                "name": "Visit",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.category.x_fc_maintenance_service_product_id = cls.service
        cls.product = cls.env["product.product"].create(
            {
                "name": "Stair Lift",
                "type": "consu",
                "x_fc_repair_category_id": cls.category.id,
            }
        )

    @classmethod
    def setUpUsers(cls):
        """Make one user of each role, and a second technician."""
        cls.manager = cls.make_user("manager")
        cls.dispatcher = cls.make_user("dispatcher")
        cls.reader = cls.make_user("user")
        cls.technician = cls.make_technician("technician")
        cls.technician_2 = cls.make_technician("technician", "fr_technician_2")

    @classmethod
    def make_user(cls, role, login=None):
        """Return a new user of a role."""
        login = login or f"fr_{role}"
        return new_test_user(
            cls.env,
            login,
            groups=GROUP % role,
            email=f"{login}@example.com",
            tz="America/Toronto",
            company_id=cls.company.id,
        )

    @classmethod
    def make_technician(cls, role, login=None):
        """Return a technician for the lifts, at work Monday to Friday."""
        user = cls.make_user(role, login)
        depot = cls.env["res.partner"].create(
            {
                "name": "Depot",
                "partner_latitude": 43.68,
                "partner_longitude": -79.54,
            }
        )
        user.write(
            {
                "x_fc_is_technician": True,
                "x_fc_start_address_id": depot.id,
                "x_fc_repair_skills": [Command.link(cls.category.id)],
            }
        )
        return user

    @classmethod
    def setUpClients(cls):
        """Make a client at a known place."""
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Margaret Example",
                "email": "margaret@example.com",
                "city": "Toronto",
                "partner_latitude": 43.67,
                "partner_longitude": -79.39,
            }
        )

    @classmethod
    def make_contract(cls, **vals):
        """Return an active contract that is due in two weeks."""
        return cls.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": cls.client.id,
                "product_id": cls.product.id,
                "next_due_date": cls.today + timedelta(days=14),
                "start_date": cls.today - timedelta(days=350),
                "x_fc_source": "sale",
                "user_id": cls.dispatcher.id,
                "state": "active",
                **vals,
            }
        )

    def book(self, contract, **options):
        """Book the first slot that is offered, and return the visit."""
        offer = contract._get_booking_slots()[0]
        return contract._book_slot(offer.value, **options)

    @classmethod
    def sign(cls, report, **vals):
        """Sign a report as client and technician.

        :param report: of the visit report wizard
        :param vals: more of its values
        """
        report.write(
            {
                "signature_state": "signed",
                "signature": SIGNATURE,
                "signed_by": "Margaret Example",
                "technician_signature": SIGNATURE,
                **vals,
            }
        )
        return report

    def close_known(self, visit, note="New brake shoe", answer="closed", keys=None):
        """Say on a visit what is the matter with what was known of its unit.

        :param note: what was done
        :param answer: closed or open
        :param keys: of what is known; all by default
        """
        visit._create_answers(visit._get_known())
        for one in visit._get_known():
            if keys is None or one.key in keys:
                one.row.write({"answer": answer, "note": note})

    def sell(self, quantity=1, **line):
        """Return a draft order of units."""
        vals = {"product_id": self.product.id, "product_uom_qty": quantity, **line}
        return self.env["sale.order"].create(
            {"partner_id": self.client.id, "order_line": [Command.create(vals)]}
        )
