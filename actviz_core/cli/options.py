"""Options: fields of a frozen dataclass that know how a command line says them.

A command's options are such a dataclass, of options and of groups of them. What is also a setting of the core is
described there, and only there.
"""

import argparse
import dataclasses
import typing
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, cast

from ..optimization.spec import Spec
from ..settings import described, limits


@dataclasses.dataclass(frozen=True)
class Option:
    """What the command line says of one field.

    flag   what it is called there, where that is not the field's name
    parse  text -> value, where the field's type does not tell
    words  how many follow the flag; None: one, "+": any number, each time that it is given; "?": one without a flag
    """

    help: str
    metavar: str | tuple[str, ...] | None = None
    flag: str = ""
    parse: Callable[[str], Any] | None = None
    words: int | Literal["+", "?"] | None = None


def option(
    default: Any = dataclasses.MISSING,
    *,
    help: str,
    metavar: str | tuple[str, ...] | None = None,
    flag: str = "",
    parse: Callable[[str], Any] | None = None,
    words: int | Literal["+", "?"] | None = None,
) -> Any:
    """A field that a command line can set; it has to where there is no default. The arguments are those of Option."""
    return dataclasses.field(default=default, metadata={"option": Option(help, metavar, flag, parse, words)})


def spec_option(name: str, *, default: Any = None, metavar: str | None = None) -> Any:
    """A field that sets that of Spec; None leaves it to the preset or the recipe."""
    return option(default, help=described_help(Spec, name), metavar=metavar)


def described_help(cls: type, name: str) -> str:
    """A setting's help and its limits: "gradient steps (1 to 100000)"."""
    found = described(cls)[name]
    return f"{found.help} ({limits(found)})" if limits(found) and not found.choices else found.help


def declared_options(cls: type) -> Iterator[tuple[dataclasses.Field[Any], Any]]:
    """The fields of options and of their groups, with the type of each."""
    types = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        if dataclasses.is_dataclass(types[field.name]):
            yield from declared_options(types[field.name])
        else:
            yield field, types[field.name]


def flag_of(field: dataclasses.Field[Any]) -> str:
    """How the command line calls a field: beta_one -> --beta-one."""
    if field.metadata["option"].words == "?":
        return field.metadata["option"].metavar
    return field.metadata["option"].flag or f"--{field.name.replace('_', '-')}"


def add_options(command: argparse.ArgumentParser, cls: type) -> None:
    """Gives a command the arguments that these options are read from."""
    for field, annotation in declared_options(cls):
        told: Option = field.metadata["option"]
        given: dict[str, Any] = {"dest": field.name, "help": told.help.replace("%", "%%")}
        if field.default is dataclasses.MISSING:
            given["required"] = True
        else:
            given["default"] = field.default
        kind = plain_type(annotation)
        if kind is bool:
            command.add_argument(flag_of(field), action="store_true", **given)
            continue
        if typing.get_origin(kind) is Literal:
            given["choices"] = typing.get_args(kind)
        elif told.parse or kind in (int, float, Path):
            given["type"] = told.parse or kind
        if told.words == "?":
            del given["dest"]
            command.add_argument(field.name, metavar=told.metavar, nargs="?", **given)
            continue
        if told.words == "+":
            given |= {"action": "extend", "nargs": "+", "default": list(cast(tuple[Any, ...], field.default))}
        elif told.words:
            given["nargs"] = told.words
        command.add_argument(flag_of(field), metavar=told.metavar, **given)


def plain_type(annotation: Any) -> Any:
    """Of what may also be None, the type that it has otherwise."""
    kinds = [kind for kind in typing.get_args(annotation) if kind is not NoneType]
    return kinds[0] if NoneType in typing.get_args(annotation) and len(kinds) == 1 else annotation


Options = TypeVar("Options")


def read_options(cls: type[Options], given: argparse.Namespace) -> Options:
    """The options that a command line gave."""
    types = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(cast(Any, cls)):
        if dataclasses.is_dataclass(types[field.name]):
            values[field.name] = read_options(types[field.name], given)
        else:
            value = getattr(given, field.name)
            values[field.name] = tuple(value) if isinstance(value, list) else value
    return cls(**values)


def size(text: str) -> tuple[int, int]:
    """Height and width of "64x96", or of "64"."""
    height, *width = text.split("x", 1)
    height, width = integers([height, *(width or [height])], 2, f"{text!r} is no size: give pixels, as in 64x96 or 64")
    return height, width


def pair(text: str) -> tuple[int, int]:
    """Row and column of "3,4"."""
    row, column = integers(text.split(","), 2, f"{text!r} is no place: give row and column, as in 3,4")
    return row, column


def frame(text: str) -> tuple[int, int, int, int]:
    """The four numbers of "0,10,200,300"."""
    problem = f"{text!r} is no frame: give top, left, height and width in pixels, as in 0,10,200,300"
    top, left, height, width = integers(text.split(","), 4, problem)
    return top, left, height, width


def integers(words: list[str], count: int, problem: str) -> list[int]:
    """So many whole numbers; what argparse says before it ends the command where they are something else."""
    with suppress(ValueError):
        found = [int(word) for word in words]
        if len(found) == count:
            return found
    raise argparse.ArgumentTypeError(problem)
