"""The work of a run: a recipe, and where to begin, as values that go to whoever owns the device."""

from collections.abc import Callable
from dataclasses import dataclass

from ..frames import Snapshot
from ..models.model import Model
from .loop import Ascent, Frames, replay
from .recipe import Recipe


@dataclass(frozen=True)
class Replay:
    """A recipe with its logged changes, from the start or from a snapshot on (`replay`)."""

    recipe: Recipe
    snapshot: Snapshot | None = None

    @property
    def network(self) -> tuple[str, str]:
        return self.recipe.spec.model, self.recipe.spec.weights

    def begin(self, models: Callable[[str, str], Model]) -> Frames:
        return replay(models(*self.network), self.recipe, self.snapshot)


@dataclass(frozen=True)
class ReplayInStep:
    """The same from the start, for one of several runs that `together` advances.

    uphill  whether its frames show the gradient too
    """

    recipe: Recipe
    uphill: bool = False

    @property
    def network(self) -> tuple[str, str]:
        return self.recipe.spec.model, self.recipe.spec.weights

    def begin(self, models: Callable[[str, str], Model]) -> Ascent:
        return Ascent(models(*self.network), self.recipe, uphill=self.uphill)
