"""A command: its name, one line of help, its options, and the function that takes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Command:
    """`carry_out` takes a value of `options`; it raises ActvizError where something was asked for wrongly.

    What it gives, if anything, is the exit code.
    """

    name: str
    help: str
    options: type
    carry_out: Callable[[Any], int | None]
