"""Shards: what is known of an index on its way, in files that are whole or not there, whoever is killed.

Each holds what came of some entries of the source, one after the other; together they hold its first ones.
"""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..files import replaced
from .duplicates import FINGERPRINT
from .sources import Entry


class Outcome(NamedTuple):
    """Why an entry is not in the index, "" where it is; `passing`: it is to be tried again."""

    entry: Entry
    why: str = ""
    passing: bool = False


@dataclass
class Shard:
    """What came of some entries.

    fingerprints, pictures, values, places  of those that are; the last two by image and layer, each as [channels]
    """

    outcomes: list[Outcome] = field(default_factory=list)
    fingerprints: list[np.ndarray] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    values: list[list[np.ndarray]] = field(default_factory=list)
    places: list[list[np.ndarray]] = field(default_factory=list)

    def encoded(self) -> bytes:
        """As a file of NumPy's, without anything that needs to be unpickled."""
        said = json.dumps([[entry.name, entry.stamp, *rest] for entry, *rest in self.outcomes]).encode()
        arrays: dict[str, Any] = {
            "outcomes": np.frombuffer(said, np.uint8),
            "fingerprints": np.array(self.fingerprints, FINGERPRINT),
            "pictures": np.frombuffer(b"".join(self.pictures), np.uint8),
            "sizes": np.array([len(picture) for picture in self.pictures], np.int64),
        }
        for kind, rows in (("values", self.values), ("places", self.places)):
            arrays |= {f"{kind}-{layer}": np.stack(row) for layer, row in enumerate(zip(*rows, strict=True))}
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()


class Broken(Exception):
    """A shard that cannot be read any more."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A shard in its file; its arrays are read when they are asked for, which raises Broken."""

    file: Path
    outcomes: tuple[Outcome, ...]
    fingerprints: np.ndarray

    @property
    def names(self) -> list[str]:
        """Of its images."""
        return [each.entry.name for each in self.outcomes if not each.why]

    @property
    def passing(self) -> list[Entry]:
        """Those to be tried again."""
        return [each.entry for each in self.outcomes if each.passing]

    def layer(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """Values and places of a layer, [n, channels]."""
        with opened(self.file) as arrays:
            return arrays[f"values-{layer}"], arrays[f"places-{layer}"]

    def sizes(self) -> np.ndarray:
        """Bytes of each picture."""
        with opened(self.file) as arrays:
            return arrays["sizes"]

    def pictures(self) -> np.ndarray:
        """The JPEGs behind each other, uint8."""
        with opened(self.file) as arrays:
            return arrays["pictures"]

    def is_whole(self, shapes: Sequence[tuple[int, int]]) -> bool:
        """Whether everything in it can be read. `shapes`: channels of each layer, and cells of its map."""
        count = len(self.fingerprints)
        with suppress(Broken):
            fits = self.sizes().shape == (count,) and self.pictures().shape == (self.sizes().sum(),)
            return fits and (not count or all(self.fits(layer, *shape) for layer, shape in enumerate(shapes)))
        return False

    def fits(self, layer: int, channels: int, cells: int) -> bool:
        values, places = self.layer(layer)
        shaped = values.shape == places.shape == (len(self.fingerprints), channels)
        return shaped and bool(np.isfinite(values).all() and (places >= 0).all() and (places < cells).all())


def keep(folder: Path, start: int, shard: Shard) -> None:
    """Writes what came of the entries from `start` on. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    replaced(folder / f"{start:09}.npz", shard.encoded())


def kept(folder: Path, entries: Sequence[Entry]) -> Iterator[Kept]:
    """Those of the first entries, in their order; files of other entries, or damaged ones, are removed."""
    done = 0
    for file in sorted(folder.glob("*.npz")):
        found = read(file)
        known = [each.entry for each in found.outcomes] if found else []
        if found and known == list(entries[done : done + len(known)]):
            done += len(known)
            yield found
        else:
            file.unlink(missing_ok=True)
    for file in folder.glob(".*.tmp"):
        file.unlink(missing_ok=True)


def remove(folder: Path, start: int) -> None:
    """Takes away what came of the entries from `start` on."""
    for file in folder.glob("*.npz"):
        if int(file.stem) >= start:
            file.unlink(missing_ok=True)


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Its arrays by name."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            yield arrays
    except Exception:  # of a damaged file nearly anything can be raised
        raise Broken(file) from None


def read(file: Path) -> Kept | None:
    """The shard in a file, None for one whose beginning is damaged."""
    with suppress(Exception):  # what it says may be anything
        with opened(file) as arrays:
            said, fingerprints = json.loads(arrays["outcomes"].tobytes()), arrays["fingerprints"]
        outcomes = tuple(Outcome(Entry(str(a), str(b)), str(why), bool(passing)) for a, b, why, passing in said)
        count = sum(not each.why for each in outcomes)
        if outcomes and fingerprints.dtype == FINGERPRINT and fingerprints.shape == (count,):
            return Kept(file, outcomes, fingerprints)
    return None
