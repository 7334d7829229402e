"""What a recipe's parts are set to in each iteration, as a script writes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...errors import NotAllowed
from ...optimization.hyperparams import Hyperparams
from ...optimization.recipe import Recipe

MOST_CHANGES = 40


@dataclass(frozen=True)
class Part:
    """A transform or regularizer by its address, as it is when it is active.

    active  when it is: "" always, else a condition
    say     one of its fields -> what that is in iteration k
    """

    value: Any
    active: str
    say: Callable[[str], str]

    @property
    def condition(self) -> str:
        """What stands before a line of it."""
        return f"if {self.active}: " if self.active else ""


def rate(recipe: Recipe) -> str:
    """The learning rate."""
    return told([(first, hyperparams.learning_rate) for first, hyperparams in stretches(recipe)])


def parts(recipe: Recipe, base: type | tuple[type, ...]) -> Iterator[Part]:
    """Those of a kind that are active at some time, in the order of their application. Raises NotAllowed."""
    known = stretches(recipe)
    all_names = [list(hyperparams.addresses()) for _, hyperparams in known]
    names = list(dict.fromkeys(name for some in (max(all_names, key=len), *all_names) for name in some))
    for _, hyperparams in known:
        present = [name for name, part in hyperparams.addresses().items() if getattr(part, "active", True)]
        if [name for name in names if name in present] != present:
            raise NotAllowed("There is no script for transforms whose order changes on the way: save the recipe.")
    for name in names:
        values: list[tuple[int, Any]] = [(first, hyperparams.part(name)) for first, hyperparams in known]
        active = told([(first, getattr(value, "active", True)) for first, value in values])
        if isinstance(values[0][1], base) and active != "False":
            yield Part(values[0][1], "" if active == "True" else active, partial(field, values))


def stretches(recipe: Recipe) -> list[tuple[int, Hyperparams]]:
    """(first iteration, what holds from then on). Raises NotAllowed where these are many."""
    if len(recipe.changes) > MOST_CHANGES:
        raise NotAllowed(
            f"There is no script for a run whose settings were changed more than {MOST_CHANGES} times: "
            "save the recipe instead."
        )
    return [(1, recipe.hyperparams), *((change.iteration, change.hyperparams) for change in recipe.changes)]


def field(values: list[tuple[int, Any]], name: str) -> str:
    return told([(first, getattr(value, name)) for first, value in values])


def told(values: list[tuple[int, Any]]) -> str:
    """One value, one before an iteration and another from it on, or `at(...)` with what holds from when on."""
    kept = [entry for place, entry in enumerate(values) if place == 0 or values[place - 1][1] != entry[1]]
    if len(kept) == 1:
        return repr(kept[0][1])
    if len(kept) == 2:
        return f"({kept[0][1]!r} if k < {kept[1][0]} else {kept[1][1]!r})"
    return f"at({', '.join(map(repr, kept))})"
