"""Shards: what is known of an index on its way, in files that are whole or not there, whoever is killed.

Each holds what came of some entries of the source, one after the other; together they hold its first ones.
"""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..files import replaced
from .duplicates import FINGERPRINT
from .sources import Entry


@dataclass
class Shard:
    """What came of some entries.

    entries  with why each of them is not in the index, "" where it is
    fingerprints, pictures, values, places  of those that are; the last two by image and layer, each as [channels]
    """

    entries: list[tuple[Entry, str]] = field(default_factory=list)
    fingerprints: list[np.ndarray] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    values: list[list[np.ndarray]] = field(default_factory=list)
    places: list[list[np.ndarray]] = field(default_factory=list)

    def encoded(self) -> bytes:
        """As a file of NumPy's, without anything that needs to be unpickled."""
        said = json.dumps([[entry.name, entry.stamp, why] for entry, why in self.entries]).encode()
        arrays: dict[str, Any] = {
            "entries": np.frombuffer(said, np.uint8),
            "fingerprints": np.array(self.fingerprints, FINGERPRINT),
            "pictures": np.frombuffer(b"".join(self.pictures), np.uint8),
            "sizes": np.array([len(picture) for picture in self.pictures], np.int64),
        }
        for kind, rows in (("values", self.values), ("places", self.places)):
            arrays |= {f"{kind}-{layer}": np.stack(row) for layer, row in enumerate(zip(*rows, strict=True))}
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()


@dataclass(frozen=True, eq=False)
class Kept:
    """A shard in its file; its arrays are read when they are asked for."""

    file: Path
    entries: tuple[tuple[Entry, str], ...]
    fingerprints: np.ndarray

    @property
    def names(self) -> list[str]:
        """Of its images."""
        return [entry.name for entry, why in self.entries if not why]

    def layer(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """Values and places of a layer, [n, channels]."""
        with np.load(self.file, allow_pickle=False) as arrays:
            return arrays[f"values-{layer}"], arrays[f"places-{layer}"]

    def sizes(self) -> np.ndarray:
        """Bytes of each picture."""
        with np.load(self.file, allow_pickle=False) as arrays:
            return arrays["sizes"]

    def pictures(self) -> np.ndarray:
        """The JPEGs behind each other, uint8."""
        with np.load(self.file, allow_pickle=False) as arrays:
            return arrays["pictures"]


def keep(folder: Path, start: int, shard: Shard) -> None:
    """Writes what came of the entries from `start` on. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    replaced(folder / f"{start:09}.npz", shard.encoded())


def kept(folder: Path, entries: Sequence[Entry]) -> Iterator[Kept]:
    """Those of the first entries, in their order; files of other entries, or damaged ones, are removed."""
    done = 0
    for file in sorted(folder.glob("*.npz")):
        found = opened(file)
        if found and tuple(entry for entry, _ in found.entries) == tuple(entries[done : done + len(found.entries)]):
            done += len(found.entries)
            yield found
        else:
            file.unlink(missing_ok=True)
    for file in folder.glob(".*.tmp"):
        file.unlink(missing_ok=True)


def opened(file: Path) -> Kept | None:
    """The shard in a file, None for one that is damaged."""
    with suppress(Exception):  # of a damaged file nearly anything can be raised
        with np.load(file, allow_pickle=False) as arrays:
            said, fingerprints = json.loads(arrays["entries"].tobytes()), arrays["fingerprints"]
        entries = tuple((Entry(str(name), str(stamp)), str(why)) for name, stamp, why in said)
        count = sum(not why for _, why in entries)
        if entries and fingerprints.dtype == FINGERPRINT and fingerprints.shape == (count,):
            return Kept(file, entries, fingerprints)
    return None
