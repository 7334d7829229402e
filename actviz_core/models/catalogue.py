"""The networks that can be loaded by name, of all sources of models. A new source is a file and an entry here."""

from ..errors import ActvizError, near
from . import damaged, own, packaged, timm, torchvision
from .source import Blueprint, Entry, Source

SOURCES: tuple[Source, ...] = (packaged, damaged, torchvision, timm, own)


def catalogue() -> tuple[Entry, ...]:
    """Every network that load_model knows by name, the packaged ones first."""
    return tuple(entry for source in SOURCES for entry in source.entries())


def find(name: str) -> Blueprint:
    """The blueprint of a name; raises ActvizError with near names."""
    for source in SOURCES:
        if found := source.blueprint(name):
            return found
    raise ActvizError(
        f"There is no model {name!r}{near(name, (entry.name for entry in catalogue()))}. The catalogue lists them all."
    )
