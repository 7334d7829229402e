"""What the Explain page is set to, as values: the image, what is explained of it, and by which maps."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from actviz_core import (
    ActvizError,
    Checked,
    GradCam,
    Method,
    Objective,
    Prediction,
    export,
    framing,
    image_hash,
    photographs,
    reading,
    setting,
    to_data,
)

MOST_MAPS = 6
OF_CAMERA = "A frame of the camera"  # what such an image is called
LONGEST_SIDE = 1536  # px, of an image that is kept
Frame = tuple[int, int, int, int]
"""Of an image: pixels from its top and left, height, width."""


def version_of(digest: str) -> str:
    """Of the image with that hash ("sha256:..."): as much of it as an address needs."""
    return digest.removeprefix("sha256:")[:16]


@dataclass(frozen=True, eq=False)
class Picture:
    """An image that a visitor gave: uint8 [h, w, 3], kept in memory and with its visitor only.

    given  height and width of the image that it was reduced from, in pixels; None: it is as it was given
    """

    name: str
    pixels: np.ndarray = field(repr=False)
    given: tuple[int, int] | None = None

    @classmethod
    def read(cls, name: str, data: bytes, largest: int = photographs.LARGEST_IMAGE) -> "Picture":
        """The image of a file, no larger than is kept; ActvizError where it cannot be read, or has more pixels."""
        pixels, size = photographs.reduced(data, largest, LONGEST_SIDE)
        return cls(name, pixels, size if size != pixels.shape[:2] else None)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, in pixels."""
        return self.pixels.shape[0], self.pixels.shape[1]

    @cached_property
    def version(self) -> str:
        """Tells it from other images, and says nothing of what it shows."""
        return version_of(image_hash(self.pixels))


@dataclass(frozen=True)
class View:
    """What a network sees: which network, which image by its version, and which part of it."""

    network: tuple[str, str]
    image: str
    frame: Frame
    size: tuple[int, int]

    @property
    def version(self) -> str:
        """Tells its address from those of others."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Seen:
    """A view as the network has it, uint8 [h, w, 3], and what it says of it."""

    view: View
    pixels: np.ndarray = field(repr=False)
    prediction: Prediction


@dataclass(frozen=True)
class MapChoice(Checked):
    """A map that is wanted: its method with the settings, and what it explains; None: what the page explains."""

    method: Method = GradCam()
    objective: Objective | None = None


@dataclass(frozen=True)
class Explaining(Checked):
    """What is explained, and by which maps.

    target   whether Explore's target is explained, and not a class
    label    the class; None: the likeliest
    against  the class that it is explained against ("why A, not B"); None: none
    image    the version of the image that it is about; "": any
    sample   the sample photograph that this is, if it is one: a link brings it along
    frame    what the network sees of that image; empty: as much of its middle as has the network's proportions
    opacity  of the maps over the image, 0 to 1
    """

    maps: tuple[MapChoice, ...] = (MapChoice(),)
    target: bool = False
    label: int | None = setting(None, low=0)
    against: int | None = setting(None, low=0)
    image: str = setting("", longest=64)
    sample: str = setting("", longest=64)
    frame: tuple[int, ...] = setting((), low=0)
    opacity: float = setting(export.OPACITY, low=0, high=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.maps) > MOST_MAPS:
            raise ActvizError(f"there are {len(self.maps)} maps; at most {MOST_MAPS} stand side by side.")
        if len(self.frame) not in (0, 4):
            raise ActvizError("a frame has four numbers: top, left, height and width.")
        if self.label is not None and self.label == self.against:
            raise ActvizError("a class is explained against another one.")

    def frame_in(self, picture: Picture, size: tuple[int, int]) -> Frame:
        """What a network for images of that height and width sees of the picture."""
        tall, wide = picture.size
        if not self.frame:
            return framing.whole(tall, wide, size)
        top, left, height, width = self.frame
        return framing.fitted((top, left, height, width), tall, wide, size)

    def of(self, picture: Picture, sample: str = "") -> "Explaining":
        """The same of another picture: a frame is one picture's, and the class that was chosen may be nowhere in it."""
        known = self
        if picture.version != self.image:
            chosen = {"label": None, "against": None} if self.image else {}
            known = replace(self, image=picture.version, frame=(), **chosen)
        return replace(known, sample=sample)

    def classes(self, prediction: Prediction) -> tuple[int, int | None]:
        """The class that is explained, and the one that it is explained against, of a network that has classes."""
        known = len(prediction.probabilities)
        label = self.label if self.label is not None and self.label < known else prediction.ranked[0]
        against = self.against
        return label, against if against is not None and against < known and against != label else None

    def with_map(self, index: int, choice: MapChoice) -> "Explaining":
        return replace(self, maps=(*self.maps[:index], choice, *self.maps[index + 1 :]))

    def to_json(self) -> str:
        return json.dumps(to_data(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Explaining":
        """Raises ActvizError naming what is wrong with the text."""
        return reading.read(text, cls)
