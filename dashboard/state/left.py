"""What is left of a run that is no longer kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from actviz_core import Run
from dashboard.state.thumbnail import small

SIZE = 160  # pixels of a side: less than 20 kB, whatever it shows
POINTS = 80  # of the curve


@dataclass(frozen=True)
class Left:
    """
    picture  the last one, small, as a JPEG; b"" where there was none
    scores   from the first iteration to the last, as many as a small curve shows
    """

    picture: bytes = b""
    iteration: int = 0
    iterations: float = 0
    scores: Sequence[float] = ()


def left_of(run: Run) -> Left:
    frame, points = run.newest, list(run.history.points)
    if frame is None:
        return Left(iterations=run.iterations)
    apart = 1 + len(points) // POINTS
    kept = [*points[:-1:apart], *points[-1:]]
    scores = tuple(sum(point.score) / len(point.score) for point in kept)
    return Left(small(frame.images[0], SIZE), frame.iteration, run.iterations, scores)
