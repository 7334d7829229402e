import numpy as np
import pytest

from actviz_core import Frame, History, Point, Snapshot
from actviz_core.runs.history import Thinned

BYTES = 99  # of a picture, and of a snapshot


def picture():
    return np.zeros((1, 1, BYTES // 3, 3), np.uint8)


def snapshot(iteration):
    return Snapshot(iteration, np.zeros(BYTES - 1, np.uint8), {0: {"step": np.zeros(1, np.uint8)}})


def frame(iteration, **given):
    given = (
        dict(
            images=picture(),
            score=(float(iteration), 2.0),
            penalties={"l1": 0.5},
            gradient=(0.1, 0.2),
            learning_rate=0.05,
            seconds=0.01,
        )
        | given
    )
    return Frame(iteration, **given)


def filled(iterations, every=1, pictures=10 * BYTES, snapshots=10 * BYTES, first=1):
    history = History(pictures, snapshots)
    for i in range(first, iterations + 1):
        history.add(frame(i, snapshot=snapshot(i) if i % every == 0 else None))
    return history


def test_a_point_is_a_frame_in_plain_numbers():
    assert Point.of(frame(3)) == Point(3, (3.0, 2.0), (("l1", 0.5),), (0.1, 0.2), 0.05, 0.01)
    hash(Point.of(frame(3)))


def test_every_point_is_kept():
    assert [point.iteration for point in filled(500).points] == list(range(1, 501))


def test_everything_is_kept_while_it_fits():
    history = filled(10)
    assert list(history.pictures.values) == list(history.snapshots.values) == list(range(1, 11))


@pytest.mark.parametrize("iterations", [11, 20, 21, 100, 333, 1000])
@pytest.mark.parametrize("every", [1, 3, 10])
def test_pictures_and_snapshots_stay_within_their_bounds_at_even_spacing(iterations, every):
    history = filled(iterations, every)
    for kept in (history.pictures, history.snapshots):
        assert kept.bytes == BYTES * len(kept.values) <= 10 * BYTES
        spacings = set(np.diff(list(kept.values)).tolist())
        assert len(spacings) <= 1 and all(i % kept.spacing == 0 for i in kept.values)
    assert len(history.pictures.values) >= 5 and iterations - max(history.pictures.values) < history.pictures.spacing


def test_one_value_larger_than_the_bound_is_kept():
    history = History(10, 10)
    for i in range(1, 10):
        history.add(frame(i))
    assert len(history.pictures.values) == 1


def test_readers_see_a_whole_dictionary_while_it_is_thinned():
    history = filled(10)
    seen = history.pictures.values
    history.add(frame(11))
    history.add(frame(12))
    assert list(seen) == list(range(1, 12)) and list(history.pictures.values) == [2, 4, 6, 8, 10, 12]


def test_the_snapshot_before():
    history = filled(100, 10)
    assert [history.snapshot_before(i) and history.snapshot_before(i).iteration for i in (5, 10, 19, 99, 10**6)] == [
        None,
        10,
        10,
        90,
        100,
    ]
    assert history.pictures.at_or_before(0) is None


def test_until_is_a_copy_without_what_is_later():
    history = filled(40, 10)
    copy = history.until(25)
    assert [p.iteration for p in copy.points] == list(range(1, 26))
    assert max(copy.pictures.values) <= 25 and list(copy.snapshots.values) == [10, 20]
    assert copy.pictures.spacing == history.pictures.spacing and copy.pictures.bytes == BYTES * len(
        copy.pictures.values
    )
    for i in range(26, 100):
        copy.add(frame(i))
    assert copy.pictures.bytes <= 10 * BYTES and len(set(np.diff(list(copy.pictures.values)))) == 1
    assert len(history.points) == 40 and list(history.snapshots.values) == [10, 20, 30, 40]


def test_a_branch_from_a_run_that_goes_on_meanwhile():
    """The thread that steps the run adds to the dictionary while another copies it.

    Here at the worst moment, each time.
    """
    thinned = Thinned(10**9, lambda value: 1)

    class Iteration(int):
        def __le__(self, other):
            thinned.add(max(thinned.values) + 1, "new")
            return int(self) <= other

    for iteration in range(1, 5):
        thinned.add(Iteration(iteration), "old")
    assert list(thinned.until(3).values) == [1, 2, 3]
