"""An index on disk: a folder with what it is about, all channels, and the pictures; whole or not there."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..files import GONE, replaced
from . import statistics
from .index import UNIT, Index
from .shards import Kept
from .sources import Entry, printed
from .stored import Pictures, Stored, Units

EDITION = 3  # of what is kept, and how it is found: another one is made anew
SIZES = ("channels", "rows", "columns")


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


def add(place: Path, name: str, about: About, shards: Sequence[Kept], own: Sequence[str]) -> Iterator[float]:
    """Makes an index of the shards, and says which share is done; layers that others have brought there stay.

    name   of the folder that it is written in: nobody else writes there
    about  with all layers that the network has
    own    which of these the shards hold, in their order
    Raises OSError, Broken, DamagedIndex.
    """
    folder = place.with_name(f".{place.name}.{name}.tmp")
    try:
        while True:
            before, there = said(place), read(place)
            fits = there and replace(there[1], layers=()) == replace(about, layers=())
            others = there[0].units if there and fits else {}
            if set(own) <= set(others):
                return
            layers = tuple(layer for layer in about.layers if layer.name in own or layer.name in others)
            for done in write(folder, replace(about, layers=layers), shards, own, others):
                yield done / (len(layers) + 1)
            if put(folder, place, before):
                return
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(
    folder: Path, about: About, shards: Sequence[Kept], own: Sequence[str], others: Mapping[str, Any]
) -> Iterator[int]:
    """Writes an index into a folder, and says after each layer how many are done."""
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed here
    folder.mkdir(parents=True)
    total = sum(layer.channels for layer in about.layers)
    with open(folder / "units.npy", "xb") as units:
        begin_array(units, UNIT, total)
        for done, layer in enumerate(about.layers, 1):
            mine = layer.name in own
            found = units_of(layer, own.index(layer.name), shards) if mine else others[layer.name][:]
            units.write(np.asarray(found, UNIT).tobytes())
            units.flush()
            yield done
    write_pictures(folder, shards)
    replaced(folder / "about.json", json.dumps(asdict(about)).encode())
    for file in folder.iterdir():
        sync(file)


def put(folder: Path, place: Path, instead_of: bytes) -> bool:
    """Brings a finished index to its place; False: another one has come there. `instead_of`: what was `said` there.

    Raises OSError.
    """
    if said(place) != instead_of:
        return False
    gone = place.with_name(f"{GONE}{place.name}-{secrets.token_hex(4)}")
    with suppress(FileNotFoundError):
        place.rename(gone)
    try:
        folder.rename(place)
    except OSError:
        if place.exists():
            return False
        raise
    finally:
        shutil.rmtree(gone, ignore_errors=True)
    sync(place.parent)
    return True


def said(place: Path) -> bytes:
    """What an index says of itself, nothing where there is none."""
    with suppress(OSError):
        return (place / "about.json").read_bytes()
    return b""


def units_of(layer: LayerSize, number: int, shards: Sequence[Kept]) -> np.ndarray:
    """One layer at a time, so that memory does not grow with their number."""
    parts = zip(*(shard.layer(number) for shard in shards), strict=True)
    values, places = (np.concatenate(part) for part in parts)
    return statistics.units(layer.name, values, places, layer.rows, layer.columns)


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
                _ = layer[:]
            names, version = tuple(map(printed, about.names)), key_of(about.entries, about.names)
            found = Index(about.about, about.small, layers, Pictures(pictures, ends), about.skipped, names, version)
            return found, about
    return None


def about_of(data: dict[str, Any]) -> About:
    """What JSON says. Raises what nonsense makes it raise."""
    layers = (LayerSize(str(each["name"]), *(int(each[size]) for size in SIZES)) for each in data["layers"])
    skipped = ((str(name), str(why)) for name, why in data["skipped"])
    names, passing = (tuple(map(str, data[field])) for field in ("names", "passing"))
    about, small, entries = printed(str(data["about"])), bool(data["small"]), str(data["entries"])
    return About(about, small, tuple(layers), names, tuple(skipped), entries, passing)
