"""What a button says of the record it stands on, and of others, is for what it opens.

Odoo reads it as values of whatever is created on the way: the partner, state or note
of another record, and for calendar events a "Meeting" to be done for it.
"""

DEFAULTS = ("default_", "search_default_")
OPENED_FROM = frozenset(
    {"active_domain", "active_id", "active_ids", "active_model", "orig_activity_ids"}
)


def without_button(records):
    """Return the same records, whose methods create with values of their own only.

    Language, time zone, companies and all else in the context stay as they are.

    :param records: of any model
    """
    context = records.env.context
    kept = {
        key: value
        for key, value in context.items()
        if key not in OPENED_FROM and not key.startswith(DEFAULTS)
    }
    if len(kept) == len(context):
        return records
    # Replaced, not added to.
    return records.with_context(kept)  # pylint: disable=context-overridden
