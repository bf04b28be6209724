"""What the backfill looks at, and the columns of what it proposes: plain values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BackfillScope:
    """Which past sales to look at, and how to spread what is overdue."""

    company_ids: tuple[int, ...]
    category_ids: tuple[int, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    sale_types: tuple[str, ...] = ()
    start: date | None = None
    weeks: int = 1
    weekly_cap: int = 0


# What a proposal is stored as, on the dialog's lines and on a run's.
COLUMNS = (
    "company_id",
    "order_id",
    "sale_line_id",
    "unit_index",
    "partner_id",
    "address_id",
    "user_id",
    "product_id",
    "lot_id",
    "category_id",
    "serial",
    "device_type",
    "quantity",
    "area",
    "status",
    "reason",
    "detail",
    "anchor_date",
    "anchor_source",
    "natural_due_date",
    "due_date",
    "safety_critical",
    "mail_until",
    "interval_months",
    "anchor",
    "duration",
    "fee",
    "source",
    "contract_id",
)
# What makes a proposal another one than the one that was previewed.
IDENTITY = (
    "company_id",
    "partner_id",
    "address_id",
    "product_id",
    "category_id",
    "serial",
    "status",
    "anchor_date",
    "natural_due_date",
    "interval_months",
    "anchor",
    "duration",
    "fee",
)
