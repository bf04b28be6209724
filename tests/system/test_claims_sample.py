"""A dealer's years of sales, half of them funding claims: who is maintained now?

138 units with serials, of which 14 nobody can classify and 28 were sold privately; 325
customers of lifts with 540 lines, most of them accessories, hardly a serial. Sold
before the addon came, brought in by a manager through the wizard, on a real database.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import cycle, islice

import pytest

FUNDED, PRIVATE, UNCLASSIFIED = 96, 28, 14
LIFT_CUSTOMERS, LIFT_LINES = 325, 540
LIFTS, TWINS = 196, 4  # base-unit lines of one lift, and of two
ACCESSORIES = LIFT_LINES - LIFTS - TWINS
SERIAL_LIFTS = 3
CONTRACTS = FUNDED + PRIVATE + LIFTS + 2 * TWINS
# Device types of the claims, as different people wrote them.
DEVICES = (
    ("Adult Manual Standard Wheelchairs, Type 1", "wheelchair_manual"),
    ("LIGHTWEIGHT WHEELCHAIR TYPE 3", "wheelchair_manual"),
    ("Adult power base - type 2", "wheelchair_power"),
    ("Power Scooters", "scooter"),
    ("Wheeled Walker, Type 3", "rollator"),
)
PARTS = ("Seat Cushions", "Adult Back Support", "Headrest", "Positioning (pelvic)")
LIFT_KINDS = ("stairlift_straight", "stairlift_curved", "vpl")
OTHERS = ("Rail extension", "Remote control", "Charger", "Stair lift rental")
UNKNOWN = ("Insulin Pump", None)
AREAS = ("M5H 2N2", "M4C1S8", "L6Y 4R2", "L5B 3C1", None)
FIRST_DAY = date(2019, 1, 31)


class Sample:
    """Makes the sales, and counts what should become of them while doing so."""

    def __init__(self, env):
        """Make the products."""
        self.env = env(context={**env.context, "tracking_disable": True})
        self.starts, self.origins = Counter(), Counter()
        self._days = (FIRST_DAY + timedelta(days=13 * n) for n in cycle(range(190)))
        self._areas = cycle(AREAS)
        self._orders = []
        self.device = self._product("Device on a claim")
        self.chair = self._product("Transport chair", "wheelchair_manual")
        self.lifts = [self._product(f"Lift {kind}", kind) for kind in LIFT_KINDS]
        self.accessories = [
            *(self._product(name, "stairlift_straight", False) for name in OTHERS),
            self._product("Freight"),
        ]

    def _product(self, name, code=None, enabled=True):
        vals = {"name": name, "type": "consu"}
        if code:
            vals["x_fc_repair_category_id"] = self._category(code).id
        product = self.env["product.product"].create(vals)
        if code:
            product.x_fc_maintenance_enabled = enabled
        return product

    def _category(self, code):
        return self.env.ref(f"fusion_repairs.category_{code}")

    def _clients(self, name, number):
        vals = [
            {"name": f"{name} {n}", "zip": area}
            for n, area in enumerate(islice(self._areas, number))
        ]
        return self.env["res.partner"].create(vals)

    def _sell(self, client, lines, **order):
        from odoo.fields import Command  # noqa: PLC0415

        day = next(self._days)
        commands = [
            Command.create({"product_id": product.id, "product_uom_qty": 1, **vals})
            for product, vals in lines
        ]
        self._orders.append(
            {
                "partner_id": client.id,
                "date_order": f"{day} 15:00:00",
                "state": "sale",
                "order_line": commands,
                **order,
            }
        )
        return day

    def sell_claims(self):
        """Sell what the program funded: the day in use stands on the claim, or not."""
        clients = self._clients("Funded client", FUNDED)
        devices = cycle(DEVICES)
        for n, client in enumerate(clients):
            device_type, code = next(devices)
            unit = {
                "x_fc_adp_device_type": device_type,
                "x_fc_serial_number": f"  adp-{n:04d}\t",
            }
            lines = [(self.device, unit)]
            if n % 2:
                part = {"x_fc_adp_device_type": PARTS[n % len(PARTS)]}
                lines.append((self.device, part))
            claim = {"x_fc_sale_type": "adp_odsp" if n % 5 == 0 else "adp"}
            delivered = FIRST_DAY + timedelta(days=20 * n)
            if n % 3 != 2:
                claim["x_fc_service_start_date"] = delivered + timedelta(days=3)
            if n % 3 == 0:
                claim["x_fc_adp_delivery_date"] = delivered
            ordered = self._sell(client, lines, **claim)
            start = [delivered, delivered + timedelta(days=3), ordered][n % 3]
            self._expect(code, "claims", start)

    def sell_privately(self):
        """Sell chairs that nobody funded: their product says what they are."""
        for n, client in enumerate(self._clients("Private client", PRIVATE)):
            unit = {"x_fc_serial_number": f"PRIV {n}"}
            day = self._sell(
                client, [(self.chair, unit)], x_fc_sale_type="direct_private"
            )
            self._expect("wheelchair_manual", "backfill", day)

    def sell_unknown(self):
        """Sell units with a serial of which nobody can say what they are."""
        for n, client in enumerate(self._clients("Unknown client", UNCLASSIFIED)):
            unit = {
                "x_fc_serial_number": f"unk-{n}",
                "x_fc_adp_device_type": UNKNOWN[n % 2],
            }
            self._sell(client, [(self.device, unit)], x_fc_sale_type="adp")

    def sell_lifts(self):
        """Sell lifts with their accessories, and accessories alone."""
        clients = self._clients("Lift customer", LIFT_CUSTOMERS)
        lifts = cycle(zip(self.lifts, LIFT_KINDS, strict=True))
        accessories = cycle(self.accessories)
        base = LIFTS + TWINS
        for n, client in enumerate(clients):
            # The accessories that are left over when everybody has one.
            number = 1 if n >= base else 1 + (n < ACCESSORIES - LIFT_CUSTOMERS)
            lines = [(product, {}) for product in islice(accessories, number)]
            if n >= base:
                self._sell(client, lines)
                continue
            lift, code = next(lifts)
            twin = n < TWINS
            unit = {"product_uom_qty": 2 if twin else 1}
            if base - n <= SERIAL_LIFTS:
                unit["x_fc_serial_number"] = f"lift-{n}"
            day = self._sell(client, [(lift, unit), *lines])
            for _unit in range(1 + twin):
                self._expect(code, "backfill", day)

    def _expect(self, code, source, day):
        self.starts[day] += 1
        self.origins[self._category(code), source] += 1

    def save(self):
        """Store all orders as they were imported: confirmed, nobody enrolled."""
        self.env["sale.order"].create(self._orders)
        self.env.flush_all()


@pytest.fixture(scope="module")
def sold(claims):
    """Yield (environment, sample) of a manager, all in one transaction."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415
    from odoo.tests import new_test_user  # noqa: PLC0415

    with claims.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env.company.partner_id.tz = "America/Toronto"
        sample = Sample(env)
        sample.sell_claims()
        sample.sell_privately()
        sample.sell_unknown()
        sample.sell_lifts()
        sample.save()
        manager = new_test_user(
            env,
            "claims_manager",
            groups="fusion_tasks.fusion_tasks_group_manager",
            company_id=env.company.id,
        )
        cr.commit()
        yield env(user=manager), sample


