"""The reviewed tables of ``test_reported_stands``: what users write over the network.

All the rest is written by our own code: reports, bookings, jobs and buttons.
"""

VISIT = "fusion.repair.maintenance.visit"
CONTRACT = "fusion.repair.maintenance.contract"
TASK = "fusion.technician.task"
RUN = "fusion.repair.backfill.run"

# What a dispatcher or manager still writes on a record that took place, by model.
# Fields of Odoo's chatter and activities are left out: they say who wrote when.
WRITTEN = {
    VISIT: "",
    CONTRACT: (
        "address_id anchor company_id duration first_due_date installation_number "
        "interval_months lot_id name next_due_date no_charge_reason partner_id "
        "product_id start_date state user_id x_fc_device_serial x_fc_maintenance_fee "
        "x_fc_policy_category_id"
    ),
    RUN: "",
}
