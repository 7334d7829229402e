"""Spec: what a run shows and cannot change."""

from dataclasses import dataclass, replace
from typing import Literal

from ..errors import ActvizError
from ..objectives import Objective
from ..reading import LONGEST_JSON
from ..settings import Checked, setting
from .optimizers import Adam, Optimizer
from .parametrizations import FourierImage, Parametrization

SMALLEST_TILE, LARGEST_TILE = 16, 512  # px
MOST_PIXELS = 2**24  # of all pictures of a run: four of the largest


@dataclass(frozen=True)
class Spec(Checked):
    """What a run is. A different Spec is a different run.

    objective   one for all images, or a tuple with one for each: then each image is what it would be alone
    weights     "" (the published ones), "untrained", or "sha256:..." of a file: a recipe never names a path
    schedule    over so many iterations views narrow, waves come in, sizes grow and learning rates fall; afterwards all
                stays as at their end; 0: over all
    tile        the side of what is optimized, in pixels: it is repeated until the picture is full; 0: the whole picture
    octaves     the run starts at height / octave_factor^(octaves - 1) and grows; the iterations of the schedule are
                shared out evenly
    redirected  for so many iterations a ReLU that lets no gradient through passes it on, per image
    photograph  a JPEG or PNG in base64, when `start` says so
    """

    model: str
    objective: Objective | tuple[Objective, ...]
    parametrization: Parametrization = setting(
        FourierImage(decay=1.25, coarse=0.4), help="what is optimized to make the picture"
    )
    optimizer: Optimizer = setting(Adam(beta1=0.5, beta2=0.95, cooling=0.3), help="how a gradient becomes a step")
    height: int = setting(224, low=8, high=2048, step=8, unit="px", help="height of the picture")
    width: int = setting(224, low=8, high=2048, step=8, unit="px", help="width of the picture")
    count: int = setting(
        1, low=1, high=64, step=1, help="pictures made together, each from its own noise", label="Pictures"
    )
    seed: int = setting(
        0,
        low=0,
        high=2**32 - 1,
        step=1,
        help="the same seed gives the same picture; on a GPU the same start and views, "
        "and a picture of the same kind, not the same one",
    )
    iterations: int = setting(192, low=1, high=100_000, step=1, help="gradient steps")
    schedule: int = setting(
        0,
        low=0,
        high=100_000,
        step=1,
        unit="iterations",
        help="in so many, views narrow, waves come in and the learning rate falls; 0: in all. "
        "A run that is continued keeps its own",
    )
    tile: int = setting(
        0,
        low=0,
        high=LARGEST_TILE,
        step=8,
        unit="px",
        help="a pattern of this side is optimized, seamless, and repeats until the picture is full; 0: off",
    )
    octaves: int = setting(1, low=1, high=6, step=1, help="picture sizes to go through, from small to full size")
    octave_factor: float = setting(
        1.4, low=1.1, high=2.0, step=0.1, help="how much larger each size is than the one before"
    )
    redirected: int = setting(
        16,
        low=0,
        high=1000,
        step=1,
        unit="iterations",
        help="for this long, dead ReLUs let gradients through",
        label="Redirect ReLU gradients",
    )
    start: Literal["noise", "grey", "photograph"] = setting(
        "noise", help="what the run starts from", label="Start from"
    )
    precision: Literal["auto", "float32", "autocast"] = setting(
        "auto",
        help="autocast computes in 16 bits; auto does so where it is faster",
    )
    photograph: str = setting("", longest=LONGEST_JSON, help="an image file in base64")
    weights: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.objective, tuple) and len(self.objective) != self.count:
            raise ActvizError(
                f"there are {len(self.objective)} objectives for {self.count} images; give one, or one each."
            )
        if self.start == "photograph" and not self.photograph:
            raise ActvizError("the run is to start from a photograph, but none is given.")
        if 0 < self.tile < SMALLEST_TILE:
            raise ActvizError(f"a tile has {SMALLEST_TILE} pixels a side at least, or 0 for none; this is {self.tile}.")
        if self.count * self.height * self.width > MOST_PIXELS:
            raise ActvizError(
                f"{self.count} pictures of {self.height} x {self.width} are too many at once; "
                "lower their number or their size."
            )

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """One for all images, or one for each."""
        return self.objective if isinstance(self.objective, tuple) else (self.objective,)

    @property
    def draws(self) -> int:
        """For how many images starts and views are drawn.

        Those with objectives of their own share one draw, so that each is what it would be alone.
        """
        return 1 if isinstance(self.objective, tuple) else self.count

    @property
    def canvas(self) -> tuple[int, int]:
        """Height and width of what is optimized: the picture, or the tile that fills it."""
        return (min(self.tile, self.height), min(self.tile, self.width)) if self.tile else (self.height, self.width)

    @property
    def scheduled(self) -> int:
        """The iterations of the schedule."""
        return self.schedule or self.iterations

    def ending(self, iterations: int) -> "Spec":
        """The same with another end: up to the earlier of the two both make the same pictures."""
        return replace(self, iterations=iterations, schedule=0 if iterations == self.scheduled else self.scheduled)
