"""Visits that are done already are delivered, and clients see their own only.

Where what is delivered is invoiced, nobody could invoice them. The rule of the portal
was made once, and an update does not write it.
"""

from odoo import SUPERUSER_ID, api

RULE = "fusion_repairs.fusion_repair_inspection_certificate_rule_portal"
FORMER = "('partner_id', 'child_of', user.commercial_partner_id.id)"
OWN = """[
    ('state', '!=', 'draft'),
    '|', '|',
    ('partner_id', '=', user.partner_id.id),
    '&',
    ('partner_id.parent_id', 'in',
     [] if user.partner_id.is_company else [user.partner_id.id]),
    ('partner_id.type', 'in', ('invoice', 'delivery', 'other')),
    ('partner_id', 'child_of',
     [user.commercial_partner_id.id] if user.partner_id.x_fc_sees_all_units else []),
]"""


def migrate(cr, version):
    """Count done visits as delivered, and narrow the rule of the portal.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(RULE, raise_if_not_found=False)
    if rule and FORMER in (rule.domain_force or ""):
        rule.domain_force = OWN
    _deliver_done_visits(env)


def _deliver_done_visits(env):
    """Count the fees of done visits as delivered, unless they were charged somehow."""
    visits = env["fusion.repair.maintenance.visit"].search([("state", "=", "done")])
    lines = visits.sale_line_id.filtered(
        lambda line: not line.qty_delivered and not line.qty_invoiced
    )
    env.add_to_compute(lines._fields["qty_delivered"], lines)
    lines.flush_recordset()
