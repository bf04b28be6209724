"""The reviewed tables of ``test_roles_matrix``: who may do what.

ACCESS: for each model with records read, write, create, unlink of each role in the
order of ROLES, before record rules narrow it to own visits and own companies. Public
visitors have no rights at all: their pages find one record by its secret.
METHODS: what any user may call over the network; each checks the rights of its caller
itself, or does no more than the rights of the caller on the record allow.
"""

ROLES = ("technician", "user", "dispatcher", "manager", "employee", "portal", "public")
ACCESS = {
    "fusion.repair.backfill.line": "---- ---- ---- r--- ---- ---- ----",
    "fusion.repair.backfill.run": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.booking.link.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.booking.sms.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.booking.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.booking.wizard.line": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.booking.wizard.unit": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.certificate.wizard": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.checklist.item": "r--- r--- r--- rwcu r--- ---- ----",
    "fusion.repair.checklist.revision": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.consent.event": "---- ---- ---- r--- ---- ---- ----",
    "fusion.repair.consent.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.contract.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.defect": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.defect.answer": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.device.type": "---- r--- r--- rwcu ---- ---- ----",
    "fusion.repair.fee.change": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.fee.change.line": "---- ---- ---- r--- ---- ---- ----",
    "fusion.repair.inspection.certificate": "r--- r--- r--- r--- ---- r--- ----",
    "fusion.repair.mail.preview.wizard": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.maintenance.backfill.wizard": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.maintenance.backfill.wizard.line": (
        "---- ---- ---- r--- ---- ---- ----"
    ),
    "fusion.repair.maintenance.checklist.line": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.maintenance.contract": "r--- r--- rwc- rwcu ---- ---- ----",
    "fusion.repair.maintenance.reminder": "---- r--- r--- r--- ---- ---- ----",
    "fusion.repair.maintenance.visit": "r--- r--- rwc- rwcu ---- ---- ----",
    "fusion.repair.opt.out.link": "---- ---- ---- ---- ---- ---- ----",
    "fusion.repair.plan.correction.wizard": "---- ---- ---- rwcu ---- ---- ----",
    "fusion.repair.policy.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.policy.wizard.line": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.product.category": "r--- r--- r--- rwcu r--- ---- ----",
    "fusion.repair.public.post": "---- ---- ---- ---- ---- ---- ----",
    "fusion.repair.release.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.reminder.run": "---- ---- ---- r--- ---- ---- ----",
    "fusion.repair.service.plan": "---- r--- r--- rwcu ---- ---- ----",
    "fusion.repair.service.plan.move": "---- r--- r--- r--- ---- ---- ----",
    "fusion.repair.service.plan.subscription": "---- r--- rw-- rw-- ---- ---- ----",
    "fusion.repair.report.correction": "---- r--- r--- r--- ---- ---- ----",
    "fusion.repair.report.correction.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.service.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.visit.cancel.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.visit.day.wizard": "---- ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.visit.message": "---- r--- r--- r--- ---- ---- ----",
    "fusion.repair.visit.part": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.visit.photo": "r--- r--- r--- r--- ---- ---- ----",
    "fusion.repair.visit.report.wizard": "rwcu ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.visit.report.wizard.line": "rwcu ---- rwcu rwcu ---- ---- ----",
    "fusion.repair.visit.report.wizard.part": "rwcu ---- rwcu rwcu ---- ---- ----",
}
METHODS = {
    "fusion.repair.backfill.run": (
        "action_download action_execute action_scan action_take_proposal "
        "action_try_again "
        "action_undo action_view_contracts action_view_lines"
    ),
    "fusion.repair.backfill.scope.mixin": (
        "action_download action_take_proposal action_view_lines"
    ),
    "fusion.repair.booking.sms.wizard": "action_send",
    "fusion.repair.booking.wizard": (
        "action_book_other action_more action_refresh action_skip action_view_visits"
    ),
    "fusion.repair.booking.wizard.line": "action_book",
    "fusion.repair.booking.wizard.unit": "action_toggle",
    "fusion.repair.certificate.wizard": "action_confirm",
    "fusion.repair.consent.wizard": "action_record",
    "fusion.repair.contract.wizard": "action_confirm",
    "fusion.repair.defect": "action_reopen action_resolve",
    "fusion.repair.device.type": "action_load_device_types",
    "fusion.repair.fee.change": (
        "action_draft action_preview action_schedule action_undo action_view_lines"
    ),
    "fusion.repair.history.mixin": (
        "action_view_x_fc_certificates action_view_x_fc_defects action_view_x_fc_visits"
    ),
    "fusion.repair.inspection.certificate": (
        "action_download action_revoke action_supersede"
    ),
    "fusion.repair.mail.preview.wizard": "action_send_test",
    "fusion.repair.maintenance.backfill.wizard": (
        "action_download action_execute action_save action_scan action_take_proposal "
        "action_view_lines"
    ),
    "fusion.repair.maintenance.contract": (
        "action_activate action_ask_assign action_ask_end action_ask_pause "
        "action_book_maintenance action_cancel "
        "action_cancel_visit action_copy_booking_link "
        "action_different_unit action_move_visit "
        "action_pause action_record_service action_refresh_policy action_release "
        "action_resume action_same_unit "
        "action_send_link action_text_link action_view_certificates "
        "action_view_defects action_view_readings action_view_reminders "
        "action_view_visits get_import_templates load roll_next_due_date"
    ),
    "fusion.repair.maintenance.visit": (
        "action_ask_cancel action_book_again action_cancel action_correct_day "
        "action_correct_report action_fill_in_report action_move "
        "action_view_certificate"
    ),
    "fusion.repair.plan.correction.wizard": "action_confirm",
    "fusion.repair.policy.wizard": "action_apply",
    "fusion.repair.product.category": "action_view_contracts",
    "fusion.repair.release.wizard": "action_release",
    "fusion.repair.reminder.watch": "get_alert",
    "fusion.repair.service.plan": "action_view_subscriptions",
    "fusion.repair.service.plan.subscription": "action_cancel",
    "fusion.repair.report.correction.wizard": "action_confirm",
    "fusion.repair.service.wizard": "action_record",
    "fusion.repair.visit.cancel.wizard": "action_confirm",
    "fusion.repair.visit.day.wizard": "action_confirm",
    "fusion.repair.visit.report.wizard": (
        "action_pass_open_lines action_start_timer action_stop_timer action_submit "
        "keep_entries load_former_photos"
    ),
    "fusion.repair.visit.report.wizard.line": (
        "action_add_photo action_fail action_pass action_remove_photo"
    ),
    "fusion.repair.visit.report.wizard.part": "action_remove action_toggle_charged",
    "fusion.technician.task": "action_view_maintenance_visits",
}