@pytest.fixture(scope="module")
def run(sold):
    """Yield the run that a manager's dialog made, executed."""
    env, _sample = sold
    wizard = env["fusion.repair.maintenance.backfill.wizard"].create({})
    wizard.action_scan()
    assert scan_counts(wizard) == EXPECTED
    run = env["fusion.repair.backfill.run"].browse(wizard.action_execute()["res_id"])
    env.flush_all()
    env.cr.commit()
    return run


EXPECTED = {
    ("new", "new"): CONTRACTS,
    ("by_hand", "unclassified"): UNCLASSIFIED,
    ("skipped", "part"): FUNDED // 2,
    ("skipped", "accessory"): ACCESSORIES * len(OTHERS) // (len(OTHERS) + 1),
    ("skipped", "not_equipment"): ACCESSORIES // (len(OTHERS) + 1),
}


def scan_counts(found):
    """Return the units of a dialog or a run by status and reason."""
    return Counter((line.status, line.reason) for line in found.line_ids)


def contracts_of(env):
    """Return all contracts."""
    return env["fusion.repair.maintenance.contract"].search([("state", "=", "active")])


def test_sample_is_what_it_says(sold):
    env, _sample = sold
    env.cr.execute(
        """SELECT count(*) FILTER (WHERE l.x_fc_serial_number IS NOT NULL
                                     AND client.name NOT LIKE 'Lift%'),
                  count(*) FILTER (WHERE client.name LIKE 'Lift%'),
                  count(DISTINCT client.id) FILTER (WHERE client.name LIKE 'Lift%'),
                  count(*) FILTER (WHERE t.x_fc_maintenance_enabled
                                     AND client.name LIKE 'Lift%')
             FROM sale_order_line l
             JOIN sale_order o ON o.id = l.order_id
             JOIN res_partner client ON client.id = o.partner_id
             JOIN product_product p ON p.id = l.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE o.state = 'sale'"""
    )
    assert env.cr.fetchone() == (138, 540, 325, LIFTS + TWINS)
    assert (LIFTS + TWINS) * 2 < LIFT_LINES  # most are accessories


