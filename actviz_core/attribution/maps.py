"""Maps: for each place of an image, what it has to do with a score."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32

from ..errors import ActvizError
from ..models.centres import Centres


@dataclass(frozen=True, eq=False)
class Maps:
    """What a method says of n images, as plain data that any thread may read. Raises ActvizError for what is no number.

    values        as computed, before anything is resized; in units of the score, unless the method says otherwise
    score         of each image: what the objective gives for it
    height, width of the images, in pixels
    layer         the layer whose cells the values stand for; "": pixels
    fraction      of the method's work that is done; less than 1 where it goes on and the values still change
    passes        of images through the network so far, forward; those that went back as well count twice
    completeness  of each image: what the map should add up to, for methods that promise it
    centres       of the cells' receptive fields: their rows and columns, in pixels; None where values stand for pixels
    cut_off       of each image: the largest absolute value below zero that the method left out; () where it leaves none
    """

    values: Float32[np.ndarray, "n rows columns"]
    score: tuple[float, ...]
    height: int
    width: int
    layer: str = ""
    fraction: float = 1.0
    passes: int = 0
    completeness: tuple[float, ...] = field(default=())
    centres: Centres | None = None
    cut_off: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.values).all() and np.isfinite(self.score).all()):
            raise ActvizError(
                "the network's scores of this target, or their gradients, are not numbers for this image: "
                "choose another target, or a method without gradients, such as occlusion."
            )

    @property
    def done(self) -> bool:
        return self.fraction >= 1
