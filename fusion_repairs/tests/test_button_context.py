from odoo.tests import tagged

from .booking.office_case import OfficeCase

MODELS = (
    "calendar.event",
    "fusion.technician.task",
    "repair.order",
    "sale.order",
    "sale.order.line",
    "fusion.repair.maintenance.visit",
    "fusion.repair.maintenance.checklist.line",
    "fusion.repair.maintenance.contract",
    "fusion.repair.visit.message",
    "fusion.repair.defect",
    "mail.mail",
    "mail.activity",
    "ir.attachment",
)
# What differs whenever the same is done twice.
OWN = {"name", "origin", "reference", "res_id", "told_units"}
# Of a file: it names the visit and the minute.
CONTENT = {"checksum", "index_content", "store_fname"}
TYPES = {"boolean", "char", "date", "float", "integer", "many2one", "selection", "text"}


@tagged("post_install", "-at_install", "fusion")
class TestButtonContext(OfficeCase):
    """What a button says of other records is never a value of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As the web client works: with tracking, with followers, with mails.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.contract = cls.make_contract()
        cls.stranger = cls.make_user("user", "fr_stranger")

    def get_hostile(self, record):
        """Return the context of a button on a form that was opened from elsewhere."""
        return {
            "active_model": record._name,
            "active_id": record.id,
            "active_ids": record.ids,
            "default_active": False,
            "default_activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "default_allow_overlap": True,
            "default_body_html": "Somebody else's words",
            "default_client_order_ref": "Somebody else's",
            "default_contract_id": self.contract.id,
            "default_description": "Somebody else's words",
            "default_duration": 7,
            "default_email_cc": "everybody@example.com",
            "default_email_to": "everybody@example.com",
            "default_internal_notes": "Somebody else's words",
            "default_name": "Somebody else's",
            "default_note": "Somebody else's words",
            "default_partner_id": self.stranger.partner_id.id,
            "default_priority": "1",
            "default_public": True,
            "default_res_id": self.stranger.partner_id.id,
            "default_res_model": "res.partner",
            "default_state": "cancelled",
            "default_summary": "Somebody else's",
            "default_type": "binary",
            "default_under_warranty": True,
            "default_user_id": self.stranger.id,
            "search_default_partner_id": self.stranger.partner_id.id,
        }

    def press(self, act, record):
        """Press a button, take it back, and press it with another's context.

        :param act: takes a function that gives records their context
        :param record: what the other button belonged to
        :return: what came of it, first without and then with that context
        """
        outcomes = []
        for context in ({}, self.get_hostile(record)):
            savepoint = self.env.cr.savepoint()
            before = {name: self.get_ids(name) for name in MODELS}
            try:
                act(lambda records, context=context: records.with_context(**context))
                self.env.flush_all()
                outcomes.append(self.read_new(before))
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        return outcomes

    def get_ids(self, name):
        records = self.env[name].sudo().with_context(active_test=False)
        return set(records.search([]).ids)

    def is_own(self, field):
        """Tell whether a field differs whenever the same is done twice."""
        if field.type == "many2one":
            return field.comodel_name in (*MODELS, "mail.message", "stock.reference")
        return (
            field.name in OWN | CONTENT or "token" in field.name or "uid" in field.name
        )

    def read_new(self, before):
        """Return the plain values of all records there are more than before."""
        found = {}
        for name in MODELS:
            records = self.env[name].browse(sorted(self.get_ids(name) - before[name]))
            names = [
                field.name
                for field in records._fields.values()
                if field.store and field.type in TYPES and not self.is_own(field)
            ]
            found[name] = records.sudo().read(names, load="")
        return found

    def assert_same(self, act, *records):
        """Check that the context of no button changes what comes of an act."""
        for record in records:
            with self.subTest(record=record._name):
                plain, hostile = self.press(act, record)
                self.assertTrue(any(plain.values()), "the act does something")
                self.assertEqual(
                    {name: len(rows) for name, rows in hostile.items()},
                    {name: len(rows) for name, rows in plain.items()},
                )
                changed = [
                    (name, key, row[key], other[key])
                    for name, rows in plain.items()
                    for row, other in zip(rows, hostile[name], strict=True)
                    for key in row.keys() - {"id"}
                    if row[key] != other[key]
                ]
                self.assertFalse(changed)

    def get_origins(self):
        """Return a record of each form that has our buttons."""
        return self.contract, self.client

    def open_and_take(self, opener):
        """Choose the first time in the dialog that a button opens."""
        action = opener()
        context = opener.__self__.env.context
        wizard = self.get_wizard(action).with_context(**context)
        wizard.line_ids[0].with_context(**context).action_book()

    def test_booking_from_the_unit(self):
        def book(given):
            contract = given(self.as_dispatcher(self.contract))
            self.open_and_take(contract.action_book_maintenance)

        self.assert_same(book, *self.get_origins())

    def test_booking_from_the_client(self):
        def book(given):
            client = given(self.as_dispatcher(self.client))
            self.open_and_take(client.action_book_maintenance)

        self.assert_same(book, *self.get_origins())

    def test_the_mirror_asks_nobody_and_mails_nobody(self):
        hostile = self.get_hostile(self.client)
        before = self.get_ids("mail.activity"), self.get_ids("mail.mail")
        contract = self.as_dispatcher(self.contract).with_context(**hostile)
        self.open_and_take(contract.action_book_maintenance)
        event = self.contract.current_visit_id.technician_task_id.calendar_event_id
        self.assertTrue(event.active)
        self.assertFalse(event.activity_ids)
        self.assertFalse(event.res_model)
        self.assertEqual(self.get_ids("mail.activity"), before[0])
        mails = self.env["mail.mail"].browse(self.get_ids("mail.mail") - before[1])
        self.assertEqual(mails.recipient_ids, self.client)
        self.assertFalse(any(mails.mapped("email_to")))
        self.assertFalse(any(mails.mapped("email_cc")))

    def test_moving_from_the_visit(self):
        visit = self.book(self.contract)
        task = visit.technician_task_id

        def move(given):
            mine = given(self.as_dispatcher(visit))
            wizard = self.get_wizard(mine.action_move())
            line = wizard.line_ids.filtered(
                lambda line: line.date_start != visit.visit_date
            )[0]
            given(line).action_book()

        self.assert_same(move, visit, task, *self.get_origins())

    def test_another_technician_for_the_task(self):
        task = self.book(self.contract).technician_task_id
        other = (self.technician | self.technician_2) - task.technician_id

        def pass_on(given):
            given(self.as_dispatcher(task)).write({"technician_id": other.id})

        self.assert_same(pass_on, task, *self.get_origins())

    def test_cancelling_from_the_visit_and_the_unit(self):
        visit = self.book(self.contract)

        def cancel(given):
            mine = given(self.as_dispatcher(self.contract))
            wizard = self.get_wizard(mine.action_cancel_visit())
            wizard.reason = "The client is away"
            given(wizard).action_confirm()

        self.assert_same(cancel, visit, visit.technician_task_id, *self.get_origins())

    def test_confirming_a_sale(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"product_id": self.product.id})],
            }
        )

        def confirm(given):
            # What Odoo itself makes of a sale would take it for its own state.
            given(order).with_context(default_state="draft").action_confirm()

        self.assert_same(confirm, self.client, order)

    def test_a_status_told_from_the_task(self):
        task = self.book(self.contract).technician_task_id

        def miss(given):
            given(self.as_dispatcher(task)).action_no_show()

        self.assert_same(miss, task, *self.get_origins())
