"""Column runs: the columns of a comparison on their way, in step."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from .. import origin
from ..errors import ActvizError
from ..frames import Frame
from ..models.model import Model
from ..optimization.in_step import together
from ..optimization.loop import Ascent
from ..optimization.recipe import Recipe
from ..runs.history import History

LoadHere = Callable[[str, str], Model]  # (name, weights as a recipe records them) -> a network of this process


@dataclass(eq=False)
class ColumnRun:
    """One column: its recipe, its course so far, its newest frame, and why it ended if it did before its time."""

    recipe: Recipe
    history: History = field(default_factory=History)
    frame: Frame | None = None
    problem: ActvizError | None = None

    @property
    def end(self) -> int:
        """The iteration that it goes to: that of the recipe's picture, or the last."""
        return self.recipe.picture or self.recipe.spec.iterations

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to do."""
        return self.problem is not None or (self.frame is not None and self.frame.iteration >= self.end)

    def take(self, answer: Frame | Exception | None) -> None:
        """The next frame, or what came instead; raises what is not for people to put right."""
        if isinstance(answer, Frame):
            self.frame = answer
            self.history.add(answer)
        elif isinstance(answer, ActvizError):
            self.problem = answer
        elif answer is not None:
            raise answer


def run_in_step(recipes: Sequence[Recipe], load: LoadHere, advanced: Callable[[], object]) -> list[ColumnRun]:
    """Makes all pictures in step; `advanced` is called after each iteration of each.

    Whoever fails leaves the others alone. Raises ActvizError for networks that cannot be loaded, before anything is
    computed.
    """
    models = [load(recipe.spec.model, recipe.spec.weights) for recipe in recipes]
    runs = [ColumnRun(stamped(recipe, model)) for recipe, model in zip(recipes, models, strict=True)]
    with ExitStack() as closing_all:
        ascents = [closing_all.enter_context(closing(Ascent(*each))) for each in zip(models, recipes, strict=True)]
        while going := [place for place, run in enumerate(runs) if not run.ended]:
            answers = together([ascents[place] for place in going], [None] * len(going))
            for place, answer in zip(going, answers, strict=True):
                runs[place].take(answer)
                advanced()
    return runs


def stamped(recipe: Recipe, model: Model) -> Recipe:
    """With where it is made."""
    return replace(recipe, origin=origin.here(model.device))
