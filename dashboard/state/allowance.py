"""How much of its runs each visitor has kept: less where a whole class has runs."""

from dataclasses import dataclass

from actviz_core import History
from dashboard.state.classroom import CLASSROOM

MIB = 2**20


@dataclass(frozen=True)
class Allowance:
    """Bytes that one visitor's runs record.

    pictures, snapshots  of a run on Explore
    board                of all pictures of the columns, and of a sweep as many again
    step                 of all pictures of a step of a lesson
    """

    pictures: int
    snapshots: int
    board: int
    step: int

    @property
    def history(self) -> History:
        """Of a run on Explore."""
        return History(self.pictures, self.snapshots)


USUAL = Allowance(pictures=48 * MIB, snapshots=64 * MIB, board=96 * MIB, step=6 * MIB)
IN_CLASS = Allowance(pictures=4 * MIB, snapshots=2 * MIB, board=6 * MIB, step=4 * MIB)


def allowance() -> Allowance:
    return IN_CLASS if CLASSROOM.open else USUAL
