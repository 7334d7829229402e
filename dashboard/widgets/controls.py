"""Dataclass fields -> widgets. Ranges, steps, units and help are read from the fields; nothing is described twice.

Every widget shows a value that is kept elsewhere and hands changes to a callback: it has no memory of its own. A
change is made to the value as it is by then, never to the one that was drawn: other widgets may have changed that in
between.
"""

import math
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial

import streamlit as st

from actviz_core import REGULARIZERS, TRANSFORMS, Hyperparams, Setting, described, kind
from dashboard.state.messages import guarded
from dashboard.words.names import name_of, spoken

FEW = 400  # steps that a slider may have; more are typed


def number(
    label: str, setting: Setting, value, key: str, on_change: Callable[[object], None], disabled: bool = False
) -> None:
    """The widget that fits a setting: toggle, choice, slider, slider over decades, or typed number."""
    shown = f"{label} ({setting.unit})" if setting.unit else label
    st.session_state[key] = value
    common = dict(
        key=key,
        help=setting.help or None,
        disabled=disabled,
        on_change=guarded(lambda: on_change(st.session_state[key])),
    )
    if isinstance(value, bool):
        st.toggle(shown, **common)
    elif setting.choices:
        st.selectbox(shown, setting.choices, **common)
    elif setting.log:
        st.select_slider(shown, decades(setting, value), format_func=short, **common)
    elif setting.high is not None and (setting.high - setting.low) / (setting.step or 1) <= FEW:
        st.slider(shown, setting.low, setting.high, step=setting.step, **common)
    else:
        st.number_input(shown, setting.low, setting.high, step=setting.step, **common)


def form(
    present: Callable[[], object],
    key: str,
    on_change: Callable[[object], None],
    columns: int = 2,
    skip: tuple[str, ...] = (),
) -> None:
    """All described fields of what is present, a frozen dataclass.

    A change hands on a changed copy of what is present then.
    """
    value = present()
    named = [(name, setting) for name, setting in described(type(value)).items() if name not in skip]

    def change(name: str, new) -> None:
        now = present()
        if name in described(type(now)):  # else another kind has been chosen since this was drawn
            on_change(replace(now, **{name: new}))

    for index, (name, setting) in enumerate(named):
        if index % columns == 0:
            places = st.columns(columns)
        with places[index % columns]:
            number(setting.label or spoken(name), setting, getattr(value, name), f"{key}.{name}", partial(change, name))


def kind_and_form(
    label: str,
    present: Callable[[], object],
    catalogue: tuple[type, ...],
    key: str,
    on_change: Callable[[object], None],
) -> None:
    """A choice among kinds, and the fields of the chosen one."""
    value = present()
    st.session_state[key] = type(value)
    st.selectbox(
        label,
        catalogue,
        key=key,
        format_func=name_of,
        help=first_line(type(value)),
        on_change=guarded(lambda: on_change(st.session_state[key]())),
    )
    form(
        present, key, on_change, skip=tuple(f.name for f in fields(value) if isinstance(getattr(value, f.name), tuple))
    )


def first_line(cls: type) -> str:
    return (cls.__doc__ or "").partition("\n")[0]


def decades(setting: Setting, value: float) -> list[float]:
    """0 and 1, 1.5, 2, 3, 5, 7 in every decade of the range, and the present value wherever it lies."""
    lowest = math.floor(math.log10(setting.low or setting.step))
    highest = math.ceil(math.log10(setting.high))
    spread = [digit * 10.0**exponent for exponent in range(lowest, highest + 1) for digit in (1, 1.5, 2, 3, 5, 7)]
    spread = [float(f"{v:.1e}") for v in spread]
    low, high = setting.low, setting.high
    return sorted({float(low), *(v for v in spread if low <= v <= high), float(value)})


def short(value: float) -> str:
    return f"{value:g}"


def numbers_of(hyperparams: Hyperparams) -> list[tuple[str, object]]:
    """(address, setting) of every slider: the learning rate, then all transforms and regularizers."""
    named = hyperparams.addresses()
    names = [*named, *(name for cls in (*TRANSFORMS, *REGULARIZERS) if (name := kind(cls)) not in named)]
    rest = [
        (f"{name}.{field}", setting)
        for name in names
        for field, setting in described(type(hyperparams.part(name))).items()
    ]
    return [("learning_rate", described(Hyperparams)["learning_rate"]), *rest]
