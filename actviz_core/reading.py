"""Reading: values from their JSON, of which nobody knows who wrote it."""

import json
from collections.abc import Callable
from typing import Any

from .errors import ActvizError
from .settings import conform, kind

LONGEST_JSON = 2**20  # characters


def as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return data


def read(text: str, *classes: type, prepare: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is) -> Any:
    """A value of one of the classes from its JSON, which says "kind".

    ActvizError naming what is wrong, by the first one's name.
    """
    known, name = {kind(cls): cls for cls in classes}, kind(classes[0])
    if len(text) > LONGEST_JSON:
        raise ActvizError(f"the {name} is {len(text):,} characters long; at most {LONGEST_JSON:,} are read.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ActvizError(f"this is not a {name}: it is not JSON.") from None
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str) or data["kind"] not in known:
        raise ActvizError(f'this is not a {name} of actviz: it does not say "kind": "{name}".')
    try:
        return conform(prepare(data), known[data["kind"]], data["kind"])
    except RecursionError:
        raise ActvizError(f"this is not a {name}: it is nested too deeply.") from None
