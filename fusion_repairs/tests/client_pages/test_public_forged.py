"""Bad input of every kind: forged times, odd bytes, forms that no page sends."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .public_case import PublicCase

FORM = "application/x-www-form-urlencoded"
ACTIONS = {
    "/confirm": (
        "slot",
        "units",
        "note",
        "attendee_name",
        "attendee_phone",
        "attendee_email",
    ),
    "/move": ("slot",),
    "/cancel": ("reason", "scope"),
    "/callback": ("phone", "days"),
}
ODD_TEXTS = (
    b"%00",
    b"a%00b",
    b"%FF%FE",
    b"%C0%80",
    b"%ED%A0%80",
    b"%ED%A0%BD%ED%B8%80",
    b"%F0%9F%90%95%F0%9F%8F%BD",
    b"%E2%80%AEgnp.exe",
    b"%E2%81%A7%E2%80%AB",
    b"%0D%0ABcc%3A+x%40example.com",
    b"%25s%28%29%7B%7B7%2A7%7D%7D%24%7B7%7D",
    b"%3Cscript%3Ealert%281%29%3C%2Fscript%3E",
    b"%27%3B+DROP+TABLE+res_users%3B--",
)
HTTP_LOGGERS = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")


@tagged("post_install", "-at_install", "fusion")
class TestPublicForged(PublicCase):
    """Clear answers, nothing written, no traceback."""

    def setUp(self):
        super().setUp()
        for name in ("posts_per_link", "posts_per_address"):
            self.env["ir.config_parameter"].set_param(f"fusion_repairs.{name}", 0)

    def raw(self, action, body, content_type=FORM, path=None):
        """Post bytes as they are; return the answer."""
        self.env.flush_all()
        answer = self.url_open(
            path or self.path(action),
            data=body,
            headers={"Content-Type": content_type},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def make_others(self):
        """Return another contract, a technician without the skill and one who left."""
        other = self._make_contract(x_fc_device_serial="OTHER-1")
        stranger = self._make_technician("fc_forged_other", "Sam Other")
        stranger.x_fc_repair_skills = False
        away = self._make_technician("fc_forged_away", "Jo Away")
        away.active = False
        return other, stranger, away

    def make_leave(self, start, end):
        """Let the technician be away then."""
        resource = self.technician.resource_ids
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": start,
                "date_to": end,
            }
        )

    def forge(self):
        """Return values that were never offered, by what is wrong with them."""
        contract, offers = self.contract, self.contract._get_booking_slots()
        offer, last = offers[0], offers[-1]
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        hour, minute = timedelta(hours=1), timedelta(minutes=1)
        other, stranger, away = self.make_others()
        contract.duration = 0.5
        shorter = contract._sign_slot(offer)
        contract.duration = 1.0
        due = contract.next_due_date
        contract.next_due_date = due + timedelta(days=365)
        next_cycle = contract._sign_slot(offer)
        contract.next_due_date = due
        self.make_leave(last.start - hour, last.end + hour)

        def sign(**changes):
            return contract._sign_slot(offer._replace(**changes))

        return {
            "past": sign(start=now - timedelta(days=3)),
            "sooner than the notice": sign(start=now + hour),
            "beyond the horizon": sign(start=now + timedelta(days=300)),
            "off the grid": sign(start=offer.start + 7 * minute),
            "at night, as if in another zone": sign(start=offer.start + 12 * hour),
            "on a leave": contract._sign_slot(last),
            # At a time when nobody else could come instead.
            **{
                f"of {who}": contract._sign_slot(last._replace(technician_id=user_id))
                for who, user_id in (
                    ("a technician without the skill", stranger.id),
                    ("a technician who left", away.id),
                    ("nobody", 999_999_999),
                )
            },
            "of another contract": other._sign_slot(offer),
            "of another cycle": next_cycle,
            "for a shorter visit": shorter,
            "for more units": contract._sign_slot(
                offer, contract._prepare_visit_request(other)
            ),
            **self.forge_values(offer),
        }

    def forge_values(self, offer):
        """Return an offered value with parts that do not belong together."""
        seal = offer.value.rpartition(".")[2]
        return {
            "with another seal": offer.value[:-1]
            + "0123456789abcdef0"["0123456789abcdef".index(offer.value[-1]) + 1],
            "with another start": f"{offer.technician_id}.1.{seal}",
            "with another mark of the price": offer.value.replace(
                seal, "0" * 16 + seal[16:]
            ),
            "before the epoch": f"{offer.technician_id}.-5.{seal}",
            "with foreign digits": f"{offer.technician_id}.٣.{seal}",
            "with too many digits": f"{offer.technician_id}.{'9' * 400}.{seal}",
        }

    def test_forged_times_book_nothing(self):
        page = self.get()
        forged = self.forge()
        self.assertGreaterEqual(len(forged), 13)
        before = self.snapshot()
        for kind, value in forged.items():
            with self.subTest(kind=kind):
                answer = self.post("/confirm", page, slot=value)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("m=taken", answer.headers["Location"])
                self.assertEqual(self.snapshot(), before)
        self.assertTrue(self.slots(self.get(answer.headers["Location"])))

    def test_forged_times_move_nothing(self):
        visit = self.book()
        page = self.get(self.path() + "?view=change")
        start = visit.visit_date
        forged = self.forge()
        before = self.snapshot()
        for kind, value in forged.items():
            with self.subTest(kind=kind):
                answer = self.post("/move", page, slot=value)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("m=taken_move", answer.headers["Location"])
                self.assertEqual(self.snapshot(), before)
        self.assertEqual(visit.visit_date, start)
        # A time that is offered does move it: the forms above were whole.
        offered = self.slots(self.get(self.path() + "?view=change"))[0]
        answer = self.post("/move", page, slot=offered)
        self.assertIn("m=moved", answer.headers["Location"])
        self.assertNotEqual(visit.visit_date, start)

    def test_odd_bytes_in_every_field(self):
        token = self.form_token(self.get()).encode()
        logs = self.assertNoLogs("odoo", "ERROR")
        with logs:
            for action, names in ACTIONS.items():
                for name in names:
                    for text in ODD_TEXTS:
                        body = b"%s=%s&csrf_token=%s" % (name.encode(), text, token)
                        answer = self.raw(action, body)
                        self.assertIn(answer.status_code, (303, 400), (name, text))
        self.assertFalse(self.contract.visit_ids)
        self.assertEqual(self.get().status_code, 200)

    def test_odd_texts_are_kept_as_text(self):
        page = self.get()
        note = "🐕 <b>Dog</b> {{7*7}} \u202eabc\u2067 ${7} %s \x00\x07 ' ; --"
        self.post(
            "/confirm",
            page,
            slot=self.slots(page)[0],
            note=note,
            attendee_name="<i>Ruth</i>\n🐈",
        )
        visit = self.contract.current_visit_id
        self.assertEqual(visit.client_note, "🐕 <b>Dog</b> {{7*7}} abc ${7} %s  ' ; --")
        self.assertIn("<i>Ruth</i>", visit.technician_task_id.description)
        self.assertNotIn("<i>", self.get().text)
        self.assertNotIn("<b>Dog", str(visit.repair_order_id.internal_notes))

    @mute_logger(*HTTP_LOGGERS)
    def test_bodies_that_are_no_form_of_ours(self):
        page = self.get()
        token, slot = self.form_token(page), self.slots(page)[0]
        known = f"csrf_token={token}&slot={slot}"
        huge = "x" * 1_000_000
        twice = f"{known}&slot={slot}"
        before = self.snapshot()
        for body, content_type, statuses in (
            (json.dumps({"slot": slot, "csrf_token": token}), "application/json", 4),
            (known, "text/plain", 4),
            (known, "multipart/form-data", 4),
            ("--x\r\nContent-Dispo", "multipart/form-data; boundary=x", 4),
            (b"\x1f\x8b\x08\x00" + known.encode(), FORM, 4),
            (twice, FORM, 4),
            (f"{known}&csrf_token={token}", FORM, 4),
            (f"{known}&note[]=a&note[0]=b", FORM, 4),
            (f"{known}&{huge}=1", FORM, 4),
            (f"{known}&note={huge}", FORM, 4),
            (f"{known}&token=x&technician_id=2&fee=0&company_id=1", FORM, 4),
            ("&".join(f"f{number}=1" for number in range(1500)), FORM, 4),
            ("", FORM, 4),
        ):
            with self.subTest(body=body[:60], content_type=content_type):
                answer = self.raw("/confirm", body, content_type)
                self.assertEqual(answer.status_code // 100, statuses)
                self.assertNotIn("Traceback", answer.text)
                self.assertIn("416-555-0100", answer.text)
                self.assertEqual(self.snapshot(), before)

    @mute_logger(*HTTP_LOGGERS)
    def test_no_field_of_a_model_is_taken_from_a_form(self):
        page = self.get()
        known = {"csrf_token": self.form_token(page), "slot": self.slots(page)[0]}
        models = (
            "fusion.repair.maintenance.contract",
            "fusion.repair.maintenance.visit",
            "fusion.technician.task",
            "repair.order",
            "sale.order",
            "res.partner",
        )
        own = {name for names in ACTIONS.values() for name in names}
        names = {name for model in models for name in self.env[model]._fields} - own
        self.assertGreater(len(names), 300)
        before = self.snapshot()
        # All refused by name alone: a few of them by themselves, then all at once.
        for name in sorted(names)[::60]:
            answer = self.url_open(self.path("/confirm"), data=known | {name: "1"})
            self.assertEqual(answer.status_code, 400, name)
        answer = self.url_open(
            self.path("/confirm"), data=known | dict.fromkeys(sorted(names)[:200], "1")
        )
        self.assertEqual(answer.status_code, 400)
        for name in ("slot", "note", "attendee_email", "fee"):
            answer = self.url_open(
                self.path("/confirm"), data=known, files={name: ("n.txt", b"file")}
            )
            self.assertEqual(answer.status_code, 400, name)
        self.assertEqual(self.snapshot(), before)

    @mute_logger(*HTTP_LOGGERS)
    def test_odd_addresses_of_the_page(self):
        for query in (
            "m=%00",
            "m=%FF",
            "view[]=more",
            "lang=%F0%9F%90%95",
            "units=%00.%FF",
            "m=taken&m=moved",
            "x=" + "y" * 3000,
            "%00=%00",
        ):
            page = self.get(f"{self.path()}?{query}")
            self.assertEqual(page.status_code, 200, query)
            self.assertTrue(self.slots(page))
        for suffix in ("/document/%00", "/document/%FF", "/visit.ics/x", "/%2e%2e/"):
            self.assertEqual(self.get(self.path(suffix)).status_code, 404, suffix)
