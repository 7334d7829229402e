"""Changes: what was changed while a run went on, and how a recipe writes that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..registry import register_kinds
from ..settings import Checked, described
from .hyperparams import Hyperparams

MOST_CHANGES = 4000
"""How many changes a run takes; so many adjustments are a quarter of what is read."""


class LogEntry(Checked):
    """What changed at an iteration of a run."""


@dataclass(frozen=True)
class Change(LogEntry):
    """From this iteration on the run obeyed these hyperparams."""

    iteration: int
    hyperparams: Hyperparams


@dataclass(frozen=True)
class Adjustment(LogEntry):
    """As a Change of one number, by its address.

    So a recipe writes what a slider did, in a tenth of the characters.
    """

    iteration: int
    address: str
    value: int | float | str


register_kinds(LogEntry, Change, Adjustment)


def shortened(before: Hyperparams, changes: Iterable[Change]) -> Iterator[LogEntry]:
    """The same changes; those of one number as adjustments."""
    for change in changes:
        address = adjusted(before, change.hyperparams)
        yield Adjustment(change.iteration, address, change.hyperparams.value(address)) if address else change
        before = change.hyperparams


def resolved(before: Hyperparams, entries: Iterable[LogEntry]) -> Iterator[Change]:
    """The inverse."""
    for entry in entries:
        if isinstance(entry, Adjustment):
            entry = Change(entry.iteration, before.with_value(entry.address, entry.value))
        if isinstance(entry, Change):
            yield entry
            before = entry.hyperparams


def adjusted(before: Hyperparams, after: Hyperparams) -> str:
    """The address of the only number in which they differ; "" where more does, or other transforms and regularizers."""
    known, new = before.addresses(), after.addresses()
    differing = ["learning_rate"] * (before.learning_rate != after.learning_rate)
    for name in [name for name, part in new.items() if known.get(name) != part]:
        differing += [
            f"{name}.{field}"
            for field in described(type(new[name]))
            if before.value(f"{name}.{field}") != after.value(f"{name}.{field}")
        ]
    return (
        differing[0]
        if len(differing) == 1 and before.with_value(differing[0], after.value(differing[0])) == after
        else ""
    )
