"""Clients who take different times of one technician at once: nobody is in the way.

A transaction that begins when it is its turn sees what it waited for, so nobody fails
to serialise and sleeps before trying again. The last test takes the turns away and sees
those naps.
"""

from datetime import timedelta
from unittest.mock import patch

from support.race import taken

SLOWEST_ANSWER = 3.0
ROUNDS = 3
CLOCKS = ("08:30", "10:00", "13:00", "14:30")


def one_day(arena, technician):
    """Clients look at different times of one day."""
    return [
        lambda env, clock=clock: arena.book_in_turn(env, technician, clock)
        for clock in CLOCKS
    ]


def test_different_times_of_one_day_are_all_won_and_nobody_tries_again(arena):
    for _round in range(ROUNDS):
        (technician,) = arena.make_technicians()
        won, lost, slowest = arena.race(*one_day(arena, technician))
        assert len(won) == len(CLOCKS) and not lost, lost
        assert len(arena.live_tasks(technician)) == len(CLOCKS)
        assert not arena.naps and slowest <= SLOWEST_ANSWER


def test_whose_turn_it_is_sees_the_neighbour_that_is_too_far(arena):
    (technician,) = arena.make_technicians()
    won, lost, _slowest = arena.race(
        lambda env: arena.book_in_turn(env, technician, "09:00", "near"),
        lambda env: arena.book_in_turn(env, technician, "10:00", "east"),
    )
    assert len(won) == 1 and taken(lost) and "stop" in str(lost[0]), lost
    assert not arena.naps
    assert len(arena.live_tasks(technician)) == 1


def test_one_time_has_one_winner_and_nobody_tries_again(arena):
    (technician,) = arena.make_technicians()
    won, lost, _slowest = arena.race(
        *[lambda env: arena.book_in_turn(env, technician, "09:00")] * 4
    )
    assert len(won) == 1 and len(lost) == 3 and taken(lost), lost
    assert not arena.naps


def test_other_days_of_a_technician_are_no_concern(arena):
    """Without turns, too: an office that plans several days at once."""
    (technician,) = arena.make_technicians()

    def plan(env, days):
        start = arena.at("09:00") + timedelta(days=days)
        vals = {"technician_id": technician, "date_start": start, "duration": 1.0}
        return env["fusion.technician.task"]._create_booking(vals).id

    won, lost, _slowest = arena.race(
        *[lambda env, days=days: plan(env, days) for days in range(4)]
    )
    assert len(won) == 4 and not lost and not arena.naps, (lost, arena.naps)


def test_locks_end_with_the_transaction(arena):
    """Also those that the session holds while a transaction begins anew."""
    (technician,) = arena.make_technicians()
    start = arena.at("09:00")
    with arena.environment() as env:
        schedules = env["fusion.technician.schedule"]
        schedules._begin_in_turn([(technician, start, start)])
        assert count_locks(env) == 1
        env.cr.rollback()
        assert count_locks(env) == 0


def test_who_waits_too_long_for_their_turn_is_told_so(arena):
    (technician,) = arena.make_technicians()
    patience = "odoo.addons.fusion_tasks.models.availability.fusion_technician_schedule"
    with arena.environment() as env, patch(f"{patience}.PATIENCE_AT_THE_START_MS", 300):
        start = arena.at("09:00")
        env["fusion.technician.schedule"]._queue([(technician, start, start)])
        won, lost, slowest = arena.race(
            lambda env: arena.book_in_turn(env, technician, "09:00"),
            lambda env: arena.book_in_turn(env, technician, "14:00"),
        )
        assert count_locks(env) == 1
    assert not won and taken(lost) and "Somebody else" in str(lost[0]), lost
    assert slowest <= SLOWEST_ANSWER


def count_locks(env):
    """Return how many advisory locks there are in the database of an environment."""
    env.cr.execute(
        """
        SELECT count(*) FROM pg_locks
         WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database
                            WHERE datname = current_database())
        """
    )
    return env.cr.fetchone()[0]


# The negative control ------------------------------------------------------------


def test_without_turns_the_harness_sees_naps(arena):
    (technician,) = arena.make_technicians()
    model = arena.registry["fusion.technician.schedule"]
    with patch.object(model, "_begin_in_turn", lambda self, spans: None):
        arena.race(*one_day(arena, technician))
    assert arena.naps
