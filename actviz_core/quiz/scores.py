"""Scores: what somebody had right, by condition and by confidence. Practice and catch trials do not count."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from .design import CATCH, CONDITIONS, SCORED
from .sitting import ANSWERS, Given, Sitting

Z = 1.959963984540054  # of the normal distribution: 95 % lie within it


@dataclass(frozen=True)
class Share:
    """So many right of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of

    def wilson(self) -> tuple[float, float]:
        """The 95 % interval of Wilson 1927, for independent answers; everything where there are none."""
        if not self.of:
            return 0.0, 1.0
        n, share, square = self.of, self.value, Z * Z
        middle, half = share + square / (2 * n), Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
        return max(0.0, (middle - half) / (1 + square / n)), min(1.0, (middle + half) / (1 + square / n))


def share_of(given: Iterable[Given]) -> Share:
    rights = [each.right for each in given]
    return Share(sum(rights), len(rights))


def answers_of(sitting: Sitting, kind: str, condition: str = "") -> list[Given]:
    """Those to trials of a kind; of one condition, if one is named."""
    pairs = zip(sitting.trials, sitting.answers, strict=False)
    return [given for trial, given in pairs if trial.kind == kind and condition in ("", trial.condition)]


def by_condition(sitting: Sitting) -> dict[str, Share]:
    return {condition: share_of(answers_of(sitting, SCORED, condition)) for condition in CONDITIONS}


def by_confidence(sitting: Sitting) -> dict[int, Share]:
    """By how sure somebody was: 1, 2 or 3."""
    scored = answers_of(sitting, SCORED)
    levels = range(1, ANSWERS // 2 + 1)
    return {level: share_of(each for each in scored if each.confidence == level) for level in levels}


def is_counted(sitting: Sitting) -> bool:
    """Whether a group's shares have it: it is finished, and not all catch trials were missed."""
    return sitting.finished and any(each.right for each in answers_of(sitting, CATCH))
