"""The registry of kinds: which classes recipes, links and the page may name, by their base."""

import dataclasses
import re
from functools import cache
from typing import Any, cast


@cache
def kind(cls: type) -> str:
    """TotalVariation -> total_variation, the name of a kind on the command line and in recipes.

    A class that was renamed states the one that recipes know, as `kind_name`.
    """
    return vars(cls).get("kind_name") or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


KINDS: dict[type, tuple[type, ...]] = {}  # by their base


def register_kinds(base: type, *classes: type) -> tuple[type, ...]:
    """These are kinds of the base that recipes, links and the page may name.

    They come after those registered before; all of them are given.
    """
    KINDS[base] = (*KINDS.get(base, ()), *classes)
    return KINDS[base]


def kinds(base: type) -> dict[str, type]:
    """The registered kinds of a base class by name; a dataclass that is no base is its only one."""
    known = (base,) if dataclasses.is_dataclass(cast(Any, base)) else KINDS.get(base, ())
    return {kind(cls): cls for cls in known}


def fields_of(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a dataclass that is only known to be a type."""
    return dataclasses.fields(cast(Any, cls))
