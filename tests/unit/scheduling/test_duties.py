"""Who does a duty of the office next."""

import pytest

from scheduling import Roster

ANN, BEN, STAND_IN, OTHER, LEFT = 2, 3, 4, 5, 9
TEAM = {"team": (ANN, BEN), "stand_ins": (STAND_IN,), "others": (OTHER,)}


@pytest.mark.parametrize(
    ("roster", "first", "expected"),
    [
        # Whoever has it keeps it, also beside the settings.
        (Roster(**TEAM), BEN, BEN),
        (Roster(**TEAM), OTHER, OTHER),
        # Off today: the stand-in, then the others of the team, then whoever may.
        (Roster(**TEAM, off={BEN}), BEN, STAND_IN),
        (Roster(**TEAM, off={BEN, STAND_IN}), BEN, ANN),
        (Roster(**TEAM, off={ANN, BEN, STAND_IN}), BEN, OTHER),
        # All are off: it stays with whom it is.
        (Roster(**TEAM, off={ANN, BEN, STAND_IN, OTHER}), BEN, BEN),
        # Nobody has it: the settings, the stand-in, the role.
        (Roster(**TEAM), None, ANN),
        (Roster(**TEAM, off={ANN}), None, BEN),
        (Roster(**TEAM, off={ANN, BEN}), None, STAND_IN),
        (Roster(stand_ins=(STAND_IN,), others=(OTHER,)), None, STAND_IN),
        (Roster(others=(OTHER,)), None, OTHER),
        (Roster(), None, None),
    ],
)
def test_who_is_next(roster, first, expected):
    assert roster.pick(0, first) == expected


def test_several_take_turns():
    roster = Roster(**TEAM)
    assert [roster.pick(turn) for turn in range(4)] == [ANN, BEN, ANN, BEN]


@pytest.mark.parametrize(
    ("roster", "loads", "expected"),
    [
        (Roster(**TEAM), {}, ANN),
        (Roster(**TEAM), {ANN: 3, BEN: 2, STAND_IN: 0}, BEN),
        (Roster(**TEAM, off={BEN}), {ANN: 3, BEN: 2}, BEN),
        (Roster(others=(OTHER, LEFT)), {OTHER: 1}, LEFT),
        (Roster(), {}, None),
    ],
)
def test_new_clients_are_shared_evenly(roster, loads, expected):
    assert roster.share(loads) == expected
