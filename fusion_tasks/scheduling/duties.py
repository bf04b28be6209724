"""Who does a duty of the office: by the settings, in turn, never somebody who left."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Roster:
    """The people for one duty, by their ids; only those who could do it.

    :param team: whom the settings name
    :param stand_ins: who steps in for one who is off
    :param others: who has the role, for a company without settings
    :param off: who is off today
    """

    team: tuple[int, ...] = ()
    stand_ins: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    off: Collection[int] = ()

    def pick(self, turn: int = 0, first: int | None = None) -> int | None:
        """Return who does it now, or None when there is nobody at all.

        Those who are there come before all who are off today.

        :param turn: any number; equal ones give the same person, others go round
        :param first: who has it already, and keeps it unless off
        """
        stands_in = (
            [self.stand_ins, self.team] if first else [self.team, self.stand_ins]
        )
        circles = [(first,) if first else (), *stands_in, self.others]
        here = [[one for one in circle if one not in self.off] for circle in circles]
        for circle in (*here, *circles):
            if circle:
                return circle[turn % len(circle)]
        return None

    def share(self, loads: Mapping[int, int]) -> int | None:
        """Return who is given one more to look after, or None.

        Of the people in the settings, else of those with the role, who has the fewest.
        A day off does not count: it is for years.

        :param loads: how many each looks after already, by id
        """
        people = self.get_people()
        return min(people, key=lambda one: (loads.get(one, 0), one), default=None)

    def get_people(self) -> tuple[int, ...]:
        """Return whose work it is by the settings, else by the role."""
        return self.team or self.stand_ins or self.others
