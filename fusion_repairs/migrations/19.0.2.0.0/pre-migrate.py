"""Methods that the dealer's own mail templates and views call have new names.

Templates are made once and then belong to the dealer: an update does not write them.
"""

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
