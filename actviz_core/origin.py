"""Origin: where a picture was made. Elsewhere the same recipe may give other last bits, and so other details."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import torch

from .errors import ActvizError
from .settings import Checked, setting

LONGEST = 100  # letters


@dataclass(frozen=True)
class Origin(Checked):
    """Of what a picture was made with.

    actviz and torch by version; the device's kind, cuda with the card's name; the processor's instructions that torch
    uses.
    """

    actviz: str = setting("", longest=LONGEST)
    torch: str = setting("", longest=LONGEST)
    device: str = setting("", longest=LONGEST)
    instructions: str = setting("", longest=LONGEST)

    def __post_init__(self) -> None:
        super().__post_init__()
        for field in fields(self):
            if not re.fullmatch(r"[\w .+()/-]*", getattr(self, field.name)):
                raise ActvizError(
                    f"origin.{field.name} is {getattr(self, field.name)!r}; "
                    "it is made of letters, digits and . + - / ( ) only."
                )

    def unlike(self, other: "Origin") -> str:
        """What differs, in words; "" if nothing does."""
        pairs = [(field.name, getattr(self, field.name), getattr(other, field.name)) for field in fields(self)]
        return ", ".join(
            f"{name} {mine or 'unknown'} instead of {theirs}" for name, mine, theirs in pairs if mine != theirs
        )


def here(device: torch.device) -> Origin:
    """Of what is made on that device now."""
    name = f"cuda {torch.cuda.get_device_name(device)}" if device.type == "cuda" else device.type
    return Origin(own_version(), torch.__version__, name[:LONGEST], torch.backends.cpu.get_cpu_capability())


@cache
def own_version() -> str:
    try:
        return version("actviz")
    except PackageNotFoundError:  # used from its folder
        return "unknown"


def told(origins: Iterable[Origin | None], device: torch.device) -> str:
    """A line for somebody who opens recipes of these origins here.

    None where one is not known; "" where nothing is to be told.
    """
    different = dict.fromkeys(filter(None, (origin.unlike(here(device)) for origin in origins if origin)))
    return f"Made elsewhere ({'; '.join(different)}): details may differ." if different else ""
