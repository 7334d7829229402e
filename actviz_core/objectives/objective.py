"""Objectives: what is maximized.

An objective is a value that declares the `layers` it reads and can be called: activations by layer's name -> score [n].
Activations are [n, channels, rows, columns]; dense outputs are 1 x 1, tokens are rows. Objectives add up exactly:
`Channel(a, 1) - 0.5 * Channel(a, 2)` is that, and never changes its operands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, replace
from typing import Any, ClassVar, cast

from jaxtyping import Float
from torch import Tensor

from ..errors import ActvizError
from ..models.activation_functions import UNLIMITED
from ..models.layer import Layer
from ..models.layers import AnyModel, find_layer
from ..numerals import written
from ..registry import kind
from ..settings import Checked

Activations = Mapping[str, Float[Tensor, "n _ _ _"]]
"""What layers answer, by their names: [n, channels, rows, columns]."""

Scores = Float[Tensor, " n"]
"""A number for each of n images; higher is better."""


class Objective(Checked):
    """What is maximized: a frozen value that says which layers it reads, and is called with what these answer.

    title  what people call the kind
    score  what they call its number; its unit is that of the activations
    alone  whether it can be maximized by itself
    """

    title: ClassVar[str]
    score: ClassVar[str]
    alone: ClassVar[bool] = True

    # Kinds are dataclasses, most of them with a layer.
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    layer: str

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.title = vars(cls).get("title", kind(cls).replace("_", " ").capitalize())
        cls.score = vars(cls).get("score", cls.title.lower())

    @classmethod
    def nearest(cls, layer: Layer, channel: int) -> "Objective":
        """The objective of this kind that is nearest to a channel of a layer."""
        return cast(Callable[[str], Objective], cls)(layer.name)  # kinds are dataclasses, with the layer first

    def describe(self, labels: Sequence[str] = ()) -> str:
        """A short name for people: "blocks.4.0, channel 20"; told the names of the classes."""
        return f"{', '.join(self.layers)}, {self.title.lower()}"

    def in_layer(self, layer: Layer) -> "Objective":
        """The same in another layer; what does not exist there is the last channel, or the middle."""
        return replace(self, layer=layer.name) if hasattr(self, "layer") else self

    def about(self, channel: int) -> "Objective":
        """The same with another channel, if it is about one."""
        return self

    @property
    def main_channel(self) -> int | None:
        """The channel that it is about most."""
        return None

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers whose activations it is called with."""
        return (self.layer,)

    def __call__(self, activations: Activations) -> Scores:
        """Activations [n, channels, rows, columns] by layer's name -> score [n], any number; higher is better."""
        raise NotImplementedError

    def checked(self, model: AnyModel, height: int, width: int) -> "Objective":
        """The same objective with names resolved for this model and pictures of that size in pixels.

        Raises ActvizError where layer, channel, position or class do not exist.
        """
        find_layer(model, self.layer, height, width)
        return self

    def resized(self, model: AnyModel, size: tuple[int, int], new: tuple[int, int]) -> "Objective":
        """The same objective for pictures of another size: what has a position keeps its place in the picture."""
        return self

    def before(self, model: AnyModel) -> "Objective":
        """The same before the activation function that its layer is the output of; itself where that is none."""
        found = find_layer(model, self.layer).before
        return replace(self, layer=found) if found else self

    def limits(self, model: AnyModel) -> tuple[str, float, float]:
        """Name, lowest and highest value of the activation function that it is the output of; infinite without one."""
        return UNLIMITED

    def __add__(self, other: "Objective") -> "Sum":
        return Sum(terms_of(self) + terms_of(other))

    def __sub__(self, other: "Objective") -> "Sum":
        return self + -1.0 * other

    def __mul__(self, weight: float) -> "Sum":
        return Sum(tuple(Term(float(weight) * term.weight, term.objective) for term in terms_of(self)))

    __rmul__ = __mul__

    def __neg__(self) -> "Sum":
        return self * -1.0


@dataclass(frozen=True)
class Term(Checked):
    """One term of a Sum: an objective and the factor of its score, which may be negative."""

    weight: float
    objective: Objective


@dataclass(frozen=True)
class Sum(Objective):
    """Weighted objectives added up, 1 to 32 of them; made by + - and * of objectives. A sum of sums is one sum."""

    score = "weighted sum"
    alone = False

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        # A sum of sums is one sum.
        flat = tuple(
            Term(term.weight * inner.weight, inner.objective)
            for term in self.terms
            for inner in terms_of(term.objective)
        )
        object.__setattr__(self, "terms", flat)
        if not 1 <= len(self.terms) <= 32:
            raise ActvizError(f"a sum needs 1 to 32 terms; it has {len(self.terms)}.")

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for term in self.terms for name in term.objective.layers))

    def __call__(self, activations: Activations) -> Scores:
        first, *others = (term.weight * term.objective(activations) for term in self.terms)
        return sum(others, first)

    def checked(self, model: AnyModel, height: int, width: int) -> "Sum":
        return Sum(tuple(replace(term, objective=term.objective.checked(model, height, width)) for term in self.terms))

    def before(self, model: AnyModel) -> "Sum":
        weighted = (term.weight * term.objective.before(model) for term in self.terms)
        return Sum(tuple(term for each in weighted for term in each.terms))

    def describe(self, labels: Sequence[str] = ()) -> str:
        return " ".join(f"{written(term.weight, '+g')} ({term.objective.describe(labels)})" for term in self.terms)

    def in_layer(self, layer: Layer) -> "Sum":
        return Sum(tuple(replace(term, objective=term.objective.in_layer(layer)) for term in self.terms))

    def resized(self, model: AnyModel, size: tuple[int, int], new: tuple[int, int]) -> "Sum":
        return Sum(tuple(replace(term, objective=term.objective.resized(model, size, new)) for term in self.terms))


def terms_of(objective: Objective) -> tuple[Term, ...]:
    return objective.terms if isinstance(objective, Sum) else (Term(1.0, objective),)
