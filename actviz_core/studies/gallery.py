"""A gallery: every channel of a layer as a small picture, all made by the same recipe.

for frame in rendering(gallery, model, channels, keep): ...      # keep(tile) as soon as a channel is done
"""

import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from weakref import WeakKeyDictionary

import numpy as np

from ..errors import ActvizError, Diverged, OutOfMemory
from ..frames import Frame, Hidden
from ..models.layers import AnyModel, find_layer
from ..models.model import Model
from ..objectives import Channel
from ..optimization.loop import Ascent
from ..optimization.presets import followed
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from .alone import Unequal, iterate_as_alone

SILENT, FAILED = "silent", "failed"
EDITION = "2"  # of what a recipe makes: another one has another key, so that old pictures do not lie among new ones
NOTHING = np.zeros((0, 1, 1, 3), np.uint8)  # what nobody watches need not be kept by a run's history
# Pictures; measured on two cores: 4.0 ms for each of 8 at 128 px, 10 ms for one alone. Of tiles, in which there is
# less to compute, what an iteration costs whatever its size is shared by twice as many (docs/measurements.md).
TOGETHER = {"cpu": 8, "cuda": 64}
TILES_TOGETHER = {"cpu": 16, "cuda": 64}
LEAST_ITERATIONS = 8
LOOKS = 8  # frames of a run in which a channel may show that it fires
FITTING: WeakKeyDictionary[AnyModel, int] = (
    WeakKeyDictionary()
)  # pictures that fit the memory together, where more did not


