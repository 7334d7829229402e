"""A recipe: all that is needed to make a picture again, and its JSON.

Everything read back passes through the dataclasses: nothing is unpickled, evaluated or imported.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass, replace

from ..errors import ActvizError
from ..origin import Origin
from ..reading import read
from ..settings import Checked, setting, to_data
from ..values import conform, shown
from .changes import Change, LogEntry, resolved, shortened
from .hyperparams import Hyperparams
from .spec import Spec


@dataclass(frozen=True)
class Recipe(Checked):
    """Spec, the first Hyperparams, the log of their changes, and the iteration whose picture was kept (0: the last).

    changes  given as changes or adjustments; kept as changes
    origin   of a saved picture: where it was made
    """

    spec: Spec
    hyperparams: Hyperparams = Hyperparams()
    changes: tuple[Change, ...] = ()
    picture: int = setting(0, low=0)
    origin: Origin | None = None

    def __post_init__(self) -> None:
        hyperparams = conform(self.hyperparams, Hyperparams, "recipe.hyperparams")
        entries = conform(self.changes, tuple[LogEntry, ...], "recipe.changes")
        object.__setattr__(self, "hyperparams", hyperparams)
        object.__setattr__(self, "changes", tuple(resolved(hyperparams, entries)))
        super().__post_init__()
        if self.picture > self.spec.iterations:
            raise ActvizError(
                f"the picture is that of iteration {self.picture}, but there are only {self.spec.iterations}."
            )
        iterations = [change.iteration for change in self.changes]
        if iterations and (iterations[0] < 1 or iterations != sorted(iterations)):
            raise ActvizError(f"the iterations of the changes, {shown(iterations)}, must be at least 1 and in order.")

    def written(self) -> dict[str, object]:
        """As Checked's, with changes of one number as adjustments."""
        return super().written() | {"changes": tuple(shortened(self.hyperparams, self.changes))}

    @property
    def final(self) -> Hyperparams:
        """What holds after all changes."""
        return self.changes[-1].hyperparams if self.changes else self.hyperparams

    def hyperparams_at(self, iteration: int) -> Hyperparams:
        """What holds at an iteration, the first is 1."""
        past = bisect_right(self.changes, iteration, key=lambda change: change.iteration)
        return self.changes[past - 1].hyperparams if past else self.hyperparams

    def until(self, iteration: int, hyperparams: Hyperparams) -> "Recipe":
        """The same run up to an iteration, and with other hyperparams afterwards."""
        kept = tuple(change for change in self.changes if change.iteration <= iteration)
        return replace(self, changes=(*kept, Change(iteration + 1, hyperparams)))

    def to_json(self, indent: int | None = None) -> str:
        """The text that from_json reads."""
        return json.dumps(to_data(self), indent=indent, separators=None if indent else (",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Raises ActvizError naming what is wrong with the text."""
        return read(text, cls)
