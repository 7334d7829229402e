"""What the teacher pushes to all screens."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from actviz_core import ActvizError, Recipe, reading

Kind = Literal["step", "quiz", "recipe", "look"]
PLACES = ("picture", "curves", "controls", "layers", "task")  # of a page, where the teacher can point
LARGEST_SEED = 2**31 - 1
LARGEST = 2**53 - 1  # whole number that browsers tell from the next one


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

    def data(self) -> dict[str, Any]:
        """What is kept of it."""
        return vars(self) | {"recipe": self.recipe.to_json() if self.recipe else ""}

    @classmethod
    def from_data(cls, data: Any) -> "Push":
        """ActvizError for what was not kept of one."""
        fields = reading.fields(cls, data, "kind", "number", "lesson", "step", "seeds", "at")
        told = data.get("recipe", "")
        if not isinstance(told, str):
            raise ActvizError("the recipe that the teacher showed to all is no text.")
        recipe = Recipe.from_json(told) if told else None
        push = cls(**fields, recipe=recipe)
        if (
            push.at not in ("", *PLACES)
            or (push.kind == "recipe") is (recipe is None)
            or not 0 <= push.number <= LARGEST
        ):
            raise ActvizError("what the teacher showed to all is nothing that can be shown.")
        return push

    def recipe_for(self, seat: int) -> Recipe | None:
        if self.recipe is None or not self.seeds:
            return self.recipe
        spec = self.recipe.spec
        return replace(self.recipe, spec=replace(spec, seed=(spec.seed + seat) % LARGEST_SEED))
