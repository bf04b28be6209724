from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..certificates.certificate_case import CertificateCase

ADDONS = ("fusion_tasks", "fusion_repairs")
ROLES = {
    "technician": "fusion_tasks.fusion_tasks_group_technician",
    "user": "fusion_tasks.fusion_tasks_group_user",
    "dispatcher": "fusion_tasks.fusion_tasks_group_dispatcher",
    "manager": "fusion_tasks.fusion_tasks_group_manager",
    "employee": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
# Many2one fields that lead there from elsewhere, tried from a few models each.
POINTERS = (
    "calendar_event_id",
    "company_id",
    "contract_id",
    "create_uid",
    "lot_id",
    "partner_id",
    "technician_id",
    "user_id",
    "visit_id",
)
MOST_PATHS = 4
# Fields whose protection must not be forgotten.
SECRETS = {
    ("fusion.repair.inspection.certificate", "access_key"),
    ("fusion.repair.maintenance.contract", "booking_token"),
    ("fusion.repair.maintenance.visit", "page_token"),
    ("fusion.repair.opt.out.link", "token"),
    ("res.partner", "x_fc_opt_out_token"),
    ("res.users", "x_fc_signature"),
}
OPERATORS = (
    ("=", False),
    ("!=", False),
    ("=", "a"),
    ("!=", "a"),
    ("in", ["a", False]),
    ("not in", ["a"]),
    ("ilike", "a"),
    ("not ilike", "a"),
)


@tagged("post_install", "-at_install", "fusion")
class TestProtectedFields(CertificateCase):
    """What a user may not read, they cannot search, sort or group by, nor reach."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.x_fc_signature = cls.signature
        cls.users = [
            new_test_user(cls.env, f"fr_protected_{role}", groups=group)
            for role, group in ROLES.items()
        ]

    def get_protected(self):
        """Return (model, name) of our fields that groups protect."""
        found = [
            (model, field.name)
            for model in self.env.values()
            if not model._abstract
            for field in model._fields.values()
            if field.groups
            and field._module in ADDONS
            and (field.store or field.search or field.related)
        ]
        names = {(model._name, name) for model, name in found}
        self.assertEqual(SECRETS - names, set(), "a secret that no group protects")
        return found

    def get_pointed(self, target):
        """Return (model, name of a many2one) that lead to a model."""
        found = [
            (model, name)
            for model in self.env.values()
            for name in POINTERS
            if not model._abstract
            and not model._transient
            and (field := model._fields.get(name))
            and field.store
            and field.comodel_name == target._name
        ]
        ours = [pair for pair in found if pair[0]._original_module in ADDONS]
        return (ours + found)[:MOST_PATHS]

    def get_attempts(self, model, name):
        for sign, value in OPERATORS:
            domain = [(name, sign, value)]
            yield domain, lambda d=domain: model.search(d)
            yield f"no {domain}", lambda d=domain: model.search_count(["!", *d])
            yield f"read {domain}", lambda d=domain: model.search_read(d, ["id"])
        yield "order", lambda: model.search([], order=f"{name} desc")
        yield "group", lambda: model.formatted_read_group([], [name], ["__count"])
        yield "sum", lambda: model.formatted_read_group([], [], [f"{name}:count"])
        yield "read", lambda: model.sudo().search([], limit=1).sudo(False).read([name])
        for pointer_model, pointer in self.get_pointed(model):
            other = pointer_model.with_user(model.env.user)
            for sign, value in OPERATORS:
                domain = [(f"{pointer}.{name}", sign, value)]
                yield (other, domain), lambda o=other, d=domain: o.search_count(d)

    def is_refused(self, attempt):
        try:
            attempt()
        except AccessError:
            return True
        except (NotImplementedError, ValueError):
            # Odoo knows no "like" for pictures and boxes to tick, whoever asks.
            return True
        return False

    @mute_logger("odoo.models", "odoo.domains", "odoo.orm.models", "odoo.orm.domains")
    def test_no_role_asks_for_what_it_may_not_read(self):
        tried = 0
        for model, name in self.get_protected():
            for user in self.users:
                mine = model.with_user(user)
                if mine._has_field_access(mine._fields[name], "read"):
                    continue
                for what, attempt in self.get_attempts(mine, name):
                    tried += 1
                    with self.subTest(field=f"{model}{name}", user=user.login, by=what):
                        self.assertTrue(self.is_refused(attempt))
        self.assertGreater(tried, 1000)

    def test_a_signature_is_still_kept_for_the_next_report(self):
        technician = self.technician.with_context(bin_size=False)
        self.assertEqual(technician.x_fc_signature, self.signature)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "res.users"), ("res_field", "=", "x_fc_signature")]
        )
        self.assertFalse(files)
