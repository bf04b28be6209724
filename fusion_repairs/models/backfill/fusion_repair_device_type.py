from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence.device_types import (
    PART,
    UNDECIDED,
    UNIT,
    DeviceRule,
    device_words,
    find_device_rule,
)


class FusionRepairDeviceType(models.Model):
    """What a device type of funding claims means: a kind of unit, or nothing."""

    _name = "fusion.repair.device.type"
    _description = "Claim Device Type"
    _inherit = "fusion.form.access.mixin"
    _order = "match, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        string="Device Type",
        required=True,
        help="As claims write it, or the words that it contains. Upper and lower "
        "case, punctuation and plurals do not matter.",
    )
    key = fields.Char(compute="_compute_key", store=True, precompute=True)
    sequence = fields.Integer(
        default=50, help="Among rows that match alike, the first one decides."
    )
    active = fields.Boolean(default=True)
    match = fields.Selection(
        [
            ("exact", "Exactly this device type"),
            ("words", "Any that contain these words"),
        ],
        string="Applies To",
        required=True,
        default="exact",
    )
    meaning = fields.Selection(
        [
            (UNIT, "A maintained unit"),
            (PART, "A part, seating or service: nothing"),
            (UNDECIDED, "Undecided: list it for the office"),
        ],
        required=True,
        default=UNIT,
    )
    category_id = fields.Many2one(
        "fusion.repair.product.category",
        string="Equipment Category",
        index="btree_not_null",
        # Without its category the row means nothing; it must not keep one alive.
        ondelete="cascade",
        check_company=True,
        help="How units of this device type are maintained, unless their product has "
        "its own setting.",
    )
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share this row with all companies."
    )

    _unit_needs_category = models.Constraint(
        "CHECK ((meaning = 'unit') = (category_id IS NOT NULL))",
        "A maintained unit needs an equipment category; other device types have none.",
    )
    _key_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), match, key) WHERE active",
        "This device type has a row already.",
    )

    @api.depends("name")
    def _compute_key(self):
        for device_type in self:
            device_type.key = " ".join(device_words(device_type.name or ""))

    @api.onchange("meaning")
    def _onchange_meaning(self):
        if self.meaning != UNIT:
            self.category_id = False

    def action_load_device_types(self):
        """Add a row for every device type of the claims that has none of its own.

        Each gets what the rows by words say of it, for the manager to look over.
        """
        self.check_access("create")
        # Archived rows count: somebody took them out on purpose.
        every = self.with_context(active_test=False)
        known = set(every.search([("match", "=", "exact")]).mapped("key"))
        rules = self._get_rules()
        vals_list = []
        for name in self.env["fusion.repair.claims.bridge"]._get_device_types():
            key = " ".join(device_words(name))
            if key and key not in known:
                known.add(key)
                vals_list.append(self._prepare_loaded_vals(name, rules))
        without_button(self).create(vals_list)
        return self._notify_loaded(len(vals_list))

    @api.model
    def _prepare_loaded_vals(self, name, rules):
        # A shared row says only what is true for every company.
        shared = [rule for rule in rules if rule.company_id is None]
        rule = find_device_rule(name, shared, 0)
        return {
            "name": name,
            "meaning": rule.meaning if rule else UNDECIDED,
            "category_id": rule.category_id if rule else False,
        }

    @api.model
    def _notify_loaded(self, count):
        if count:
            message = self.env._("%(count)s device types were added.", count=count)
        else:
            message = self.env._("Every device type of the claims has its row.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_rules(self):
        """Return all rows as plain rules in the order in which they decide."""
        # Of all companies: each rule says which one it binds.
        rows = self.sudo().search([("active", "=", True)])
        return [
            DeviceRule(
                row.name,
                row.match == "exact",
                row.meaning,
                row.category_id.id or None,
                row.company_id.id or None,
            )
            for row in rows
        ]
