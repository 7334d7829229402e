"""Reading: values from their JSON, of which nobody knows who wrote it."""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any, cast

from .errors import ActvizError, OtherKind
from .registry import fields_of, kind
from .settings import declared
from .values import conform, shown

LONGEST_JSON = 2**20  # characters


def as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    """Changes nothing."""
    return data


def read(text: str, *classes: type, prepare: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is) -> Any:
    """A value of one of the classes from its JSON, which says "kind".

    ActvizError naming what is wrong, by the first one's name.
    """
    known, name = {kind(cls): cls for cls in classes}, kind(classes[0])
    named = f"an {name}" if name[0] in "aeiou" else f"a {name}"
    if len(text) > LONGEST_JSON:
        raise ActvizError(f"the {name} is {len(text):,} characters long; at most {LONGEST_JSON:,} are read.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ActvizError(f"this is not {named}: it is not JSON.") from None
    given = cast(dict[str, Any], data) if isinstance(data, dict) else {}
    said = given.get("kind")
    if isinstance(said, str) and said not in known and re.fullmatch("[a-z_]{1,40}", said):
        raise OtherKind(said, named)
    if not isinstance(said, str) or said not in known:
        raise ActvizError(f'this is not {named} of actviz: it does not say "kind": "{name}".')
    try:
        return conform(prepare(given), known[said], said)
    except RecursionError:
        raise ActvizError(f"this is not {named}: it is nested too deeply.") from None


def fields(cls: type, data: Any, *names: str) -> dict[str, Any]:
    """Fields of a dataclass from a JSON object, as they are declared; one that is lacking keeps its default.

    All of them, if none is named. What else is there is left out: files outlive the program that wrote them.
    """
    if not isinstance(data, dict):
        raise ActvizError(f"{kind(cls)} is {shown(data)}; it must be an object of JSON.")
    given = cast(dict[str, Any], data)
    wanted = [each for each in declared(cls) if each[0] in names or not names]
    needed = {field.name for field in fields_of(cls) if field.default is field.default_factory is dataclasses.MISSING}
    lacking = [name for name, *_ in wanted if name in needed and name not in given]
    if lacking:
        raise ActvizError(f"{kind(cls)} lacks {', '.join(lacking)}.")
    return {name: conform(given[name], annotation, where) for name, annotation, _, where in wanted if name in given}
