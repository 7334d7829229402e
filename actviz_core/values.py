"""Values: brought to their declared type, or refused in a sentence that names place, value and what is allowed."""

import dataclasses
import math
import numbers
import types
import typing
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any, Literal, cast

from .errors import ActvizError, WrongType
from .registry import fields_of, kind, kinds

Reader = Callable[[Any, str], Any]  # (value, what it is called in a sentence) -> the value as some type


def conform(value: Any, annotation: Any, where: str) -> Any:
    """The value as the annotated type; ActvizError where it is none.

    JSON's lists become tuples, its objects dataclasses; nothing is ever evaluated.
    """
    return reader(annotation)(value, where)


@cache
def reader(annotation: Any) -> Reader:
    """What brings values to a type."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return partial(conform_union, parts)
    if origin is tuple:
        return partial(conform_tuple, parts)
    if is_word(annotation) or annotation in (bool, type(None)):
        return partial(conform_exact, annotation)
    plain: dict[Any, Reader] = {int: whole_number, float: finite_number, str: printable}
    return plain.get(annotation) or partial(conform_dataclass, annotation)


def conform_exact(annotation: Any, value: Any, where: str) -> Any:
    """One of a type's few values: a word, true or false, nothing."""
    if value in typing.get_args(annotation) if is_word(annotation) else type(value) is annotation:
        return value
    raise WrongType(where, shown(value), spoken(annotation))


def whole_number(value: Any, where: str) -> int:
    """As an int; true and false are none."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise WrongType(where, shown(value), spoken(int))
    return int(value)


def finite_number(value: Any, where: str) -> float:
    """As a float; neither NaN nor infinite, and true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (float, numbers.Real)):
        raise WrongType(where, shown(value), spoken(float))
    with suppress(OverflowError):  # whole numbers may be longer than any float
        if math.isfinite(value):
            return float(value)
    raise ActvizError(f"{where} is {shown(value)}; it must be a finite number.")


LONGEST_LIST = 5000  # entries


def printable(text: Any, where: str) -> str:
    """The text, if it can be written to a page, a file and a terminal.

    JSON may hold halves of letters, and zero bytes.
    """
    if not isinstance(text, str):
        raise WrongType(where, shown(text), spoken(str))
    if "\0" in text or not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ActvizError(f"{where} is {shown(text)}; not all of that are letters.")
    return text


def conform_union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    """As the first type that takes it; else the problem of the one that fits best from outside."""
    problems: list[ActvizError] = []
    for option in options:
        try:
            return reader(option)(value, where)
        except ActvizError as problem:
            problems.append(problem)
    for problem in problems:  # of the option whose type fits, or fits at least from outside
        if not isinstance(problem, WrongType) or problem.where != where:
            raise problem
    raise WrongType(where, shown(value), " or ".join(map(spoken, options)))


def conform_tuple(items: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    """Each entry as its type; `items` as a tuple's annotation has them."""
    if not isinstance(value, (list, tuple)):
        raise WrongType(where, shown(value), "a list")
    entries = cast(Sequence[Any], value)
    if isinstance(value, list) and len(entries) > LONGEST_LIST:  # JSON's; what a program has made is a tuple
        raise ActvizError(f"{where} has {len(entries):,} entries; at most {LONGEST_LIST:,} are read.")
    if items[-1] is Ellipsis:
        items = items[:1] * len(entries)
    if len(items) != len(entries):
        raise ActvizError(f"{where} has {len(entries)} entries; it must have {len(items)}.")
    pairs = enumerate(zip(entries, items, strict=True))
    return tuple(reader(item)(entry, f"{where}[{index}]") for index, (entry, item) in pairs)


def conform_dataclass(base: type, value: Any, where: str) -> Any:
    """As a value of the base; JSON's objects say their kind."""
    if isinstance(value, base):
        return value
    if not isinstance(value, dict):
        raise WrongType(where, shown(value), spoken(base))
    data = cast(dict[str, Any], value)
    name = data.get("kind", kind(base))
    cls = kinds(base).get(name) if isinstance(name, str) else None
    if cls is None:
        raise ActvizError(f"{where} has the unknown kind {shown(data.get('kind'))}; known: {', '.join(kinds(base))}.")
    given = {key: entry for key, entry in data.items() if key != "kind"}
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


def is_word(annotation: object) -> bool:
    """Whether a type is a Literal."""
    return typing.get_origin(annotation) is Literal


def shown(value: object) -> str:
    """A value as sentences show it: at most 60 letters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def spoken(annotation: Any) -> str:
    """A type in words: a number, a list, one of reflect, edge, grey."""
    words = {int: "a whole number", float: "a number", str: "text", bool: "true or false", type(None): "nothing"}
    if annotation in words:
        return words[annotation]
    if typing.get_origin(annotation) is tuple:
        return "a list"
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join(map(spoken, typing.get_args(annotation)))
    if is_word(annotation):
        return f"one of {', '.join(typing.get_args(annotation))}"
    name = kind(annotation).replace("_", " ")
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
