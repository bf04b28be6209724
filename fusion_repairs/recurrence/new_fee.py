"""What a bulk change makes of a fee. Amounts in the currency's unit (dollars)."""

from decimal import ROUND_HALF_UP, Decimal

from .errors import RecurrenceError

KEEP = "keep"
SET = "set"
PERCENT = "percent"
MOST_PERCENT = 100


def new_fee(fee: float, mode: str, value: float, step: float) -> float:
    """Return the fee after a change.

    >>> new_fee(179.0, "percent", 5.0, 1.0), new_fee(179.0, "set", 189.0, 1.0)
    (188.0, 189.0)
    >>> new_fee(179.0, "percent", -10.0, 0.05)
    161.1

    :param mode: KEEP, SET or PERCENT
    :param value: the new fee, or the percent to add
    :param step: what a fee changed by percent is rounded to, half up
    :raises RecurrenceError: for a change that cannot be meant
    """
    if mode == KEEP:
        return fee
    if mode == SET:
        if value < 0:
            raise RecurrenceError("fee_negative", value)
        return value
    if mode != PERCENT:
        raise RecurrenceError("fee_mode_unknown", mode)
    if not -MOST_PERCENT <= value <= MOST_PERCENT:
        raise RecurrenceError("fee_percent_out_of_range", value)
    if step <= 0:
        raise RecurrenceError("fee_step_not_positive", step)
    # By way of text: 179.00 is what people typed, not its nearest binary number.
    raised = Decimal(str(fee)) * (100 + Decimal(str(value))) / 100
    unit = Decimal(str(step))
    return float((raised / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit)
