"""A setting: a field of a frozen dataclass that knows its range, unit and help.

Page, command line, recipes and docs read them here, so a number is described once.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, cast

from .errors import ActvizError
from .registry import fields_of, kind
from .values import conform, is_word, shown


@dataclasses.dataclass(frozen=True)
class Setting:
    """Range (both ends allowed), step, unit and help of one field, or the words it may take.

    log      spread over decades
    label    what people call it, where that is not the field's name
    longest  letters of a text
    neutral  the value at which a part of the hyperparams does nothing, where that is not the field's default
    choices  the words of a field whose type is a Literal
    most     where its slider ends, if before `high`: what is larger is hardly ever wanted
    """

    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    help: str = ""
    log: bool = False
    label: str = ""
    longest: int = 1000
    neutral: object = None
    choices: tuple[str, ...] = ()
    most: float | None = None


Value = TypeVar("Value")


def setting(
    default: Value,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str = "",
    help: str = "",
    log: bool = False,
    label: str = "",
    longest: int = 1000,
    neutral: Value | None = None,
    most: float | None = None,
) -> Value:
    """A dataclass field with a range, a unit and one line of help; the arguments are those of Setting."""
    about = Setting(low, high, step, unit, help, log, label, longest, neutral, most=most)
    return dataclasses.field(default=default, metadata={"setting": about})


class Checked:
    """A frozen dataclass whose fields are brought to their declared type and held to their range.

    Raises ActvizError naming the field, its value and what is allowed.
    """

    def __post_init__(self) -> None:
        for name, annotation, found, where in declared(type(self)):
            value = conform(getattr(self, name), annotation, where)
            check_range(value, found, where)
            object.__setattr__(self, name, value)

    def written(self) -> dict[str, object]:
        """The fields as JSON has them; who can say one of them shorter does so here."""
        return {field.name: getattr(self, field.name) for field in fields_of(type(self))}


@cache
def declared(cls: type) -> tuple[tuple[str, Any, Setting, str], ...]:
    """Of each field of a dataclass: name, type, setting, and what it is called in a sentence."""
    types_of = typing.get_type_hints(cls)
    return tuple(
        (field.name, types_of[field.name], about(field, types_of[field.name]), f"{kind(cls)}.{field.name}")
        for field in fields_of(cls)
    )


def about(field: dataclasses.Field[Any], annotation: object) -> Setting:
    """The setting of a field, with the words of its type."""
    found: Setting = field.metadata.get("setting", Setting())
    return dataclasses.replace(found, choices=typing.get_args(annotation)) if is_word(annotation) else found


@cache
def described(cls: type) -> Mapping[str, Setting]:
    """The settings of a dataclass by field name."""
    named = {name: found for name, _, found, _ in declared(cls)}
    return types.MappingProxyType(
        {field.name: named[field.name] for field in fields_of(cls) if "setting" in field.metadata}
    )


def neutral(cls: type[Value]) -> Value:
    """The value of a kind that changes nothing: each field as its setting says, else its default."""
    return cls(**{name: found.neutral for name, found in described(cls).items() if found.neutral is not None})


def to_data(value: Any) -> Any:
    """A setting, dataclass or tuple as what JSON can say."""
    if isinstance(value, Checked):
        return {"kind": kind(type(value)), **{name: to_data(field) for name, field in value.written().items()}}
    if isinstance(value, tuple):
        return [to_data(item) for item in cast(tuple[object, ...], value)]
    return value


LARGEST_INT = 2**63 - 1


def check_range(value: Any, setting: Setting, where: str) -> None:
    """ActvizError where a value, or one of a tuple's, is out of range, or a text too long."""
    if isinstance(value, str) and len(value) > setting.longest:
        raise ActvizError(f"{where} is {len(value):,} characters long; at most {setting.longest:,} are read.")
    numbers = cast(tuple[Any, ...], value) if isinstance(value, tuple) else (value,)
    for number in numbers:
        if not isinstance(number, (int, float)):
            continue
        if setting.low is not None and number < setting.low or setting.high is not None and number > setting.high:
            raise ActvizError(f"{where} is {shown(number)}; {allowed(setting)}.")
        if isinstance(number, int) and abs(number) > LARGEST_INT:
            raise ActvizError(f"{where} is {shown(number)}; no whole number here is that large.")


def allowed(setting: Setting) -> str:
    """What a number has to be, for the end of a sentence."""
    unit = f" {setting.unit}" if setting.unit else ""
    if setting.high is None:
        return f"it must be at least {setting.low}{unit}"
    if setting.low is None:
        return f"it must be at most {setting.high}{unit}"
    return f"it must be between {setting.low} and {setting.high}{unit}"


def limits(setting: Setting) -> str:
    """What a field may be, in short: "8 to 2048 px", "at least 0"; "" where that is not said."""
    if setting.choices:
        return ", ".join(setting.choices)
    low, high = (f"{end:g}" if isinstance(end, float) else str(end) for end in (setting.low, setting.high))
    unit = f" {setting.unit}" if setting.unit else ""
    if setting.low is None and setting.high is None:
        return ""
    if setting.high is None:
        return f"at least {low}{unit}"
    return f"at most {high}{unit}" if setting.low is None else f"{low} to {high}{unit}"
