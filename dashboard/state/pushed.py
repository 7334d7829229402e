"""What the teacher pushes to all screens."""

from dataclasses import dataclass, replace
from typing import Literal

from actviz_core import Recipe

Kind = Literal["step", "quiz", "recipe", "look"]
PLACES = ("picture", "curves", "controls", "layers", "task")  # of a page, where the teacher can point
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Push:
    """What the teacher shows to all screens, told apart by its number.

    kind    "step" of a lesson; the "quiz"; "recipe", which everybody's Explore starts; "look": eyes on the projector
    seeds   whether each member gets a seed of its own
    at      one of PLACES that a look is to go to; "": the teacher's screen
    """

    kind: Kind
    number: int
    lesson: str = ""
    step: str = ""
    recipe: Recipe | None = None
    seeds: bool = False
    at: str = ""

    def recipe_for(self, seat: int) -> Recipe | None:
        if self.recipe is None or not self.seeds:
            return self.recipe
        spec = self.recipe.spec
        return replace(self.recipe, spec=replace(spec, seed=(spec.seed + seat) % LARGEST_SEED))
