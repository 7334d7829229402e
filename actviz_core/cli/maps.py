"""How a map is made, as options; and the list of all ways."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any, get_args

from ..attribution import METHODS
from ..attribution.method import Method
from ..errors import ActvizError, NotAllowed
from ..models.model import Model
from ..registry import fields_of, kind
from .options import option
from .values import assignments, value_of_kind

ALL = "all"


@dataclass(frozen=True)
class MapOptions:
    """A method and its settings."""

    method: str | None = option(
        None, metavar="KIND[:FIELD=VALUE,...]", help="a kind from --methods, grad_cam if not given; all: one of each"
    )
    at: str | None = option(None, metavar="LAYER", help="the layer whose cells the map has, for methods that have one")
    set: tuple[str, ...] = option((), metavar="NAME=VALUE", words="+", help="settings of the method, such as steps=100")


def methods_of(options: MapOptions, usual: Method) -> list[Method]:
    """The method of the options, or one of each kind; the usual one where they name none.

    Raises ActvizError: kinds, layers and settings that do not fit together.
    """
    if options.method == ALL:
        found = [cls() for cls in METHODS]
    else:
        found = [value_of_kind(Method, options.method, "--method") if options.method else usual]
    given = assignments(list(options.set), "--set") | ({"layer": options.at} if options.at else {})
    for name in given:
        if not any(name in names_of(method) for method in found):
            raise ActvizError(unknown(name, found))
    return [with_settings(method, given) for method in found]


def names_of(method: Method) -> list[str]:
    """What can be set of a method."""
    return [field.name for field in fields_of(type(method))]


def unknown(name: str, methods: Iterable[Method]) -> str:
    """What is said of a setting that none of the methods has."""
    if name == "layer":
        having = ", ".join(kind(cls) for cls in METHODS if "layer" in names_of(cls()))
        return (
            f"--at names a layer, and the map of that method has none: its values stand for pixels; {having} have one."
        )
    known = ", ".join(dict.fromkeys(each for method in methods for each in names_of(method)))
    return f"--set {name}: there is no such setting of the method; known: {known or 'none'}."


def with_settings(method: Method, given: dict[str, Any]) -> Method:
    """The method with those of the settings that it has; "" is none where a setting may be none."""
    own = {name: value for name, value in given.items() if name in names_of(method)}
    types = {field.name: field.type for field in fields_of(type(method))}
    return replace(method, **{name: as_type(value, types[name]) for name, value in own.items()})


def as_type(value: Any, kind_of: Any) -> Any:
    if kind_of is str:
        return str(value)
    return None if value == "" and NoneType in get_args(kind_of) else value


def show_methods(model: Model, height: int, width: int) -> None:
    """Prints kind, title, cost, meaning, warning and source of each, for that network and pictures of that size."""
    print(f"cost in passes of one {height} x {width} picture through {model.name}; one that goes back counts twice")
    for method in (cls() for cls in METHODS):
        print(f"\n{kind(type(method)):24} {method.title} ({method.source}): {cost(method, model, height, width)}")
        print(f"    {method.meaning}\n    But: {method.misleads}")
        if own := {name: getattr(method, name) for name in names_of(method)}:
            print(f"    --set {' '.join(f'{name}={said(value)}' for name, value in own.items())}")


def said(value: object) -> str:
    """A setting, as the command line says it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def cost(method: Method, model: Model, height: int, width: int) -> str:
    """Its passes, or why the network does not allow it."""
    try:
        method.check(model, height, width)
        return f"{method.passes(model, height, width):,} passes"
    except NotAllowed as problem:
        return f"not for {model.name}: {problem}"
