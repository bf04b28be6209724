"""Who may do what with this addon's models: the reviewed tables, and what is so.

A new model or a new public method fails here until somebody has thought about who may
use it, and has written it down.
"""

from odoo.tests import TransactionCase, new_test_user, tagged

from .public_methods import public_methods

GROUPS = {
    "technician": "fusion_tasks.fusion_tasks_group_technician",
    "user": "fusion_tasks.fusion_tasks_group_user",
    "dispatcher": "fusion_tasks.fusion_tasks_group_dispatcher",
    "manager": "fusion_tasks.fusion_tasks_group_manager",
    "employee": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
OPERATIONS = ("read", "write", "create", "unlink")
# Of each model with records: read, write, create, unlink of each role, in the order
# of GROUPS, before record rules narrow it to own tasks and own companies.
ACCESS = {
    "fusion.geocoder.turn": "---- ---- ---- r--- ---- ---- ----",
    "fusion.task.slot.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.task.slot.wizard.line": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.technician.schedule": "---- ---- ---- r--- ---- ---- ----",
    "fusion.technician.task": "rw-- r--- rwc- rwcu ---- ---- ----",
    "fusion.time.off.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.travel.leg": "---- ---- ---- r--- ---- ---- ----",
}
# What any user may call over the network. Each checks the rights of its caller itself,
# or does no more than the rights of the caller on the record allow.
METHODS = {
    "fusion.dispatch.board": "load_board load_map plan undo unschedule verdicts",
    "fusion.my.day": "act load_day",
    "fusion.task.slot.wizard": "action_next action_search",
    "fusion.task.slot.wizard.line": "action_pick",
    "fusion.technician.task": (
        "action_cancel action_complete action_find_slot action_find_slots "
        "action_no_show action_open_map action_reopen action_schedule "
        "action_start action_start_travel action_undo_start "
        "action_undo_travel action_unschedule"
    ),
    "fusion.time.off.wizard": "action_record",
}


@tagged("post_install", "-at_install", "fusion")
class TestTaskRolesMatrix(TransactionCase):
    maxDiff = None

    def own_models(self):
        """Return the models of this addon by name."""
        return {
            name: model
            for name, model in self.env.registry.items()
            if name.startswith("fusion.") and not name.startswith("fusion.repair.")
        }

    def test_records(self):
        users = [
            new_test_user(self.env, f"fm_{role}", groups=group)
            for role, group in GROUPS.items()
        ]
        found = {
            name: " ".join(
                "".join(
                    operation[0]
                    if self.env[name].with_user(user).has_access(operation)
                    else "-"
                    for operation in OPERATIONS
                )
                for user in users
            )
            for name, model in self.own_models().items()
            if not model._abstract
        }
        self.assertEqual(found, ACCESS)

    def test_methods(self):
        found = public_methods(self.own_models(), "fusion_tasks")
        self.assertEqual(found, METHODS)
