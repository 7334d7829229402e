"""Block pictures: a small picture of one channel of each block of a network, as they come into being, for everybody
who looks at its chart.

One at a time, each a patient run of the scheduler, so that others have most of the device. Nothing goes on while nobody
looks. Knows neither Streamlit nor torch.
"""

import hashlib
import io
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from actviz_core import ActvizError, Gallery, GalleryFrame, History, Run, Store, Tile

ABSENT = 5.0  # seconds without a look
SIDE, QUALITY = 80, 85  # pixels at most, and of the JPEG
TRIED = 3  # channels of a block, one after the other, until one answers at all
KEPT = 8  # networks
OFF, MAKING, COMPLETE = "off", "making", "complete"
SILENT = "the channels that were tried never fire."


@dataclass(frozen=True)
class Found:
    """What became of a block: the picture of a channel as a file, or the words that say why there is none."""

    channel: int
    data: bytes = b""
    words: str = ""

    @property
    def version(self) -> str:
        """Part of the picture's address, so that browsers may keep it for ever."""
        return hashlib.sha256(self.data).hexdigest()[:12] if self.data else ""


class BlockPictures:
    """Those of one network.

    layers     the names of its blocks
    galleries  a layer -> galleries whose picture of a channel will do, the best first; the last one's are made
    render     (gallery, channels) -> the work of a run whose frames bring the tiles
    start      hands a run to the scheduler
    store      where pictures are found and kept; ActvizError where it cannot be used, which hinders nobody
    held       whether something else, of somebody who is new here, is to be made first
    """

    def __init__(
        self,
        layers: Sequence[str],
        galleries: Callable[[str], Sequence[Gallery]],
        render: Callable[[Gallery, tuple[int, ...]], Any],
        start: Callable[[Run], object],
        store: Callable[[], Store],
        held: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.layers, self.galleries, self.render = tuple(layers), galleries, render
        self.start, self.store, self.held, self.clock = start, store, held, clock
        self.lock = threading.RLock()
        self.ways: dict[str, Sequence[Gallery]] = {}  # asked for at the first look: the scheduler's thread asks nobody
        self.found: dict[str, Found] = {}  # in the order of their coming
        self.tried: dict[str, int] = {}  # the channel that is next, by layer
        self.looks: dict[str, float] = {}  # of those who want them made: when each looked last
        self.near = 0
        self.run: Run | None = None

    def look(self, who: str, near: int, making: bool) -> None:
        """Somebody sees the blocks around the one at `near`; what is missing is made for those who want that."""
        with self.lock:
            if not self.ways and not self.held():  # asking takes the device for a moment, too
                for layer in self.layers:
                    self.find(layer)
            self.near = near
            if making:
                self.looks[who] = self.clock()
            else:
                self.looks.pop(who, None)
            self.begin()

    @property
    def watched(self) -> bool:
        now = self.clock()
        return any(now - at <= ABSENT for at in list(self.looks.values()))

    def find(self, layer: str) -> None:
        """How a block's picture is made, and what the store has of it."""
        self.ways[layer] = ()
        try:
            self.ways[layer] = galleries = self.galleries(layer)
        except ActvizError as problem:  # no picture is small enough for it, say
            self.found[layer] = Found(0, words=str(problem))
            return
        with suppress(ActvizError):  # a store that cannot be used
            for channel in range(min(TRIED, galleries[-1].channels)):
                tiles = [tile for gallery in galleries if (tile := self.store().tile(gallery, channel))]
                if tiles:
                    self.take(layer, tiles[0])
                if not tiles or layer in self.found:
                    return

    def take(self, layer: str, tile: Tile) -> None:
        """A picture that answers is the block's; after one that never does the next channel is tried, if any is."""
        if not tile.flag:
            self.found[layer] = Found(tile.channel, small(tile.image))
        elif tile.reason:
            self.found[layer] = Found(tile.channel, words=tile.reason)
        elif tile.channel + 1 >= min(TRIED, self.ways[layer][-1].channels):
            self.found[layer] = Found(tile.channel, words=SILENT)
        else:
            self.tried[layer] = tile.channel + 1

    def begin(self) -> None:
        """The next picture, nearest to where somebody looks."""
        going = self.run is not None and not self.run.ended
        if going or not self.ways or not self.watched or self.held():
            return
        missing = [index for index, layer in enumerate(self.layers) if layer not in self.found]
        if missing:
            layer = self.layers[min(missing, key=lambda index: abs(index - self.near))]
            gallery = self.ways[layer][-1]
            self.run = Run.of(self.render(gallery, (self.tried.get(layer, 0),)), math.inf, History(0, 0))
            self.run.listeners = (partial(self.hear, self.run, layer, gallery),)
            self.start(self.run)

    def hear(self, run: Run, layer: str, gallery: Gallery) -> None:
        """Of that run, on the scheduler's thread: a frame, or its end."""
        if run is not self.run:
            return
        frame = run.newest
        for tile in frame.tiles if isinstance(frame, GalleryFrame) and not run.ended else ():
            self.keep(layer, gallery, tile)
        if not run.ended:
            if not self.watched:
                run.cancel()
            return
        with self.lock:
            if run.error:
                self.found[layer] = Found(0, words=run.error)
            self.begin()

    def keep(self, layer: str, gallery: Gallery, tile: Tile) -> None:
        with suppress(ActvizError):  # full, or read-only: it is shown all the same
            self.store().put(gallery, tile)
        with self.lock:
            self.take(layer, tile)

    # what is told

    def state(self, since: int = 0) -> dict:
        """What has been found since a version, and whether more is to come; plain data."""
        with self.lock:
            found = list(self.found.items())
        news = found[since if 0 <= since <= len(found) else 0 :]
        status = COMPLETE if len(found) == len(self.layers) else MAKING if self.watched else OFF
        return dict(
            version=len(found),
            count=len(self.layers),
            status=status,
            pictures=[[self.layers.index(layer), layer, one.channel, one.version, one.words] for layer, one in news],
        )

    def picture(self, index: int, version: str) -> bytes | None:
        """The file of a block's picture, where it is that one."""
        found = self.found.get(self.layers[index]) if index < len(self.layers) else None
        return found.data if found and found.data and found.version == version else None


def small(image: np.ndarray) -> bytes:
    """uint8 [h, w, 3] -> a JPEG of some 2 kB."""
    picture, buffer = Image.fromarray(image), io.BytesIO()
    picture.thumbnail((SIDE, SIDE))
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


class AllBlockPictures:
    """By network; beyond KEPT those that were asked for longest ago are forgotten."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept, self.lock = kept, threading.Lock()
        self.by_network: OrderedDict[Hashable, BlockPictures] = OrderedDict()

    def open(self, network: Hashable, make: Callable[[], BlockPictures]) -> BlockPictures:
        """Those of that network, the same for everybody."""
        with self.lock:
            if network not in self.by_network:
                self.by_network[network] = make()
            self.by_network.move_to_end(network)
            while len(self.by_network) > self.kept:
                self.by_network.popitem(last=False)[1].looks.clear()
            return self.by_network[network]

    @property
    def runs(self) -> list[Run]:
        """Of those that are being made."""
        return [each.run for each in list(self.by_network.values()) if each.run is not None]


BLOCK_PICTURES = AllBlockPictures()
