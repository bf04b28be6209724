"""Mail templates call the methods by the names these have now.

Templates belong to the dealer, so an upgrade leaves them as they are: their subjects
would ask for methods that are gone, and no email about a visit would be made.
"""

RENAMED = (
    ("_say_told_when(", "_format_told_when("),
    ("_say_when(", "_format_when("),
    ("_say_zone(", "_format_zone("),
    ("_say_due_date(", "_format_due_date("),
    ("_say_amount(", "_format_amount("),
    ("_say_technician(", "_get_technician_text("),
    ("_say_callback_day(", "_get_callback_day_text("),
)


def migrate(cr, version):
    """Rename the methods in subject and body, in all languages."""
    for old, new in RENAMED:
        cr.execute(
            """
            UPDATE mail_template
            SET subject = replace(subject::text, %(old)s, %(new)s)::jsonb,
                body_html = replace(body_html::text, %(old)s, %(new)s)::jsonb
            WHERE strpos(subject::text, %(old)s) > 0
               OR strpos(body_html::text, %(old)s) > 0
            """,
            {"old": old, "new": new},
        )