@dataclass(frozen=True, eq=False)
class Tile:
    """One channel's picture, uint8 [height, width, 3], and the score of its last iteration.

    flag    "", "silent" (the score was 0 throughout: the channel never fires) or "failed", with the `reason` in words
    """

    channel: int
    image: np.ndarray
    score: float
    flag: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Gallery:
    """The channels of one layer. `recipe` makes the first of them, `weights` is the hash of the network's weights."""

    recipe: Recipe
    channels: int
    weights: str

    @classmethod
    def of(cls, model: AnyModel, layer: str, recipe: Recipe) -> "Gallery":
        """The recipe's way of making a picture, for a layer of the model: a preset's as it is for that layer.

        ActvizError where the model has no such layer, or takes no such size.
        """
        spec = replace(recipe.spec, model=model.name, objective=Channel(layer, 0), count=1, schedule=0)
        found = find_layer(model, layer, spec.height, spec.width)
        made = followed(Recipe(spec, recipe.hyperparams), spec, model)
        return cls(Recipe(made.spec, made.hyperparams), found.channels, model.weights_hash)

    @property
    def spec(self) -> Spec:
        return self.recipe.spec

    @property
    def layer(self) -> str:
        return self.spec.objectives[0].layer

    @cached_property
    def key(self) -> str:
        """32 hexadecimal digits.

        The same for the same model, weights, layer and recipe, wherever the weights' file lies.
        """
        recipe = replace(self.recipe, spec=replace(self.spec, weights=""))
        return hashlib.sha256("\0".join((EDITION, self.weights, recipe.to_json())).encode()).hexdigest()[:32]

    def recipe_of(self, channel: int) -> Recipe:
        return replace(self.recipe, spec=self.spec_of((channel,)))

    def spec_of(self, channels: tuple[int, ...]) -> Spec:
        """Of the run that makes these channels together."""
        objectives = tuple(Channel(self.layer, channel) for channel in channels)
        return replace(self.spec, objective=objectives if len(channels) > 1 else objectives[0], count=len(channels))

    def chosen(self, text: str) -> set[int]:
        """The channels of "0-63,70", all of them for "".

        ActvizError where it cannot be read or the layer has no such channel.
        """
        found: set[int] = set()
        for part in text.split(",") if text else (f"0-{self.channels - 1}",):
            ends = re.fullmatch(r"\s*(\d{1,9})(?:-(\d{1,9}))?\s*", part)
            first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (1, 0)
            if first > last:
                raise ActvizError(f"the channels {part!r} cannot be read; write numbers and ranges, as 0-63,70.")
            if last >= self.channels:
                raise ActvizError(
                    f"channel {last} is out of range: layer {self.layer} of {self.spec.model} has "
                    f"{self.channels} channels (0 to {self.channels - 1})."
                )
            found.update(range(first, last + 1))
        return found

    def coarse(self, model: AnyModel) -> "Gallery":
        """A quarter of the iterations at half the size, or at the full one where the network takes no smaller."""
        iterations = min(self.spec.iterations, max(LEAST_ITERATIONS, self.spec.iterations // 4))
        try:
            return self.at(model, max(8, self.spec.height // 2), max(8, self.spec.width // 2), iterations)
        except ActvizError:
            return self.at(model, self.spec.height, self.spec.width, iterations)

    def at(self, model: AnyModel, height: int, width: int, iterations: int) -> "Gallery":
        """The same way of making pictures in another size: a preset's as it is there.

        ActvizError where the model takes no such size.
        """
        spec = replace(self.spec, height=height, width=width)  # refused where nobody should ask a network for it
        find_layer(model, self.layer, height, width)
        made = followed(self.recipe, spec, model)
        return replace(self, recipe=replace(made, spec=replace(made.spec, iterations=iterations)))


def batches(channels: Iterable[int], size: int) -> list[tuple[int, ...]]:
    """Neighbouring channels together, always cut at the multiples of `size`.

    What is missing later is cut the same way.
    """
    return [tuple(together) for _, together in groupby(sorted(channels), lambda channel: channel // size)]


def batch_size(gallery: Gallery, model: AnyModel) -> int:
    """How many of its pictures are made together on the model's device."""
    sizes = TILES_TOGETHER if gallery.spec.tile else TOGETHER
    most = sizes.get(model.device.type, sizes["cpu"])
    return min(most, FITTING.get(model, most))


def rendering(
    gallery: Gallery, model: Model, channels: tuple[int, ...], keep: Callable[[Tile], None]
) -> Iterator[Frame | Hidden]:
    """The iterations of one batch of channels; at its end, after the last frame, `keep` gets the tile of each.

    On a CPU each tile is what the channel's own recipe makes alone, bit for bit; a batch where it would not be is made
    in halves. So is one that is too large for the memory, and later ones are no larger; channels whose numbers stop
    being numbers get a flag, and the others are made again; one that fails otherwise is made one by one. No ActvizError
    but those of `keep`.
    """
    fitting = FITTING.get(model, len(channels))
    if len(channels) > fitting:
        for start in range(0, len(channels), fitting):
            yield from rendering(gallery, model, channels[start : start + fitting], keep)
        return
    try:
        tiles = yield from tiles_of(gallery, model, channels)
        parts: list[tuple[int, ...]] = []
    except ActvizError as problem:
        parts = parts_after(problem, model, channels)
        lost = [channel for channel in channels if channel not in set().union(*parts)]
        tiles = [Tile(channel, blank(gallery.spec), 0.0, FAILED, str(problem)) for channel in lost]
    for tile in tiles:
        keep(tile)
    for part in parts:
        yield from rendering(gallery, model, part, keep)


@dataclass(frozen=True, eq=False)
class GalleryFrame(Frame):
    """One iteration of a batch: no picture, but the tiles that have been finished since the one before."""

    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True)
class RenderTiles:
    """The work of a run that makes one batch of a gallery's channels."""

    network: tuple[str, str]
    gallery: Gallery
    channels: tuple[int, ...]

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[GalleryFrame]:
        made: list[Tile] = []
        count = 0
        for _ in rendering(self.gallery, models(*self.network), self.channels, made.append):
            count += 1
            yield GalleryFrame(count, NOTHING, (), tiles=tuple(made))
            made.clear()
        yield GalleryFrame(count, NOTHING, (), tiles=tuple(made))  # no iteration more


def tiles_of(gallery: Gallery, model: Model, channels: tuple[int, ...]) -> Generator[Frame | Hidden, None, list[Tile]]:
    """The iterations of the run that makes these channels together, and then their tiles.

    It shows some frames, for the pictures in between nobody sees.
    """
    spec, fired = gallery.spec_of(channels), np.zeros(len(channels), bool)
    recipe, every = Recipe(spec, gallery.recipe.hyperparams), max(1, spec.iterations // LOOKS)
    frame, alone = None, [gallery.recipe_of(channel) for channel in channels]
    with closing(Ascent(model, recipe, every=every)) as ascent:
        while not ascent.finished:
            frame = iterate_as_alone(ascent, gallery.key, alone)
            if frame:
                fired |= stirred(spec, frame)
            yield frame or Hidden(ascent.iteration)
    assert frame, "the last iteration is always shown"
    found = zip(channels, frame.images, frame.score, fired, strict=True)
    return [Tile(channel, image, score, "" if alive else SILENT) for channel, image, score, alive in found]


def parts_after(problem: ActvizError, model: Model, channels: tuple[int, ...]) -> list[tuple[int, ...]]:
    """In which parts a batch that failed is tried again; what is in none of them has failed for good."""
    middle = len(channels) // 2
    if isinstance(problem, OutOfMemory):
        FITTING[model] = max(1, min(middle, FITTING.get(model, middle)))
    if isinstance(problem, OutOfMemory | Unequal):
        parts = [channels[:middle], channels[middle:]]
    elif isinstance(problem, Diverged):
        parts = [tuple(channel for index, channel in enumerate(channels) if index not in problem.pictures)]
    else:
        parts = [(channel,) for channel in channels]
    return [part for part in parts if part and part != channels]


def blank(spec: Spec) -> np.ndarray:
    return np.full((spec.height, spec.width, 3), 128, np.uint8)


def stirred(spec: Spec, frame: Frame) -> np.ndarray:
    """bool [n]: which channels show life in this frame, by their score or by a gradient that is theirs."""
    alive = np.array(frame.score) != 0
    # Penalties have gradients of their own, and while ReLUs are redirected a dead channel has one too.
    if not frame.penalties and frame.iteration > spec.redirected:
        alive |= np.array(frame.gradient) != 0
    return alive
