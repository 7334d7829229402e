"""models: the networks that can be loaded."""

from dataclasses import dataclass

from ..models.catalogue import catalogue
from .command import Command
from .options import option


@dataclass(frozen=True)
class ModelsOptions:
    """Which of them."""

    timm: bool = option(False, help="timm's networks too (over a thousand)")


def show_models(options: ModelsOptions) -> None:
    """Prints name, family and size of each."""
    for entry in catalogue():
        if entry.family != "timm" or options.timm:
            size = f"{entry.megabytes:.0f} MB to download" if entry.megabytes else ""
            print(f"{entry.name:32} {entry.family:12} {size}".rstrip())
    if not options.timm:
        print("timm/NAME                        timm         (--timm lists them)")


COMMAND = Command("models", "list the networks that can be loaded", ModelsOptions, show_models)
