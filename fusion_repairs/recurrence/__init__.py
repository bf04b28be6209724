"""Due dates, reminder bands, checklist verdicts: plain rules, no Odoo, no clock."""

from .backfill_proposals import pick_anchor, propose
from .backfill_plan import Picture, Planned, PlanWeek, draw
from .checklist import (
    PASS,
    PASS_WITH_FINDINGS,
    UNSAFE,
    Answer,
    Problem,
    Verdict,
    check_answer,
    verdict,
)
from .consent import Consent, consent_allows
from .defects import (
    STOP_NOW,
    default_class,
    due_day,
    effective_class,
    is_urgent,
)
from .delivery_reports import LOST, NOBODY, PAUSE, read_delivery_report
from .due_dates import (
    MOST_MONTHS,
    Cycle,
    Roll,
    cadence_anchor,
    first_due,
    nth_due,
    roll,
)
from .edits import Edit, holds
from .errors import RecurrenceError
from .follow_up import FollowUpFacts, overdue_on, unbooked_on
from .greetings import find_first_name, is_deceased
from .known_defects import CLOSED, STILL_OPEN, check_known
from .messages import (
    ENDED,
    Said,
    VisitFacts,
    choose_message,
    is_up_to_date,
)
from . import new_fee, plan_ledger
from .placeholders import is_placeholder_email, is_placeholder_serial
from .why_no_mail import MailFacts, why_no_mail
from .reminders import (
    Decision,
    ReminderFacts,
    due_band,
    next_reminder_date,
    parse_bands,
    reminder_decision,
)
from .sale_facts import Contract, Known, Proposal, SaleFact, UnitPolicy
from .serials import Serials, normalise_serial, split_serials
from .stagger import Overdue, Spread, plan, week_rooms
from .limits import EARLIEST_DAY, EPSILON, LONGEST_SERIAL, is_credible_day
from .states import LIVE_VISITS, UNDER_CONTRACT
