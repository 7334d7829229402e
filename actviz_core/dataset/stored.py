"""Stored arrays: what is read of an index's files while it is asked for, so that memory holds no more than that.

The files are read, never mapped: where one has become shorter a read tells so, and a mapped page ends the process. They
stay open, so that an index that takes their place takes nothing away.
"""

import io
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .index import UNIT, DamagedIndex


class Stored:
    """An array of one dimension in a file of NumPy's; part of it at a time. Raises ValueError: it is none."""

    def __init__(self, path: Path) -> None:
        self.file, self.lock = io.FileIO(path), threading.Lock()
        weakref.finalize(self, self.file.close)
        if np.lib.format.read_magic(self.file) != (1, 0):
            raise ValueError(path)
        (self.length,), _, self.kind = np.lib.format.read_array_header_1_0(self.file)
        self.start = self.file.tell()
        if os.fstat(self.file.fileno()).st_size != self.start + self.length * self.kind.itemsize:
            raise ValueError(path)

    def part(self, start: int, count: int) -> np.ndarray:
        """Raises DamagedIndex: the file has become shorter."""
        with self.lock:
            self.file.seek(self.start + start * self.kind.itemsize)
            data = self.file.read(count * self.kind.itemsize)
        if len(data) < count * self.kind.itemsize:
            raise DamagedIndex
        return np.frombuffer(data, self.kind)


class Units(Sequence[np.void]):
    """The entries of UNIT of a layer, whose maps are of rows x columns, in an index of so many images."""

    def __init__(self, stored: Stored, start: int, channels: int, images: int, size: tuple[int, int]) -> None:
        self.stored, self.start, self.channels = stored, start, channels
        self.images, self.size = images, size

    def __len__(self) -> int:
        return self.channels

    def __getitem__(self, channel: Any) -> Any:
        """One channel, or [:]. Raises DamagedIndex."""
        if channel == slice(None):
            return self.checked(self.start, self.channels)
        if not 0 <= channel < self.channels:
            raise IndexError(channel)
        return self.checked(self.start + channel, 1)[0]

    def checked(self, start: int, count: int) -> np.ndarray:
        units = self.stored.part(start, count)
        if not self.fit(units):
            raise DamagedIndex
        return units

    def fit(self, units: np.ndarray) -> bool:
        """Whether every number is one that such an index can have."""
        if units.dtype != UNIT:
            return False
        patches, quantiles = units["patches"], units["quantiles"]
        there = patches[patches["image"] >= 0]
        places = (("image", self.images), ("row", self.size[0]), ("column", self.size[1]))
        placed = all(((there[name] >= 0) & (there[name] < end)).all() for name, end in places)
        finite = np.isfinite(there["value"]).all() and np.isfinite(quantiles).all()
        tied = (units["tied"] >= 1) & (units["tied"] <= self.images)
        return bool(placed and finite and tied.all() and (np.diff(quantiles, axis=1) >= 0).all())


class Pictures(Sequence[bytes]):
    """Files that lie behind each other, each up to its end."""

    def __init__(self, stored: Stored, ends: np.ndarray) -> None:
        self.stored, self.ends = stored, ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: Any) -> Any:
        """Raises DamagedIndex."""
        start = int(self.ends[place - 1]) if place else 0
        return self.stored.part(start, int(self.ends[place]) - start).tobytes()
