"""Who may do what, as one table each for records and methods.

A new model or a new public method fails here until somebody has thought about who may
use it, and has written it down.
"""

import inspect

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.fusion_tasks.tests.public_methods import public_methods

from .role_table import ACCESS, METHODS, ROLES

OPERATIONS = ("read", "write", "create", "unlink")
OWN = ("fusion.repair.",)
GROUPS = {
    "technician": "fusion_tasks.fusion_tasks_group_technician",
    "user": "fusion_tasks.fusion_tasks_group_user",
    "dispatcher": "fusion_tasks.fusion_tasks_group_dispatcher",
    "manager": "fusion_tasks.fusion_tasks_group_manager",
    "employee": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}


@tagged("post_install", "-at_install", "fusion")
class TestRolesMatrix(TransactionCase):
    maxDiff = None

    def own_models(self):
        """Return the models of this addon that have records."""
        return {
            name: model
            for name, model in self.env.registry.items()
            if name.startswith(OWN) and not model._abstract
        }

    def test_records(self):
        users = {
            role: new_test_user(self.env, f"fm_{role}", groups=GROUPS[role])
            for role in ROLES
        }
        found = {}
        for name in self.own_models():
            found[name] = " ".join(
                "".join(
                    operation[0] if self.may(user, name, operation) else "-"
                    for operation in OPERATIONS
                )
                for user in (users[role] for role in ROLES)
            )
        self.assertEqual(found, ACCESS)

    def may(self, user, model, operation):
        """Tell whether a user has an operation on a model at all."""
        return self.env[model].with_user(user).has_access(operation)

    def test_methods(self):
        own = {
            name: model
            for name, model in self.env.registry.items()
            if name.startswith("fusion.")
        }
        found = public_methods(own, "fusion_repairs")
        self.assertEqual(found, METHODS)

    def test_methods_on_models_of_odoo(self):
        """Methods that this addon adds to Odoo's models are buttons or overrides."""
        known = set(dir(self.env.registry["base"]))
        for name, model in self.env.registry.items():
            if name.startswith("fusion."):
                continue
            for base in model.__mro__:
                module = getattr(base, "__module__", "")
                if not module.startswith("odoo.addons.fusion_repairs."):
                    continue
                for method, value in vars(base).items():
                    public = inspect.isfunction(value) and not method.startswith("_")
                    if (
                        not public
                        or method in known
                        or self.is_override(model, base, method)
                    ):
                        continue
                    with self.subTest(model=name, method=method):
                        self.assertRegex(method, r"^(action|open)_")

    def is_override(self, model, base, method):
        """Tell whether a method exists on the model apart from this addon."""
        others = [
            other
            for other in model.__mro__
            if other is not base
            and "fusion_repairs" not in getattr(other, "__module__", "")
        ]
        return any(method in vars(other) for other in others)
