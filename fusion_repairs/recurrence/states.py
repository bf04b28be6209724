"""Which states of a contract mean that its unit is maintained."""

UNDER_CONTRACT = ("active", "paused")
