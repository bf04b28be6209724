import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import TransactionCase, tagged

from ..models.travel import fusion_travel_leg
from .fake_web import osrm_table
from .test_travel_osrm import TravelCase

# In the ocean, where nobody else's legs are.
OCEAN = [(-300000, number, -300000, number + 1) for number in range(1000)]


@tagged("post_install", "-at_install", "fusion")
class TestTravelLeg(TravelCase):
    """What is remembered is nobody's business, and never a reason to fail."""

    def test_keeping_again_renews(self):
        key = OCEAN[0]
        self.legs._keep({key: 5})
        self.legs._keep({key: 9})
        self.assertEqual(self.legs._look_up([key]), {key: (9, True)})
        self.assertEqual(self.legs.search_count([("from_latitude", "=", -300000)]), 1)
        self.legs._keep({key: None})
        self.assertEqual(self.legs._look_up([key]), {key: (None, True)})

    def test_nothing_to_do_is_fine(self):
        self.legs._keep({})
        self.assertEqual(self.legs._look_up([]), {})

    def test_read_only_search_goes_on_without_keeping(self):
        fake = self.use_osrm(osrm_table(600))
        with self.registry.cursor(readonly=True) as cr:
            env = self.env(cr=cr)
            cr.execute("SELECT 1")
            travel = env["fusion.travel"]
            self.assertEqual(self.with_travel(travel), 10)
            self.assertFalse(env["fusion.travel.leg"].search_count([]))
        self.assertEqual(len(fake.requests), 1)

    def with_travel(self, travel):
        self.travel = travel
        return self.get_minutes()

    def test_only_managers_see_legs_and_nobody_changes_them(self):
        self.legs._keep({OCEAN[0]: 5})
        leg = self.legs.search([], limit=1)
        self.assertTrue(leg.with_user(self.manager).has_access("read"))
        self.assertFalse(leg.with_user(self.manager).has_access("write"))
        self.env.invalidate_all()
        for user in (self.technician, self.reader, self.dispatcher):
            with self.assertRaises(AccessError):
                leg.with_user(user).read()

    def test_search_of_those_who_may_not_see_legs(self):
        self.use_osrm(osrm_table(40 * 60))
        self.Task = self.Task.with_user(self.reader)
        self.assertEqual(self.find_starts("2026-06-02")[0], "09:00")


@tagged("post_install", "-at_install", "fusion")
class TestTravelLegRace(TransactionCase):
    """Searches that keep the same legs at the same time; these really commit."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget)
        self.forget()

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM fusion_travel_leg WHERE from_latitude = -300000")

    def count(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM fusion_travel_leg WHERE from_latitude = -300000"
            )
            return cr.fetchone()[0]

    def test_rivals_neither_fail_nor_deadlock(self):
        start, errors = threading.Barrier(4), []
        # The tests' own thread may hold it.
        unlocked = patch.object(Registry, "_lock", DummyRLock())
        unlocked.start()
        self.addCleanup(unlocked.stop)

        def search(number):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    keys = OCEAN[::-1] if number % 2 else OCEAN
                    for _round in range(5):
                        start.wait(20)
                        env["fusion.travel.leg"]._keep(dict.fromkeys(keys, number))
                    cr.execute("SELECT 1")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                errors.append(error)

        threads = [threading.Thread(target=search, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertFalse(errors)
        self.assertEqual(self.count(), len(OCEAN))

    def test_locked_legs_are_not_waited_for(self):
        legs = self.env["fusion.travel.leg"]
        legs._keep({OCEAN[0]: 1})
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM fusion_travel_leg WHERE from_latitude = -300000"
                " FOR UPDATE"
            )
            began = fields.Datetime.now()
            with patch.object(fusion_travel_leg, "_logger") as logger:
                legs._keep(dict.fromkeys(OCEAN[:3], 2))
            self.assertLess(fields.Datetime.now() - began, timedelta(seconds=4))
        self.assertEqual(logger.info.call_args.args[1], "LockNotAvailable")
        self.assertEqual(self.count(), 1)
