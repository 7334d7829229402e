"""A shelf: what the store has of one gallery, known without reading it again. Told by `keep`, asked by the route."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from actviz_core import Gallery, Store, Tile

SIDE = 16  # px, of the pictures that are compared


@dataclass(frozen=True, eq=False)
class Entry:
    """What the page says of a tile; `features` is a vector of length 1, or 0 where there is no picture."""

    score: float
    flag: str
    reason: str
    features: np.ndarray

    @classmethod
    def of(cls, tile: Tile) -> "Entry":
        return cls(tile.score, tile.flag, tile.reason, features(tile.image) * (not tile.flag))


class Shelf:
    """The tiles of one gallery by channel; those that failed too, which the store does not keep."""

    def __init__(self, name: str, gallery: Gallery, store: Store) -> None:
        self.name, self.gallery, self.store = name, gallery, store
        self.entries = {channel: Entry.of(tile) for channel, tile in store.tiles(gallery).items()}

    def keep(self, tile: Tile) -> None:
        self.store.put(self.gallery, tile)
        self.entries[tile.channel] = Entry.of(tile)

    def png(self, channel: int) -> bytes | None:
        return self.store.png(self.gallery, channel) if self.has(channel) else None

    def has(self, channel: int) -> bool:
        """Whether there is a file of it, as far as is known."""
        return channel in self.entries and not self.entries[channel].reason

    def forget(self, channel: int) -> None:
        if self.has(channel):
            del self.entries[channel]


def features(image: np.ndarray) -> np.ndarray:
    """A picture uint8 [h, w, 3] as a vector [SIDE * SIDE * 3] without its mean, of length 1; 0 for an even one."""
    small = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX), np.float32).ravel()
    small = small - small.mean()
    return small / (np.linalg.norm(small) or 1)
