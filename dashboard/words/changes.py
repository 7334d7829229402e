"""What changed between two settings, in words."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from actviz_core import Hyperparams, Spec, described, label_of
from dashboard.words.lessons import spelled, words
from dashboard.words.terms import term


def describe_change(before: Hyperparams, after: Hyperparams, lang: str = "en") -> str:
    """What changed between two Hyperparams, in words."""
    said, changes = words(lang), []

    def change(label: str, *values: Any) -> str:
        first, last = (spelled(value, "g", said) if type(value) in (int, float) else str(value) for value in values)
        return said["change"].format(setting=term(label, lang), before=first, after=last)

    if before.learning_rate != after.learning_rate:
        changes.append(change("Learning rate", before.learning_rate, after.learning_rate))
    for name, value in after.addresses().items():
        for field in described(type(value)):
            address, new = f"{name}.{field}", getattr(value, field)
            old = before.value(address)
            if old != new:
                changes.append(change(label_of(address), old, new))
    return ", ".join(changes) or said["changed"]


def changed_names(before: Spec, after: Spec) -> str:
    """The fields of a spec that differ, as the page calls them."""
    labels = {name: setting.label.lower() for name, setting in described(Spec).items() if setting.label} | {
        "objective": "target"
    }
    changed = [name for name in Spec.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
    *most, last = [labels.get(name, name.replace("_", " ")) for name in changed] or [""]
    return " and ".join(filter(None, (", ".join(most), last)))


def given_up(iterations: Collection[int]) -> str:
    """What is said when the changes recorded for these iterations are not replayed any more."""
    first, last = min(iterations), max(iterations)
    what, when, are = f"{len(iterations):,} changes", f"iterations {first:,} to {last:,}", "are"
    if len(iterations) == 1:
        what, when, are = "change", f"iteration {first:,}", "is"
    return f"The {what} recorded for {when} {are} given up: from here on the sliders hold."


def kept_in_going_on(made: Spec, wanted: Spec) -> str:
    """What a run that is continued does not take over of what is set by now, in a sentence."""
    names = changed_names(made, replace(wanted, iterations=made.iterations))
    return f"Going on keeps the {names} of this run; Start uses what is set now." if names else ""
