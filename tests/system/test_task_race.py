"""Several real connections, real commits: a technician is never booked twice.

Every contender takes its snapshot before any of them writes, as two visitors do who
look at the same page. The last tests take the guards away and show that the harness
then sees two winners: it would notice if the guards were gone.
"""

from contextlib import contextmanager
from itertools import pairwise
from unittest.mock import patch

from support.race import taken, told

SLOWEST_ANSWER = 3.0
ROUNDS = 3
ROUNDS_UNGUARDED = 1
NO_OVERLAP = "fusion_technician_task_no_double_booking"


def test_one_slot_many_clients(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        *[lambda env: arena.book(env, technician, "09:00") for _client in range(6)]
    )
    assert len(won) == 1 and len(lost) == 5 and taken(lost), lost
    assert len(arena.live_tasks(technician)) == 1
    assert slowest <= SLOWEST_ANSWER


def test_slots_that_overlap_by_half(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"),
        lambda env: arena.book(env, technician, "09:30"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert slowest <= SLOWEST_ANSWER


def test_neighbours_that_leave_too_little_time_to_drive(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00", "near"),
        lambda env: arena.book(env, technician, "10:00", "east"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert "stop" in str(lost[0])
    assert len(arena.live_tasks(technician)) == 1
    assert slowest <= SLOWEST_ANSWER


def test_neighbours_with_enough_time_both_win(arena):
    (technician,) = arena.make_technicians()
    won, lost, _slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"),
        lambda env: arena.book(env, technician, "14:00"),
    )
    assert len(won) == 2 and not lost, lost


def test_book_against_move_against_reassign(arena):
    technician, other = arena.make_technicians(2)
    with arena.environment() as env:
        moved = arena.book(env, technician, "14:00")
        given = arena.book(env, other, "09:30")

    def move(env):
        task = env["fusion.technician.task"].browse(moved)
        task.write({"date_start": arena.at("09:15")})
        return "moved"

    def reassign(env):
        task = env["fusion.technician.task"].browse(given)
        task.write({"technician_id": technician})
        return "reassigned"

    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"), move, reassign
    )
    assert len(won) == 1 and taken(lost), (won, lost)
    spans = sorted(arena.live_tasks(technician))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert slowest <= SLOWEST_ANSWER


def test_two_actions_on_one_task(arena):
    (technician,) = arena.make_technicians()
    with arena.environment() as env:
        task_id = arena.book(env, technician, "09:00")

    def act(name):
        return lambda env: getattr(
            env["fusion.technician.task"].browse(task_id), f"action_{name}"
        )()

    won, lost, _slowest = arena.race(act("cancel"), act("complete"))
    assert len(won) == 1 and len(lost) == 1
    assert "cannot become" in str(lost[0])


# Many rounds of everything -------------------------------------------------------


def same_slot(arena, technician, _other):
    """Four clients look at one slot."""
    return [lambda env: arena.book(env, technician, "09:00")] * 4


def shifted_slots(arena, technician, _other):
    """Three clients look at slots that overlap in part."""
    return [
        lambda env, clock=clock: arena.book(env, technician, clock)
        for clock in ("09:00", "09:30", "10:00")
    ]


def too_far_apart(arena, technician, _other):
    """Two clients look at slots that only the drive between them forbids."""
    return [
        lambda env: arena.book(env, technician, "09:00", "near"),
        lambda env: arena.book(env, technician, "10:00", "east"),
    ]


def book_drag_reassign(arena, technician, other):
    """A client books, while the office drags one visit there and reassigns another."""
    with arena.environment() as env:
        dragged = arena.book(env, technician, "14:00")
        given = arena.book(env, other, "09:30")

    def drag(env):
        event = env["fusion.technician.task"].browse(dragged).calendar_event_id
        event.write({"start": arena.at("09:00"), "stop": arena.at("10:00")})

    def reassign(env):
        task = env["fusion.technician.task"].browse(given)
        task.write({"technician_id": technician})

    return [lambda env: arena.book(env, technician, "09:30"), drag, reassign]


def drag_against_a_far_booking(arena, technician, _other):
    """The office drags a visit beside a slot that a client far away books."""
    with arena.environment() as env:
        dragged = arena.book(env, technician, "14:00")

    def drag(env):
        event = env["fusion.technician.task"].browse(dragged).calendar_event_id
        event.write({"start": arena.at("09:00"), "stop": arena.at("10:00")})

    return [lambda env: arena.book(env, technician, "10:00", "east"), drag]


CONTESTS = (
    same_slot,
    shifted_slots,
    too_far_apart,
    book_drag_reassign,
    drag_against_a_far_booking,
)


def run_contests(arena, rounds):
    """Return (double bookings, errors of the losers, slowest answer) of all."""
    technicians = arena.make_technicians(2 * rounds * len(CONTESTS))
    lost, slowest = [], 0.0
    pairs = zip(technicians[::2], technicians[1::2], strict=True)
    for (technician, other), contest in zip(pairs, CONTESTS * rounds, strict=True):
        _won, errors, seconds = arena.race(*contest(arena, technician, other))
        lost += errors
        slowest = max(slowest, seconds)
    return arena.count_double(technicians), lost, slowest


def test_never_two_winners_in_many_rounds(arena):
    double, lost, slowest = run_contests(arena, ROUNDS)
    assert double == 0
    assert lost and told(lost), lost
    assert slowest <= SLOWEST_ANSWER


# The negative controls -----------------------------------------------------------


def test_without_the_version_bump_the_harness_sees_two_winners(arena):
    (technician,) = arena.make_technicians()
    model = arena.registry["fusion.technician.schedule"]
    with patch.object(model, "_bump", lambda self, spans: None):
        won, _lost, _slowest = arena.race(
            lambda env: arena.book(env, technician, "09:00", "near"),
            lambda env: arena.book(env, technician, "10:00", "east"),
        )
    assert len(won) == 2


def test_without_the_constraint_the_harness_sees_two_winners(arena):
    (technician,) = arena.make_technicians()
    with unguarded(arena):
        won, _lost, _slowest = arena.race(
            *[lambda env: arena.book(env, technician, "09:00")] * 2
        )
    assert len(won) == 2
    with arena.environment() as env:
        assert env["fusion.technician.task"]._get_missing_guards() == []


def test_without_the_guards_many_rounds_show_double_bookings(arena):
    with unguarded(arena):
        double, _lost, _slowest = run_contests(arena, ROUNDS_UNGUARDED)
    assert double >= ROUNDS_UNGUARDED * len(CONTESTS)
    with arena.environment() as env:
        assert env["fusion.technician.task"]._get_missing_guards() == []


@contextmanager
def unguarded(arena):
    """Take the constraint and the version bump away, and put them back."""
    with arena.environment() as env:
        env.cr.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            [NO_OVERLAP],
        )
        (definition,) = env.cr.fetchone()
        env.cr.execute(
            f"ALTER TABLE fusion_technician_task DROP CONSTRAINT {NO_OVERLAP}"
        )
        env.cr.execute("SELECT max(id) FROM fusion_technician_task")
        (last_id,) = env.cr.fetchone()
    model = arena.registry["fusion.technician.schedule"]
    try:
        with patch.object(model, "_bump", lambda self, spans: None):
            yield
    finally:
        with arena.environment() as env:
            env.cr.execute(
                "DELETE FROM fusion_technician_task WHERE id > %s", [last_id or 0]
            )
            env.cr.execute(
                f"ALTER TABLE fusion_technician_task"
                f" ADD CONSTRAINT {NO_OVERLAP} {definition}"
            )
