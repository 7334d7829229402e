"""An explanation: all that is needed to make a map of an image again, but the image itself; and its JSON.

Everything read back passes through the dataclasses: nothing is unpickled, evaluated or imported.
"""

import hashlib
import json
import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from ..errors import ActvizError
from ..objectives import Objective
from ..origin import Origin
from ..reading import read
from ..settings import Checked, setting, to_data
from ..values import shown
from .method import Method

LONGEST_SIDE = 2**20  # px, of an image
MOST = 64  # maps side by side


@dataclass(frozen=True)
class Explanation(Checked):
    """What a map says of which image, for which network.

    weights     "" (the published ones), "untrained", or "sha256:..." of a file, as a recipe has them
    height, width  of the network's picture, in pixels
    frame       (top, left, height, width): the part of the image that the network sees, in the image's pixels
    image       the hash of the image's pixels (`image_hash`), by which it is known again; "": not known
    image_name  what its file was called, without a folder
    origin      where the map was made
    """

    model: str
    objective: Objective
    method: Method
    height: int = setting(224, low=1, high=4096, unit="px")
    width: int = setting(224, low=1, high=4096, unit="px")
    frame: tuple[int, int, int, int] = setting((0, 0, 224, 224), low=0, high=LONGEST_SIDE, unit="px")
    image: str = setting("", longest=80)
    image_name: str = setting("", longest=255)
    weights: str = setting("", longest=80)
    origin: Origin | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.frame[2:]) < 1:
            raise ActvizError(f"explanation.frame is {shown(self.frame)}; its height and width must be at least 1 px.")
        if self.image and not re.fullmatch("sha256:[0-9a-f]{64}", self.image):
            raise ActvizError(f'explanation.image is {shown(self.image)}; it must be "sha256:" and 64 digits.')
        name = "".join(filter(str.isprintable, re.split(r"[/\\]", self.image_name)[-1]))
        object.__setattr__(self, "image_name", name)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the network's picture, in pixels."""
        return self.height, self.width

    def to_json(self, indent: int | None = None) -> str:
        """The text that from_json reads."""
        return json.dumps(to_data(self), indent=indent, separators=None if indent else (",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Explanation":
        """Raises ActvizError naming what is wrong with the text."""
        return read(text, cls)


@dataclass(frozen=True)
class Explanations(Checked):
    """Those of maps that stand side by side."""

    explanations: tuple[Explanation, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= len(self.explanations) <= MOST:
            raise ActvizError(f"there are {len(self.explanations)} maps side by side; it must be 1 to {MOST}.")

    def to_json(self) -> str:
        """The text that from_json reads."""
        return json.dumps(to_data(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Explanations":
        """That of one map is read too. Raises ActvizError naming what is wrong with the text."""
        found = read(text, Explanation, cls)
        return found if isinstance(found, cls) else cls((found,))


def image_hash(image: UInt8[np.ndarray, "h w 3"]) -> str:
    """By what an image is known again, whatever its file: "sha256:" and the hash of its size and pixels."""
    digest = hashlib.sha256(f"{image.shape[0]} {image.shape[1]}\0".encode())
    digest.update(np.ascontiguousarray(image).data)
    return f"sha256:{digest.hexdigest()}"
