"""Agreement: whether two maps of one picture rank its places alike, and what another baseline or seed does to one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from jaxtyping import Float

from ..attribution import Maps, Method
from ..attribution.attribute import NO_PICTURE, attributed, tensor_of
from ..errors import NotAllowed
from ..frames import Frame
from ..models.model import Model
from ..numerals import written
from ..objectives import Objective
from ..registry import fields_of

OTHERS = ("black", "blur", "white")  # baselines that a map is compared with; each is blind to something else
CLEAR = 0.5  # a rank correlation below it: the two maps tell different stories


def rank_correlation(one: Float[np.ndarray, "..."], other: Float[np.ndarray, "..."]) -> float | None:
    """Spearman's, of two maps of one size, -1 to 1; None where one of them is flat or holds what is no number."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return None
    first, second = ranks(one), ranks(other)
    first, second = first - first.mean(), second - second.mean()
    spread = np.sqrt((first**2).sum() * (second**2).sum())
    return float((first * second).sum() / spread) if spread > 0 else None


def ranks(values: Float[np.ndarray, "..."]) -> Float[np.ndarray, " cells"]:
    """From 1 for the least; equal values have the mean of their ranks."""
    _, which, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    return (counts.cumsum() - (counts - 1) / 2)[which]


def variants(method: Method) -> tuple[tuple[str, Method], ...]:
    """The same method with another baseline, and with another seed, where it has them; what differs, in words."""
    names = {field.name for field in fields_of(type(method))}
    values = cast(Any, method)
    found = []
    if "baseline" in names:
        other = next(name for name in OTHERS if name != values.baseline)
        found.append((f"baselines {values.baseline} and {other}", replace(values, baseline=other)))
    drawn = "baseline" not in names or values.baseline == "noise" or "masks" in names
    if "seed" in names and drawn:
        found.append((f"seeds {values.seed} and {values.seed + 1}", replace(values, seed=values.seed + 1)))
    return tuple(found)


@dataclass(frozen=True)
class Agreement:
    """Between which two maps, and their rank correlation; None where one is flat."""

    between: str
    correlation: float | None


@dataclass(frozen=True, eq=False)
class AgreementFrame(Frame):
    """What is known so far; `words` is the verdict, "" until all is known."""

    agreements: tuple[Agreement, ...] = ()
    passes: int = 0
    fraction: float = 0.0
    words: str = ""


@dataclass(frozen=True, eq=False)
class MeasureAgreement:
    """The work of a run that makes the map of a picture uint8 [h, w, 3] with other baselines and seeds too."""

    network: tuple[str, str]
    image: np.ndarray
    objective: Objective
    method: Method

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[AgreementFrame]:
        """Raises NotAllowed for a method without either."""
        others = variants(self.method)
        if not others:
            raise NotAllowed(f"{self.method.title} draws nothing and has no baseline: its map is always the same.")
        return compared(models(*self.network), self, others)


def compared(model: Model, work: MeasureAgreement, others: tuple[tuple[str, Method], ...]) -> Iterator[AgreementFrame]:
    image, iteration, passes = tensor_of(work.image[None]), 0, 0
    made: list[Maps] = []
    agreements: tuple[Agreement, ...] = ()
    for place, method in enumerate((work.method, *(other for _, other in others))):
        for maps in attributed(model, image, work.objective, method):
            iteration += 1
            fraction = (place + maps.fraction) / (len(others) + 1)
            if maps.done:
                made.append(maps)
                passes += maps.passes
                if place:
                    correlation = rank_correlation(made[0].values[0], maps.values[0])
                    agreements = (*agreements, Agreement(others[place - 1][0], correlation))
            words = verdict(agreements) if fraction >= 1 else ""
            yield AgreementFrame(
                iteration,
                NO_PICTURE,
                maps.score,
                agreements=agreements,
                passes=passes if maps.done else passes + maps.passes,
                fraction=fraction,
                words=words,
            )


def verdict(agreements: tuple[Agreement, ...]) -> str:
    """In a sentence for each."""
    said = []
    for each in agreements:
        if each.correlation is None:
            said.append(f"With {each.between} one of the maps is flat.")
        elif each.correlation < CLEAR:
            said.append(f"With {each.between} the maps differ: rank correlation {written(each.correlation, '.2f')}.")
        else:
            said.append(f"With {each.between} the maps agree: rank correlation {written(each.correlation, '.2f')}.")
    return " ".join(said)
