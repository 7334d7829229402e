"""An index on disk: a folder with what it is about, all channels, and the pictures; whole or not there."""

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..files import replaced
from . import statistics
from .index import UNIT, Index
from .shards import Kept
from .sources import Entry, printed
from .stored import Pictures, Stored, Units

EDITION = 3  # of what is kept, and how it is found: another one is made anew
SIZES = ("channels", "rows", "columns")
LEFT_OVER = 600.0  # seconds, after which nobody goes on writing a temporary folder


@dataclass(frozen=True)
class LayerSize:
    """A layer, its channels, and how large a map is."""

    name: str
    channels: int
    rows: int
    columns: int


@dataclass(frozen=True)
class About:
    """What an index says of itself.

    names    of its images
    skipped  names, each with the reason
    passing  names of those among them that are to be tried again
    entries  the digest of all that it was made of
    """

    about: str
    small: bool
    layers: tuple[LayerSize, ...]
    names: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    entries: str
    passing: tuple[str, ...] = ()


def key_of(*parts: object) -> str:
    """32 hexadecimal digits."""
    return hashlib.sha256("\0".join(map(repr, (EDITION, *parts))).encode()).hexdigest()[:32]


def digest_of(entries: Sequence[Entry]) -> str:
    """Another one as soon as an entry is added, gone or changed."""
    return key_of(*((entry.name, entry.stamp) for entry in entries))


# writing


def write(folder: Path, about: About, shards: Sequence[Kept]) -> Iterator[int]:
    """Makes an index of the shards, and says after each layer how many are done. What was there stays until the end.

    Raises OSError.
    """
    clean(folder)
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    temporary.mkdir(parents=True)
    try:
        yield from write_units(temporary / "units.npy", about, shards)
        write_pictures(temporary, shards)
        replaced(temporary / "about.json", json.dumps(asdict(about)).encode())
        for file in temporary.iterdir():
            sync(file)
        if folder.exists():
            folder.rename(folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp"))
        temporary.rename(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    clean(folder, 0.0)


def write_units(file: Path, about: About, shards: Sequence[Kept]) -> Iterator[int]:
    """One layer at a time, so that memory does not grow with their number."""
    total = sum(layer.channels for layer in about.layers)
    with open(file, "xb") as units:
        begin_array(units, UNIT, total)
        for number, layer in enumerate(about.layers):
            parts = zip(*(shard.layer(number) for shard in shards), strict=True)
            values, places = (np.concatenate(part) for part in parts)
            units.write(statistics.units(layer.name, values, places, layer.rows, layer.columns).tobytes())
            units.flush()
            yield number + 1


def write_pictures(folder: Path, shards: Sequence[Kept]) -> None:
    ends = np.cumsum(np.concatenate([shard.sizes() for shard in shards]))
    with open(folder / "pictures.npy", "xb") as pictures:
        begin_array(pictures, np.dtype(np.uint8), int(ends[-1]))
        for shard in shards:
            pictures.write(shard.pictures().tobytes())
    np.save(folder / "ends.npy", ends, allow_pickle=False)


def begin_array(file: BinaryIO, kind: np.dtype, length: int) -> None:
    """What stands before the numbers of a file of NumPy's.

    These are written, never mapped: where the disk is full a write fails, and a mapped page ends the process.
    """
    header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": (length,)}
    np.lib.format.write_array_header_1_0(file, header)


def sync(path: Path) -> None:
    """Brings a file, or what a folder holds, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clean(folder: Path, age: float = LEFT_OVER) -> None:
    """Removes what processes left behind that were killed while they wrote this index."""
    for path in folder.parent.glob(f".{folder.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= age:
                shutil.rmtree(path, ignore_errors=True)


# reading


def read(folder: Path) -> tuple[Index, About] | None:
    """The index in a folder; None where there is none, or a damaged one."""
    with suppress(Exception):  # of a damaged file nearly anything can be raised
        about = about_of(json.loads((folder / "about.json").read_bytes()))
        units, pictures = (Stored(folder / f"{name}.npy") for name in ("units", "pictures"))
        ends = np.load(folder / "ends.npy", allow_pickle=False)
        starts = np.cumsum([0, *(layer.channels for layer in about.layers)]).tolist()
        whole = units.length == starts[-1] and pictures.kind == np.uint8 and ends.shape == (len(about.names),)
        if whole and ends[-1] == pictures.length and (np.diff(ends, prepend=0) > 0).all():
            images = len(about.names)
            layers = {
                layer.name: Units(units, start, layer.channels, images, (layer.rows, layer.columns))
                for layer, start in zip(about.layers, starts[:-1], strict=True)
            }
            for layer in layers.values():
                layer.all()
            names = tuple(map(printed, about.names))
            return Index(about.about, about.small, layers, Pictures(pictures, ends), about.skipped, names), about
    return None


def about_of(data: dict[str, Any]) -> About:
    """What JSON says. Raises what nonsense makes it raise."""
    layers = (LayerSize(str(each["name"]), *(int(each[size]) for size in SIZES)) for each in data["layers"])
    skipped = ((str(name), str(why)) for name, why in data["skipped"])
    names, passing = (tuple(map(str, data[field])) for field in ("names", "passing"))
    about, small, entries = printed(str(data["about"])), bool(data["small"]), str(data["entries"])
    return About(about, small, tuple(layers), names, tuple(skipped), entries, passing)
