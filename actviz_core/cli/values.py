"""Texts of a command line as values."""

import json
import re
from typing import Any, TypeVar

from ..errors import ActvizError
from ..values import conform

Value = TypeVar("Value")

MOST_NUMBERS = 1000  # of one range


def number_or_text(text: str) -> int | float | bool | str:
    """A number or true or false where the text is one."""
    if text in ("true", "false"):
        return text == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def whole_numbers(text: str, what: str) -> list[int]:
    """The numbers of "0-3,7", each once, in that order; ActvizError where they cannot be read."""
    found: dict[int, None] = {}
    for part in text.split(","):
        ends = re.fullmatch(r"\s*(\d{1,9})(?:-(\d{1,9}))?\s*", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (1, 0)
        if first > last:
            raise ActvizError(f"{what} {part!r} cannot be read; write numbers and ranges, as 0-63,70.")
        if last - first >= MOST_NUMBERS:
            raise ActvizError(f"{what} {part!r} are more than {MOST_NUMBERS:,}.")
        found |= dict.fromkeys(range(first, last + 1))
    return list(found)


def value_of_kind(base: type[Value], text: str, where: str) -> Value:
    """From "adam:beta1=0.5,cooling=0.3", from a kind alone, or from JSON.

    Raises ActvizError naming what is wrong, and where.
    """
    return conform(data_of(text, where), base, where)


def data_of(text: str, where: str) -> dict[str, Any]:
    """What the text says, as JSON has it."""
    if text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ActvizError(f"{where} {text:.60} is not JSON.") from None
    kind, _, fields = text.partition(":")
    return {"kind": kind} | assignments(fields.split(",") if fields else [], where)


def assignments(texts: list[str], where: str) -> dict[str, Any]:
    """Values by name, from texts such as "beta1=0.5"."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ActvizError(f"{where} {text!r} lacks a value; write NAME=VALUE.")
        values[name.strip()] = number_or_text(value.strip())
    return values
