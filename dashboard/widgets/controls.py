"""Dataclass fields -> widgets. Ranges, steps, units and help are read from the fields; nothing is described twice.

Every widget shows a value that is kept elsewhere and hands changes to a callback: it has no memory of its own. A
change is made to the value as it is by then, never to the one that was drawn: other widgets may have changed that in
between.
"""

import math
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from types import NoneType
from typing import Any, get_args, get_type_hints

import streamlit as st

from actviz_core import ActvizError, Setting, check_range, described, written
from dashboard.components import focus
from dashboard.state import keys
from dashboard.state.keys import Key
from dashboard.state.messages import guarded
from dashboard.widgets import settled
from dashboard.words.names import name_of, spoken

FEW = 400  # steps that a slider may have; more are typed


def tell(key: Key[Any], on_change: Callable[..., object], *args: Any) -> None:
    """A widget's callback: hands on what it holds by now; nothing where another one has taken its place.

    Where it is refused, another one takes its place, and its focus.
    """
    if key != settled.current(key):
        return
    try:
        on_change(*args, key.get())
    except ActvizError:
        focus.move(settled.renew(key))
        raise


def number(
    label: str,
    setting: Setting,
    value: Any,
    key: Key[Any],
    on_change: Callable[..., object],
    args: tuple[Any, ...] = (),
    optional: bool = False,
    decimal: str = ".",
) -> None:
    """The widget that fits a setting: toggle, choice, slider, slider over decades, or typed number.

    An optional number is typed, and None while its field is empty. A change is handed on as on_change(*args, value).
    Streamlit's slider writes numbers with a point: with another `decimal` its steps are named here.
    """
    shown = with_unit(label, setting)
    if optional or not (isinstance(value, bool) or setting.choices or setting.log or has_few_steps(setting)):
        step = setting.step or (1 if optional or isinstance(value, int) else 0.01)
        within = replace(setting, step=step if optional else type(value)(step))
        typed(label, within, value, key, on_change, args, placeholder="automatic" if optional else None)
        return
    key, value = settled.settle(key, value, setting.low, setting.high, setting.step)
    common: dict[str, Any] = dict(
        key=key.name, help=setting.help or None, on_change=guarded(tell), args=(key, on_change, *args)
    )
    if isinstance(value, bool):
        st.toggle(shown, value, **common)
    elif setting.choices:
        st.selectbox(shown, setting.choices, setting.choices.index(value), **common)
    elif setting.log:
        st.select_slider(shown, decades(setting, value), value, format_func=partial(short, decimal=decimal), **common)
    elif decimal != ".":
        st.select_slider(shown, steps_of(setting, value), value, format_func=partial(short, decimal=decimal), **common)
    else:
        st.slider(shown, setting.low, setting.high, value, step=setting.step, **common)


def has_few_steps(setting: Setting) -> bool:
    low, high = setting.low, setting.high
    return low is not None and high is not None and (high - low) / (setting.step or 1) <= FEW


def with_unit(label: str, setting: Setting) -> str:
    return f"{label} ({setting.unit})" if setting.unit else label


def typed(
    label: str,
    setting: Setting,
    value: Any,
    key: Key[Any],
    on_change: Callable[..., object],
    args: tuple[Any, ...] = (),
    placeholder: str | None = None,
) -> None:
    """A number that is typed, held to its range here.

    With bounds of its own Streamlit's widget would keep what is beyond them to itself, in red, and say nothing.
    """
    key, first = settled.settle(key, value)
    if placeholder:
        key.set(value)  # with a number to begin with Streamlit's field would not be emptied again
    st.number_input(
        with_unit(label, setting),
        value=None if placeholder else first,
        step=setting.step,
        key=key.name,
        help=setting.help or None,
        placeholder=placeholder,
        on_change=guarded(tell_within),
        args=(label, setting, key, on_change, *args),
    )


def tell_within(label: str, setting: Setting, key: Key[Any], on_change: Callable[..., object], *args: Any) -> None:
    """As `tell`; ActvizError, and the number that was there before stays, where this one is out of range."""

    def within(*given: Any) -> None:
        check_range(given[-1], setting, label)
        on_change(*given)

    tell(key, within, *args)


def form(
    present: Callable[[], Any],
    owner: str,
    on_change: Callable[[Any], object],
    columns: int = 2,
    skip: tuple[str, ...] = (),
) -> None:
    """All described fields of what is present, a frozen dataclass.

    A change hands on a changed copy of what is present then.
    """
    value = present()
    named = [(name, setting) for name, setting in described(type(value)).items() if name not in skip]
    optional = {name for name, annotation in get_type_hints(type(value)).items() if NoneType in get_args(annotation)}
    for start in range(0, len(named), columns):
        for place, (name, setting) in zip(st.columns(columns), named[start : start + columns], strict=False):
            with place:
                number(
                    setting.label or spoken(name),
                    setting,
                    getattr(value, name),
                    keys.field(owner, name),
                    change_field,
                    (present, on_change, name),
                    name in optional,
                )


def change_field(present: Callable[[], Any], on_change: Callable[[Any], object], name: str, new: object) -> None:
    now = present()
    if name in described(type(now)):  # else another kind has been chosen since this was drawn
        on_change(replace(now, **{name: new}))


def kind_and_form(
    label: str,
    present: Callable[[], Any],
    catalogue: tuple[type, ...],
    name: str,
    on_change: Callable[[Any], object],
) -> None:
    """A choice among kinds, and the fields of the chosen one."""
    value = present()
    key, first = settled.settle(keys.part(name), type(value))
    st.selectbox(
        label,
        catalogue,
        catalogue.index(first),
        key=key.name,
        format_func=name_of,
        help=first_line(type(value)),
        on_change=guarded(change_kind),
        args=(key, on_change),
    )
    form(
        present, name, on_change, skip=tuple(f.name for f in fields(value) if isinstance(getattr(value, f.name), tuple))
    )


def change_kind(key: Key[Any], on_change: Callable[[Any], object]) -> None:
    tell(key, lambda kind: on_change(kind()))


def first_line(cls: type) -> str:
    return (cls.__doc__ or "").partition("\n")[0]


def decades(setting: Setting, value: float) -> list[float]:
    """0 and 1, 1.5, 2, 3, 5, 7 in every decade of the range, and the present value wherever it lies."""
    low, high = setting.low or 0.0, setting.most or setting.high or 1.0
    lowest, highest = math.floor(math.log10(low or setting.step or 1.0)), math.ceil(math.log10(high))
    spread = [digit * 10.0**exponent for exponent in range(lowest, highest + 1) for digit in (1, 1.5, 2, 3, 5, 7)]
    spread = [float(f"{v:.1e}") for v in spread]
    return sorted({low, *(v for v in spread if low <= v <= high), float(value)})


def steps_of(setting: Setting, value: float) -> list[float]:
    """Of a range with few of them, and the present value wherever it lies."""
    low, high, step = setting.low or 0, setting.high or 0, setting.step or 1
    spread = [low + index * step for index in range(math.floor((high - low) / step + 1e-9) + 1)]
    return sorted({*(type(value)(f"{each:.10g}") for each in spread), value})


def short(value: float, decimal: str = ".") -> str:
    return written(value).replace(".", decimal)
