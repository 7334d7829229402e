"""The image that is explained: a file, a sample photograph, or the picture made on Explore."""

from dataclasses import replace

from actviz_core import ActvizError, photographs, samples
from dashboard.state import keys, messages, session
from dashboard.state.explaining import OF_CAMERA, Picture

OF_EXPLORE = "Explore's picture"


def give(name: str, data: bytes) -> None:
    """An image file of the visitor's, or a still of the camera."""
    session.take_image(Picture.read(name, data))
    if photographs.is_animated(data):
        messages.notify("The image is animated: its first frame is taken.")


def keep_frame(frame: Picture) -> None:
    """What the camera of the Layers page has seen: from none of the places that the sidebar takes images from."""
    keys.SOURCE.set(None)
    session.take_image(frame)


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


def source() -> str | None:
    """Where the image came from, for whoever comes back to the page; None: from none of the sidebar's places."""
    picture = session.image()
    if session.explanation().sample:
        return "Sample"
    return {OF_EXPLORE: "Explore", OF_CAMERA: None}.get(picture.name, "File") if picture is not None else "File"


def words() -> str:
    """What the image is; "" where there is none."""
    picture, sample = session.image(), session.explanation().sample
    if picture is None:
        return ""
    name = next((each.title for each in samples.SAMPLES if each.name == sample), picture.name)
    height, width = picture.size
    return f"{name}, {width} × {height} px"
