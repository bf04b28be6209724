"""What the answers of a visit add up to: complete, safe, fit for a certificate.

Nothing here corrects a technician. An answer that contradicts itself, such as a pass
with a reading outside its limits, is reported as invalid and must be answered again:
the signed record has to say what the technician decided.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from .defects import STOP_NOW
from .errors import RecurrenceError

# How a line is answered; None while it is not.
PASS = "pass"
FAIL = "fail"
NOT_APPLICABLE = "na"
RESULTS = (PASS, FAIL, NOT_APPLICABLE, None)

# What the visit found.
PASS_WITH_FINDINGS = "pass_with_findings"
UNSAFE = "unsafe"

# A reading this many times its limit is taken for a slip unless a note explains it.
IMPLAUSIBLE = 10


@dataclass(frozen=True)
class Answer:
    """One checklist line as answered. A limit of None is no limit.

    ``needs_text``: the note is the answer, so a pass has to have one.
    ``needs_reading``: what is checked is a measured value, with limits or without.
    ``defect_class``: how urgent a failure is, where the technician has said so.
    """

    key: str
    result: str | None
    critical: bool = False
    reading: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    note: str = ""
    needs_text: bool = False
    needs_reading: bool = False
    defect_class: str | None = None


@dataclass(frozen=True)
class Problem:
    """A line whose answer cannot stand, and the reason code."""

    key: str
    code: str


@dataclass(frozen=True)
class Verdict:
    """What the answers add up to.

    ``outcome`` is None while the checklist is incomplete, except that ``unsafe`` is
    said at once. ``certificate_refusal`` names what rules the certificate out.
    """

    complete: bool
    outcome: str | None
    certificate_refusal: str | None
    missing: tuple[str, ...] = ()
    invalid: tuple[Problem, ...] = ()
    failed: tuple[str, ...] = ()
    failed_critical: tuple[str, ...] = ()


def verdict(
    lines: Sequence[Answer], safety_critical: bool, has_checklist: bool = True
) -> Verdict:
    """Judge the answers of one visit.

    A failed critical line makes a safety-critical unit unsafe, and rules out the
    certificate whatever the unit. A failure classed as "stop using it now" weighs
    like a critical one and makes any unit unsafe. Other failures are findings: the
    certificate lists them. ``has_checklist`` is whether the category has a checklist
    at all: where it has one, no lines means that it was never laid out.

    >>> brake = Answer("brake", "fail", critical=True)
    >>> belt = Answer("belt", "pass")
    >>> verdict([brake, belt], safety_critical=True).outcome
    'unsafe'
    >>> found = verdict([brake, belt], safety_critical=False)
    >>> found.outcome, found.certificate_refusal
    ('pass_with_findings', 'critical_failure')
    >>> open_line = verdict([belt, Answer("rail", None)], safety_critical=True)
    >>> open_line.complete, open_line.outcome, open_line.missing
    (False, None, ('rail',))
    """
    missing = tuple(line.key for line in lines if line.result is None)
    invalid = _problems(lines, has_checklist)
    failed = tuple(line.key for line in lines if line.result == FAIL)
    stopped = any(line.result == FAIL and _stops_use(line) for line in lines)
    critical = tuple(
        line.key
        for line in lines
        if line.result == FAIL and (line.critical or _stops_use(line))
    )
    complete = not (missing or invalid)
    dangerous = stopped or bool(critical and safety_critical)
    return Verdict(
        complete=complete,
        outcome=_outcome(complete, failed, dangerous),
        certificate_refusal=_certificate_refusal(complete, critical, lines),
        missing=missing,
        invalid=invalid,
        failed=failed,
        failed_critical=critical,
    )


def check_answer(answer: Answer) -> str | None:
    """Return why this one answer cannot stand, or None. An open line can stand.

    A reading is judged against its limits, bounds included. It is needed to pass a
    line that has limits; a failed one may instead say in its note why it could not
    be measured.

    >>> check_answer(Answer("volts", "pass", reading=23.1, minimum=24.0))
    'reading_outside_limits'
    >>> check_answer(Answer("volts", "fail", reading=23.1, minimum=24.0)) is None
    True
    >>> check_answer(Answer("volts", "pass", minimum=24.0))
    'reading_missing'
    >>> check_answer(Answer("volts", "pass", reading=255.0, minimum=24.0))
    'reading_implausible'
    >>> check_answer(Answer("belt", "na"))
    'note_missing'
    >>> check_answer(Answer("codes", "pass", needs_text=True))
    'text_missing'
    >>> check_answer(Answer("force", "pass", needs_reading=True))
    'reading_missing'
    """
    if answer.result not in RESULTS:
        raise RecurrenceError("result_unknown", answer.result)
    if answer.reading is not None and not isfinite(answer.reading):
        return "reading_not_a_number"
    if not _limits_make_sense(answer):
        return "limits_invalid"
    if answer.result == NOT_APPLICABLE:
        return None if answer.note.strip() else "note_missing"
    if answer.needs_text and answer.result == PASS and not answer.note.strip():
        return "text_missing"
    if answer.result is None or not _has_to_be_measured(answer):
        return None
    return _check_reading(answer)


def _check_reading(answer: Answer) -> str | None:
    explained = answer.result == FAIL and answer.note.strip()
    if answer.reading is None:
        return None if explained else "reading_missing"
    if answer.result == PASS and not _within_limits(answer):
        return "reading_outside_limits"
    if _is_implausible(answer) and not explained:
        return "reading_implausible"
    return None


def _is_implausible(answer: Answer) -> bool:
    """Tell a slip of the finger: ten times the limit is 240 for 24.0, most often."""
    limits = [abs(limit) for limit in (answer.minimum, answer.maximum) if limit]
    return bool(limits) and abs(answer.reading) >= IMPLAUSIBLE * max(limits)


def _stops_use(answer: Answer) -> bool:
    return answer.defect_class == STOP_NOW


def _problems(lines: Sequence[Answer], has_checklist: bool) -> tuple[Problem, ...]:
    if has_checklist and not lines:
        return (Problem("", "no_lines"),)
    codes = [(line.key, check_answer(line)) for line in lines]
    counts = Counter(line.key for line in lines)
    codes += [(key, "duplicate_key") for key, n in counts.items() if n > 1]
    return tuple(Problem(key, code) for key, code in codes if code)


def _outcome(
    complete: bool,
    failed: Sequence[str],
    dangerous: bool,
) -> str | None:
    if dangerous:
        return UNSAFE
    if not complete:
        return None
    return PASS_WITH_FINDINGS if failed else PASS


def _certificate_refusal(
    complete: bool, failed_critical: Sequence[str], lines: Sequence[Answer]
) -> str | None:
    if failed_critical:
        return "critical_failure"
    if not complete:
        return "incomplete"
    if not any(line.result == PASS for line in lines):
        return "nothing_passed"
    return None


def _has_limits(answer: Answer) -> bool:
    return answer.minimum is not None or answer.maximum is not None


def _has_to_be_measured(answer: Answer) -> bool:
    return _has_limits(answer) or (answer.needs_reading and answer.result == PASS)


def _limits_make_sense(answer: Answer) -> bool:
    limits = [limit for limit in (answer.minimum, answer.maximum) if limit is not None]
    return all(map(isfinite, limits)) and limits == sorted(limits)


def _within_limits(answer: Answer) -> bool:
    above = answer.minimum is None or answer.reading >= answer.minimum
    below = answer.maximum is None or answer.reading <= answer.maximum
    return above and below
