"""Groups: the share that several people had right, with an interval. Answers of one person are not independent of each
other, so persons are drawn again and again, with all their answers (Efron 1979)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .design import CONDITIONS
from .scores import Share, by_condition, is_counted
from .sitting import Sitting

ENOUGH_PERSONS = 5  # from whom on there is anything to say
DRAWS, SEED = 4000, 0
LEVEL = 95.0  # % of the draws lie within the interval


@dataclass(frozen=True)
class GroupShare:
    """What the group had right in a condition, of all answers; 95 % interval from `low` to `high`."""

    share: float
    low: float
    high: float


def of_group(sittings: Sequence[Sitting]) -> tuple[int, dict[str, GroupShare]]:
    """How many persons count, and the shares by condition; none where these are fewer than ENOUGH_PERSONS."""
    counted = [by_condition(sitting) for sitting in sittings if is_counted(sitting)]
    if len(counted) < ENOUGH_PERSONS:
        return len(counted), {}
    columns = {condition: tuple(each[condition] for each in counted) for condition in CONDITIONS}
    return len(counted), {condition: resampled(column) for condition, column in columns.items()}


@lru_cache(64)  # asked for once a second while a class looks at it
def resampled(shares: tuple[Share, ...]) -> GroupShare:
    """The bootstrap's percentiles over persons, the same ones every time."""
    right, of = (np.array([getattr(each, name) for each in shares]) for name in ("right", "of"))
    chosen = np.random.default_rng(SEED).integers(0, len(shares), (DRAWS, len(shares)))
    means = right[chosen].sum(1) / of[chosen].sum(1)
    low, high = np.percentile(means, (50 - LEVEL / 2, 50 + LEVEL / 2))
    return GroupShare(float(right.sum() / of.sum()), float(low), float(high))
