"""The image that is explained: a file, a sample photograph, or the picture made on Explore."""

from dataclasses import replace

from actviz_core import ActvizError, samples
from dashboard.state import keys, session
from dashboard.state.explaining import Picture

OF_EXPLORE = "Explore's picture"


def give(name: str, data: bytes) -> None:
    """An image file of the visitor's."""
    session.take_image(Picture.read(name, data))


def take_sample(name: str) -> None:
    """A sample photograph."""
    keys.SOURCE.set("Sample")
    session.take_image(Picture(name, samples.sample(name)), name)


def bring_sample() -> None:
    """The photograph of a link that names a sample."""
    name = session.explanation().sample
    if name and session.image() is None:
        session.explain(replace(session.explanation(), sample=""))  # asked for once
        take_sample(name)


def take_explores() -> None:
    """The newest picture of Explore's run."""
    entry = session.watched()
    if entry is None or entry.run.newest is None:
        raise ActvizError("Explore has no picture yet: press Start there first.")
    session.take_image(Picture(OF_EXPLORE, entry.run.newest.images[0]))


def remove() -> None:
    """Nothing of the image is kept: it, its maps, and what was computed of it."""
    visitor = session.visitor()
    visitor.explain([])
    for name in list(visitor.aside):
        visitor.set_aside(name, None)
    visitor.offered = None
    bare = replace(session.explanation(), image="", sample="", frame=(), label=None, against=None)
    session.change(image=None, seen=None, explained=None, explanation=bare)


def source() -> str:
    """Where the image came from, for whoever comes back to the page."""
    picture = session.image()
    if session.explanation().sample:
        return "Sample"
    return "Explore" if picture is not None and picture.name == OF_EXPLORE else "File"
