"""Mail templates follow what the code calls, and what the mails say, now.

Templates are made once and then belong to the dealer: an update does not write them.
Methods that the dealer's own templates and views call have new names; a subject that
nobody changed becomes the new one, a subject of the dealer's own stays.
"""

from psycopg2.extras import Json

from odoo.tools import SQL

RENAMED = {
    "_say_amount": "_format_amount",
    "_say_callback_day": "_get_callback_day_text",
    "_say_due_date": "_format_due_date",
    "_say_technician": "_get_technician_text",
    "_say_told_when": "_format_told_when",
    "_say_when": "_format_when",
    "_say_zone": "_format_zone",
}
# Template: the method that says the subject now, and what it was in each language.
SUBJECTS = {
    "mail_template_maintenance_reminder": (
        "{{ object._get_reminder_subject() }}",
        "Time for the maintenance of your {{ object._get_unit_name() }}",
        "Le moment de l’entretien : {{ object._get_unit_name() }}",
    ),
    "mail_template_visit_changed": (
        "{{ object._get_changed_subject() }}",
        "Your visit has changed: {{ object._format_when() }}",
        "Votre visite a changé : {{ object._format_when() }}",
    ),
    "mail_template_visit_report": (
        "{{ object._get_report_subject() }}",
        "Report on our visit to your {{ object.product_id.name }}",
        "Rapport de notre visite pour votre {{ object.product_id.name }}",
    ),
}
# Translated texts: one value a language.
COLUMNS = (
    ("mail_template", "subject"),
    ("mail_template", "body_html"),
    ("ir_ui_view", "arch_db"),
)


def migrate(cr, version):
    """Let templates and views call the methods by their new names.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    rename_methods(cr)
    renew_subjects(cr)


def renew_subjects(cr):
    """Give the templates whose subject nobody changed the new one, by language.

    The method says it in the reader's language, so one value is enough for all.

    :param cr: the cursor
    """
    for name, (new, *former) in SUBJECTS.items():
        cr.execute(
            SQL(
                "SELECT id, subject FROM mail_template WHERE id IN (SELECT res_id"
                " FROM ir_model_data WHERE module = 'fusion_repairs' AND name = %s)",
                name,
            )
        )
        for template_id, subject in cr.fetchall():
            if not subject:
                continue  # emptied by the dealer
            kept = {k: new if text in former else text for k, text in subject.items()}
            cr.execute(
                SQL(
                    "UPDATE mail_template SET subject = %s WHERE id = %s",
                    Json({"en_US": new, **kept}),
                    template_id,
                )
            )


def rename_methods(cr):
    """Write the new names of methods into templates and views.

    :param cr: the cursor
    """
    for table, column in COLUMNS:
        text = SQL("%s::text", SQL.identifier(column))
        for old, new in RENAMED.items():
            text = SQL("regexp_replace(%s, %s, %s, 'g')", text, rf"\m{old}\M", new)
        cr.execute(
            SQL(
                "UPDATE %s SET %s = (%s)::jsonb WHERE %s::text LIKE %s",
                SQL.identifier(table),
                SQL.identifier(column),
                text,
                SQL.identifier(column),
                r"%\_say\_%",
            )
        )
