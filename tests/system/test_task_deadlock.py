"""Several real connections that come to the same rows in opposite order.

PostgreSQL looks for deadlocks after a second only, and Odoo then waits up to two more
before it tries again. All who plan queue for their technicians first, so that nobody
has to be found out that way. The last test takes the queue away and sees the deadlock.
"""

from statistics import median
from unittest.mock import patch

from support.race import taken, told

SLOWEST_ANSWER = 3.0
SOONEST_AFTER_DEADLOCK = 1.0
ROUNDS = 10


def test_two_tasks_in_opposite_order_do_not_hang(arena):
    (technician,) = arena.make_technicians()

    def both(env, *clocks):
        return [arena.book(env, technician, clock, check=False) for clock in clocks]

    won, lost, slowest = arena.race(
        lambda env: both(env, "09:00", "14:00"),
        lambda env: both(env, "14:00", "09:00"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert len(arena.live_tasks(technician)) == 2
    assert slowest <= SLOWEST_ANSWER


def book_crosswise(arena):
    """Let two connections book the same two technicians, each the other way round.

    :return: (technician ids, winners, errors of the losers, slowest answer)
    """
    one, two = arena.make_technicians(2)

    def both(env, *technicians):
        return [arena.book(env, who, "09:00", check=False) for who in technicians]

    return [one, two], *arena.race(
        lambda env: both(env, one, two), lambda env: both(env, two, one)
    )


def test_two_technicians_in_opposite_order_do_not_hang(arena):
    seconds = []
    for _round in range(ROUNDS):
        technicians, won, lost, slowest = book_crosswise(arena)
        assert len(won) == 1 and taken(lost) and told(lost), lost
        assert [len(arena.live_tasks(who)) for who in technicians] == [1, 1]
        seconds.append(slowest)
    assert max(seconds) <= SLOWEST_ANSWER
    # Whoever asks out of order gives up after half a second.
    assert median(seconds) < SOONEST_AFTER_DEADLOCK


def test_two_tasks_at_once_in_opposite_order_do_not_hang(arena):
    one, two = arena.make_technicians(2)

    def both(env, *technicians):
        common = {"date_start": arena.at("09:00"), "status": "scheduled"}
        vals = [{**common, "technician_id": who} for who in technicians]
        return env["fusion.technician.task"].create(vals).ids

    won, lost, slowest = arena.race(
        lambda env: both(env, one, two), lambda env: both(env, two, one)
    )
    assert len(won) == 1 and taken(lost), lost
    assert slowest <= SLOWEST_ANSWER


def test_two_technicians_swapped_by_two_dispatchers_do_not_hang(arena):
    one, two = arena.make_technicians(2)
    with arena.environment() as env:
        first = arena.book(env, one, "09:00")
        second = arena.book(env, two, "14:00")

    def give(task_id, technician):
        return lambda env: (
            env["fusion.technician.task"]
            .browse(task_id)
            .write({"technician_id": technician})
        )

    won, lost, slowest = arena.race(give(first, two), give(second, one))
    assert len(won) == 2 and not lost, lost
    assert len(arena.live_tasks(one)) == len(arena.live_tasks(two)) == 1
    assert slowest <= SLOWEST_ANSWER


def test_drag_on_the_calendar_against_move_of_the_task_do_not_hang(arena):
    for _round in range(ROUNDS):
        (technician,) = arena.make_technicians()
        with arena.environment() as env:
            task_id = arena.book(env, technician, "09:00")

        def drag(env, task_id=task_id):
            event = env["fusion.technician.task"].browse(task_id).calendar_event_id
            event.write({"start": arena.at("13:00"), "stop": arena.at("14:00")})

        def move(env, task_id=task_id):
            task = env["fusion.technician.task"].browse(task_id)
            task.write({"date_start": arena.at("15:00")})

        won, lost, slowest = arena.race(drag, move)
        assert len(won) == 2 and not lost, lost
        assert len(arena.live_tasks(technician)) == 1
        assert slowest <= SLOWEST_ANSWER


def test_who_waits_long_is_told_so(arena):
    """A long transaction, an import, say, holds the technician: others hear of it."""
    (technician,) = arena.make_technicians()
    with arena.environment() as env:
        env["fusion.technician.schedule"]._queue(
            [(technician, arena.at("09:00"), arena.at("10:00"))]
        )
        won, lost, slowest = arena.race(
            *[lambda env: arena.book(env, technician, "09:00")] * 2
        )
    assert not won and len(lost) == 2
    assert taken(lost) and "Somebody else" in str(lost[0])
    assert slowest <= SLOWEST_ANSWER


# The negative control ------------------------------------------------------------


def test_without_the_queue_the_harness_sees_a_deadlock(arena):
    model = arena.registry["fusion.technician.schedule"]
    with patch.object(model, "_queue", lambda self, spans: None):
        _technicians, won, lost, slowest = book_crosswise(arena)
    assert len(won) == 1 and taken(lost), lost
    assert slowest >= SOONEST_AFTER_DEADLOCK
