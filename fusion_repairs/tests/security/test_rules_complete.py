from odoo.tests import TransactionCase, new_test_user, tagged

DISPATCHER = "fusion_tasks.fusion_tasks_group_dispatcher"
ADDONS = ("fusion_tasks", "fusion_repairs")
# Dialogs without a row of somebody else's in them.
SHARED_DIALOGS = set()
# Stored models that know a company and need no rule by it: the reviewed reasons.
WITHOUT_COMPANY_RULE = {}


@tagged("post_install", "-at_install", "fusion")
class TestRulesComplete(TransactionCase):
    """No model of ours is forgotten when rows are kept apart by company and by user."""

    def get_own_models(self, *, transient):
        """Return the models that our addons made, dialogs or stored ones."""
        return [
            model
            for model in self.env.values()
            if model._original_module in ADDONS
            and not model._abstract
            and model._transient is transient
        ]

    def get_rules(self, model, word):
        """Return the global rules of a model that speak of something."""
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", model._name), ("groups", "=", False)]
        )
        return rules.filtered(lambda rule: word in (rule.domain_force or ""))

    def test_a_dialog_is_its_users_own(self):
        dialogs = self.get_own_models(transient=True)
        self.assertGreater(len(dialogs), 10)
        open_ones = {m._name for m in dialogs if not self.get_rules(m, "create_uid")}
        self.assertEqual(open_ones, SHARED_DIALOGS)

    def test_difference_from_the_policy_is_not_shown_to_others(self):
        line = self.env["fusion.repair.policy.wizard.line"]
        mine = new_test_user(self.env, "fr_mine", groups=DISPATCHER)
        other = new_test_user(self.env, "fr_other", groups=DISPATCHER)
        contract = self.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Client"}).id,
                "product_id": self.env["product.product"].create({"name": "Lift"}).id,
            }
        )
        wizard = self.env["fusion.repair.policy.wizard"].with_user(mine).create({})
        row = line.with_user(mine).create(
            {
                "wizard_id": wizard.id,
                "contract_id": contract.id,
                "field_name": "interval_months",
            }
        )
        self.assertEqual(line.with_user(mine).search([]), row)
        self.assertFalse(line.with_user(other).search([("id", "=", row.id)]))

    def test_what_has_a_company_is_seen_in_that_company(self):
        stored = [
            model
            for model in self.get_own_models(transient=False)
            if "company_id" in model._fields or "company_ids" in model._fields
        ]
        self.assertGreater(len(stored), 10)
        open_ones = {m._name for m in stored if not self.get_rules(m, "company")}
        self.assertEqual(open_ones, set(WITHOUT_COMPANY_RULE))
