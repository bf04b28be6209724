"""The maintenance policy of a product as it applies to one company: a plain value."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MaintenancePolicy:
    """What maintaining a unit of a product means, and where each part came from.

    ``category`` and ``service`` are records; ``sources`` maps the name of a part
    (enabled, category, interval, first_interval, anchor, fee, duration, service) to
    the record that decided it: the product, a category, or an empty one where nobody
    said anything and the default holds.
    """

    enabled: bool
    interval_months: int
    first_interval_months: int
    anchor: str
    fee: float
    duration: float
    category: Any
    service: Any
    sources: dict = field(default_factory=dict)
