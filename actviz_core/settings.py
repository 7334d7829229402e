"""A setting: a field of a frozen dataclass that knows its range, unit and help.

Page, command line, recipes and docs read them here, so a number is described once.
"""

import dataclasses
import math
import numbers
import re
import types
import typing
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Literal, TypeVar, cast

from .errors import ActvizError, WrongType


@dataclasses.dataclass(frozen=True)
class Setting:
    """Range (both ends allowed), step, unit and help of one field, or the words it may take.

    log      spread over decades
    label    what people call it, where that is not the field's name
    longest  letters of a text
    neutral  the value at which a part of the hyperparams does nothing, where that is not the field's default
    choices  the words of a field whose type is a Literal
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
) -> Value:
    """A dataclass field with a range, a unit and one line of help; the arguments are those of Setting."""
    about = Setting(low, high, step, unit, help, log, label, longest, neutral)
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


def fields_of(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a dataclass that is only known to be a type."""
    return dataclasses.fields(cast(Any, cls))


@cache
def kind(cls: type) -> str:
    """TotalVariation -> total_variation, the name of a kind on the command line and in recipes.

    A class that was renamed states the one that recipes know, as `kind_name`.
    """
    return vars(cls).get("kind_name") or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


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


def is_word(annotation: object) -> bool:
    return typing.get_origin(annotation) is Literal


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


def to_data(value: object) -> object:
    """A setting, dataclass or tuple as what JSON can say."""
    if isinstance(value, Checked):
        return {"kind": kind(type(value)), **{name: to_data(field) for name, field in value.written().items()}}
    if isinstance(value, tuple):
        return [to_data(item) for item in cast(tuple[object, ...], value)]
    return value


def conform(value: Any, annotation: Any, where: str) -> Any:
    """The value as the annotated type.

    JSON's lists become tuples, its objects dataclasses; nothing is ever evaluated.
    """
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return conform_union(value, typing.get_args(annotation), where)
    if origin is tuple:
        return conform_tuple(value, typing.get_args(annotation), where)
    if is_word(annotation):
        if isinstance(value, str) and value in typing.get_args(annotation):
            return value
        raise WrongType(where, shown(value), spoken(annotation))
    if issubclass(annotation, Checked):
        return conform_dataclass(value, annotation, where)
    if annotation is type(None) and value is None:
        return None
    if annotation is bool and isinstance(value, bool):
        return value
    if annotation is str and isinstance(value, str):
        return printable(value, where)
    if annotation is int and isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    if annotation is float and isinstance(value, numbers.Real) and not isinstance(value, bool):
        with suppress(OverflowError):  # whole numbers may be longer than any float
            if math.isfinite(value):
                return float(value)
        raise ActvizError(f"{where} is {shown(value)}; it must be a finite number.")
    raise WrongType(where, shown(value), spoken(annotation))


LARGEST_INT = 2**63 - 1
LONGEST_LIST = 5000  # entries


def printable(text: str, where: str) -> str:
    """The text, if it can be written to a page, a file and a terminal.

    JSON may hold halves of letters, and zero bytes.
    """
    if "\0" in text or not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ActvizError(f"{where} is {shown(text)}; not all of that are letters.")
    return text


def conform_union(value: Any, options: tuple[Any, ...], where: str) -> Any:
    problems: list[ActvizError] = []
    for option in options:
        try:
            return conform(value, option, where)
        except ActvizError as problem:
            problems.append(problem)
    for problem in problems:  # of the option whose type fits, or fits at least from outside
        if not isinstance(problem, WrongType) or problem.where != where:
            raise problem
    raise WrongType(where, shown(value), " or ".join(spoken(option) for option in options))


def conform_tuple(value: Any, items: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise WrongType(where, shown(value), "a list")
    if isinstance(value, list) and len(value) > LONGEST_LIST:  # JSON's; what a program has made is a tuple
        raise ActvizError(f"{where} has {len(value):,} entries; at most {LONGEST_LIST:,} are read.")
    if items[-1] is Ellipsis:
        items = items[:1] * len(value)
    if len(items) != len(value):
        raise ActvizError(f"{where} has {len(value)} entries; it must have {len(items)}.")
    entries = enumerate(zip(value, items, strict=True))
    return tuple(conform(entry, item, f"{where}[{index}]") for index, (entry, item) in entries)


def conform_dataclass(value: Any, base: type, where: str) -> Any:
    if isinstance(value, base):
        return value
    if not isinstance(value, dict):
        raise WrongType(where, shown(value), spoken(base))
    name = value.get("kind", kind(base))
    cls = kinds(base).get(name) if isinstance(name, str) else None
    if cls is None:
        raise ActvizError(f"{where} has the unknown kind {shown(value.get('kind'))}; known: {', '.join(kinds(base))}.")
    given = {key: entry for key, entry in value.items() if key != "kind"}
    fields = fields_of(cls)
    unknown = set(given) - {field.name for field in fields}
    if unknown:
        raise ActvizError(
            f"{where} has the unknown field {shown(min(unknown, key=str))}; "
            f"known: {', '.join(field.name for field in fields)}."
        )
    try:
        return cls(**given)
    except TypeError:
        missing = [f.name for f in fields if f.default is dataclasses.MISSING and f.name not in given]
        raise ActvizError(f"{where} ({kind(cls)}) lacks {', '.join(missing)}.") from None


KINDS: dict[type, tuple[type, ...]] = {}  # by their base


def register_kinds(base: type, *classes: type) -> tuple[type, ...]:
    """These are kinds of the base that recipes, links and the page may name.

    They come after those registered before; all of them are given.
    """
    KINDS[base] = (*KINDS.get(base, ()), *classes)
    return KINDS[base]


def kinds(base: type) -> dict[str, type]:
    """The registered kinds of a base class by name; a dataclass that is no base is its only one."""
    return {kind(cls): cls for cls in ((base,) if dataclasses.is_dataclass(base) else KINDS.get(base, ()))}


def check_range(value: Any, setting: Setting, where: str) -> None:
    if isinstance(value, str) and len(value) > setting.longest:
        raise ActvizError(f"{where} is {len(value):,} characters long; at most {setting.longest:,} are read.")
    for number in value if isinstance(value, tuple) else (value,):
        if not isinstance(number, (int, float)):
            continue
        if setting.low is not None and number < setting.low or setting.high is not None and number > setting.high:
            raise ActvizError(f"{where} is {shown(number)}; {allowed(setting)}.")
        if isinstance(number, int) and abs(number) > LARGEST_INT:
            raise ActvizError(f"{where} is {shown(number)}; no whole number here is that large.")


def allowed(setting: Setting) -> str:
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


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def spoken(annotation: Any) -> str:
    """A type in words: a number, a list, one of reflect, edge, grey."""
    words = {int: "a whole number", float: "a number", str: "text", bool: "true or false", type(None): "nothing"}
    if annotation in words:
        return words[annotation]
    if typing.get_origin(annotation) is tuple:
        return "a list"
    if is_word(annotation):
        return f"one of {', '.join(typing.get_args(annotation))}"
    name = kind(annotation).replace("_", " ")
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
