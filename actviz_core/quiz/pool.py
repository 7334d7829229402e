"""The pool: the units that a quiz asks about, with the images to ask with, out of an index of images."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from ..dataset.index import Index, Patch
from ..errors import ActvizError
from .design import POOL

FEWEST = 40  # images
LAYERS = 5  # that the units are spread over
SKIPPED = 0.4  # of the layers, the first ones: they see too little of an image to be asked about
TOP, BOTTOM = 0.75, 0.25  # of all images: the two that are asked about lie above the one and below the other


class TooFew(ActvizError):
    """There are too few "layers", "images" or "units" for a fair quiz: `found`, where `needed` are; of which images."""

    def __init__(self, what: str, found: int, needed: int, about: str) -> None:
        super().__init__(f"a fair quiz with {about} needs {needed} {what} at least; there are {found}.")
        self.what, self.found, self.needed, self.about = what, found, needed, about


@dataclass(frozen=True)
class Unit:
    """A channel, with its natural images as the index has them.

    least, most  what is shown beside: the images that drive it least and most of all
    low, high    what is asked about: one that drives it little, and one that drives it much
    """

    layer: str
    channel: int
    least: Patch
    most: Patch
    low: Patch
    high: Patch


def pool(index: Index, layers: Sequence[str], photograph: Callable[[int], str]) -> tuple[Unit, ...]:
    """The same units for everybody, a few of each of several layers. Raises TooFew, DamagedIndex.

    layers      those with maps of more than one cell, in the order of the forward pass
    photograph  which one an image is a part of: the four of a unit are of four
    """
    if not layers:
        raise TooFew("layers", 0, 1, index.about)
    if index.images < FEWEST:
        raise TooFew("images", index.images, FEWEST, index.about)
    found = [units_of(index, layer, photograph) for layer in spread(layers)]
    each_in_turn = [unit for unit in chain.from_iterable(zip_longest(*found)) if unit is not None]
    if len(each_in_turn) < POOL:
        raise TooFew("units", len(each_in_turn), POOL, index.about)
    return tuple(each_in_turn[:POOL])


def spread(layers: Sequence[str]) -> list[str]:
    """At most LAYERS of them, from the end of the first ones to the last."""
    first, count = int(SKIPPED * len(layers)), len(layers)
    chosen = min(LAYERS, count - first)
    return [layers[first + round(place * (count - 1 - first) / max(1, chosen - 1))] for place in range(chosen)]


def units_of(index: Index, layer: str, photograph: Callable[[int], str]) -> list[Unit]:
    """As many as a pool may need of a layer; channels in an order of the layer's own."""
    channels = list(range(index.channels(layer)))
    random.Random(layer).shuffle(channels)
    found: list[Unit] = []
    for channel in channels:
        unit = unit_of(index, layer, channel, photograph)
        if unit is not None:
            found.append(unit)
        if len(found) == POOL:
            break
    return found


def unit_of(index: Index, layer: str, channel: int, photograph: Callable[[int], str]) -> Unit | None:
    """None where no four photographs are far enough apart."""
    record = index.unit(layer, channel)
    if record.dead or record.tied > 1:
        return None
    most, least = record.best[0], record.spread[0]
    taken = {photograph(most.image), photograph(least.image)}
    high = [patch for patch in record.best if patch.lower >= TOP * index.images]
    low = [patch for patch in (*record.spread, *record.random) if patch.lower <= BOTTOM * index.images]
    for above in high:
        for below in sorted(low, key=lambda patch: patch.value):
            shown = taken | {photograph(above.image), photograph(below.image)}
            if len(shown) == 4 and least.value < most.value and below.value < above.value:
                return Unit(layer, channel, least, most, below, above)
    return None


def stamp_of(index: Index, units: Sequence[Unit]) -> str:
    """Another one for other images, or other answers of the network to them."""
    return hashlib.sha256(repr((index.about, index.names, tuple(units))).encode()).hexdigest()[:16]
