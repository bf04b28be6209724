"""Which states of a contract mean that its unit is maintained."""

UNDER_CONTRACT = ("active", "paused")

# A visit in one of these states is to come, or under way.
LIVE_VISITS = ("scheduled", "in_progress")