def test_right_number_of_contracts(sold, run):
    env, sample = sold
    contracts = contracts_of(env)
    assert run.state == "done" and run.contract_count == len(contracts) == CONTRACTS
    origins = Counter((c.x_fc_policy_category_id, c.x_fc_source) for c in contracts)
    assert {(category.id, source): n for (category, source), n in origins.items()} == {
        (category.id, source): n for (category, source), n in sample.origins.items()
    }


def test_units_count_from_the_day_that_the_claim_says(sold, run):
    env, sample = sold
    assert Counter(contracts_of(env).mapped("start_date")) == sample.starts
    new = run.line_ids.filtered(lambda line: line.status == "new")
    sources = Counter(line.anchor_source for line in new)
    third = FUNDED // 3
    assert sources == {
        "adp_delivery": third,
        "adp_service": third,
        "order": CONTRACTS - 2 * third,
    }


def test_serial_marks_a_unit_whoever_paid(sold, run):
    serials = contracts_of(sold[0]).filtered("x_fc_device_serial")
    assert len(serials) == FUNDED + PRIVATE + SERIAL_LIFTS
    assert len(set(serials.mapped("x_fc_device_serial"))) == len(serials)
    private = serials.filtered(lambda c: c.x_fc_device_serial.startswith("PRIV"))
    assert len(private) == PRIVATE


def test_every_line_is_in_the_report_with_its_reason(sold, run):
    env, _sample = sold
    env.cr.execute(
        "SELECT l.id FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id"
        " WHERE o.state = 'sale' AND l.display_type IS NULL"
    )
    assert {row[0] for row in env.cr.fetchall()} == set(run.line_ids.sale_line_id.ids)
    assert all(line.reason for line in run.line_ids)
    assert scan_counts(run) == EXPECTED
    by_hand = run.line_ids.filtered(lambda line: line.status == "by_hand")
    assert all(serial.startswith("UNK-") for serial in by_hand.mapped("serial"))
    assert Counter(by_hand.mapped("device_type")) == {
        UNKNOWN[0]: UNCLASSIFIED // 2,
        False: UNCLASSIFIED // 2,
    }


def test_second_run_finds_them_all_enrolled(sold, run):
    env, _sample = sold
    again = env["fusion.repair.backfill.run"].create({})
    again.action_scan()
    statuses = Counter(line.status for line in again.line_ids)
    assert statuses["enrolled"] == CONTRACTS and not statuses["new"]
    assert statuses["by_hand"] == UNCLASSIFIED


def test_classifying_a_device_type_leaves_fewer_by_hand(sold, run):
    env, _sample = sold
    scooter = env.ref("fusion_repairs.category_scooter")
    env["fusion.repair.device.type"].create(
        {"name": UNKNOWN[0], "category_id": scooter.id}
    )
    again = env["fusion.repair.backfill.run"].create({"sale_types": ["adp"]})
    again.action_scan()
    statuses = Counter(line.status for line in again.line_ids)
    assert statuses["new"] == statuses["by_hand"] == UNCLASSIFIED // 2
