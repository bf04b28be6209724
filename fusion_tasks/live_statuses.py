"""Which statuses of a task hold its technician's time."""

LIVE_STATUSES = ("scheduled", "en_route", "in_progress")
