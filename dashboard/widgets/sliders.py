"""The sheet of sliders: every number that may change during a run, of Explore or of columns of Compare."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from actviz_core import REGULARIZERS, TRANSFORMS, Hyperparams, Setting, described, label_of
from dashboard.state import keys
from dashboard.widgets import controls, neutral

RATE = "learning_rate"


def numbers_of(hyperparams: Hyperparams) -> list[tuple[str, Setting]]:
    """(address, setting) of every slider: the learning rate, then all transforms and regularizers."""
    return [
        (RATE, described(Hyperparams)[RATE]),
        *parts_of(hyperparams, TRANSFORMS),
        *parts_of(hyperparams, REGULARIZERS),
    ]


def parts_of(hyperparams: Hyperparams, catalogue: tuple[type, ...]) -> list[tuple[str, Setting]]:
    """Of these kinds, in the order in which they are applied, those that are off where they would be.

    So a slider that leaves its neutral value stays where it is.
    """
    parts = [(name, type(part)) for name, part in hyperparams.every_part().items() if type(part) in catalogue]
    return [(f"{name}.{field}", setting) for name, cls in parts for field, setting in described(cls).items()]


def show(
    hyperparams: Hyperparams,
    numbers: list[tuple[str, Setting]],
    on_change: Callable[..., object],
    column: int | None = None,
) -> None:
    """Two beside each other; a change is handed on as on_change(address, value), in Compare with the column first."""
    for start in range(0, len(numbers), 2):
        for place, (address, setting) in zip(st.columns(2), numbers[start : start + 2], strict=False):
            with place:
                slider(hyperparams, address, setting, on_change, column)


def slider(
    hyperparams: Hyperparams,
    address: str,
    setting: Setting,
    on_change: Callable[..., object],
    column: int | None = None,
) -> None:
    whose = () if column is None else (column,)
    value, key = hyperparams.value(address), keys.slider(address, column)
    said = replace(setting, help=neutral.told(address, setting))
    controls.number(label_of(address), said, value, key, on_change, (*whose, address))
