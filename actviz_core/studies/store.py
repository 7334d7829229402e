"""The store: galleries on disk. A folder for each, in it one PNG for each channel, whole or absent whatever happens.

A tile is written under another name, brought to the disk, and renamed. Whoever reads expects files to vanish meanwhile.
"""

import hashlib
import io
import json
import math
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from ..errors import ActvizError
from ..export.pictures import TEXT_KEY
from ..files import GONE, bytes_in, newest, replaced, throw_out
from ..models.layers import AnyModel
from ..models.model import Model
from ..settings import to_data
from .gallery import FAILED, SILENT, Gallery, Tile, batch_size, batches, rendering

BOUND = 2**30  # bytes
TILE_KEY = "actviz-tile"
KEY, NAME = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9]{5}\.png")
LEFT_OVER = 600.0  # seconds, after which nobody goes on writing a temporary file


def default_folder() -> Path:
    """ACTVIZ_STORE, else a folder among the user's caches."""
    given = os.environ.get("ACTVIZ_STORE")
    return (
        Path(given)
        if given
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "actviz" / "gallery"
    )


class Store:
    """Tiles by gallery and channel. Beyond `bound` bytes the galleries not used for longest are thrown out.

    Several threads and processes may use one folder. Raises ActvizError where it cannot be written.
    """

    def __init__(self, folder: Path, bound: int = BOUND) -> None:
        self.folder, self.bound, self.lock, self.bytes = Path(folder), bound, threading.Lock(), 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write(self.folder / f".probe-{secrets.token_hex(4)}", b"").unlink()
        except OSError as problem:
            raise self.trouble(problem) from None
        self.clean()
        self.bytes = sum(bytes_in(folder) for folder in self.galleries())

    def trouble(self, problem: OSError) -> ActvizError:
        """What is told where the folder cannot be written."""
        return ActvizError(f"the store {self.folder} cannot be written: {problem.strerror or problem}.")

    def place(self, gallery: Gallery) -> Path:
        """The folder of a gallery's tiles."""
        return self.folder / gallery.key

    def galleries(self) -> Iterator[Path]:
        """The folders that are ours; whatever else lies there is left alone."""
        return (folder for folder in self.folder.iterdir() if KEY.fullmatch(folder.name) and folder.is_dir())

    # reading

    def tiles(self, gallery: Gallery) -> dict[int, Tile]:
        """Every whole tile by channel; the gallery counts as used now."""
        place = self.place(gallery)
        with suppress(OSError):
            os.utime(place / "gallery.json")
        names = sorted(path.name for path in place.glob("*.png")) if place.is_dir() else ()
        found = (self.tile(gallery, int(name[:5])) for name in names if NAME.fullmatch(name))
        return {tile.channel: tile for tile in found if tile is not None and tile.channel < gallery.channels}

    def tile(self, gallery: Gallery, channel: int) -> Tile | None:
        """The tile of a channel; None where there is none, or a damaged one."""
        data = self.png(gallery, channel)
        return decoded(gallery, channel, data) if data else None

    def png(self, gallery: Gallery, channel: int) -> bytes | None:
        """The file of a tile as it is, None if there is none."""
        with suppress(OSError):
            return (self.place(gallery) / file_name(channel)).read_bytes()
        return None

    def largest(self, gallery: Gallery, model: AnyModel, channel: int) -> bytes | None:
        """The file of a channel made the gallery's way, whatever its size and iterations.

        A preset's way goes by the size, too. The largest one, None if there is none.
        """
        found: list[Gallery] = []
        with suppress(OSError):
            found += filter(None, (alike(gallery, model, folder) for folder in self.galleries()))
        for one in sorted(found, key=lambda one: (one.spec.height * one.spec.width, one.spec.iterations), reverse=True):
            data = self.png(one, channel)
            if data and decoded(one, channel, data):
                return data
        return None

    # writing

    def put(self, gallery: Gallery, tile: Tile) -> None:
        """Keeps a tile; one that failed is not kept, it may go better the next time."""
        if tile.flag == FAILED:
            return
        data, place = encoded(gallery, tile), self.place(gallery)
        for attempt in (1, 2):
            try:
                about = self.describe(gallery)
                write(place / file_name(tile.channel), data)
                break
            except FileNotFoundError as problem:  # thrown out meanwhile, by another process
                if attempt == 2:
                    raise self.trouble(problem) from None
            except OSError as problem:
                raise self.trouble(problem) from None
        with self.lock:
            self.bytes += about + len(data)
            if self.bytes > self.bound:
                self.trim(place)

    def describe(self, gallery: Gallery) -> int:
        """Says in the folder what it holds, if that is not said yet: so many bytes.

        The file's time tells of the last use.
        """
        place = self.place(gallery)
        if (place / "gallery.json").is_file():
            return 0
        place.mkdir(exist_ok=True)
        spec = gallery.spec
        about = dict(model=spec.model, weights=gallery.weights, layer=gallery.layer, channels=gallery.channels)
        about |= dict(height=spec.height, width=spec.width, iterations=spec.iterations, recipe=to_data(gallery.recipe))
        data = json.dumps(about, indent=1).encode()
        write(place / "gallery.json", data)
        return len(data)

    def fill(self, gallery: Gallery, model: Model, channels: Iterable[int]) -> Iterator[Tile]:
        """Makes these channels, one batch after the other; each tile once it is on the disk."""
        done: list[Tile] = []

        def keep(tile: Tile) -> None:
            self.put(gallery, tile)
            done.append(tile)

        for together in batches(channels, batch_size(gallery, model)):
            for _ in rendering(gallery, model, together, keep):
                pass
            yield from done
            done.clear()

    # the bound

    def trim(self, kept: Path) -> None:
        """Throws out the oldest galleries, never the one being written."""
        sizes = {folder: bytes_in(folder) for folder in self.galleries()}
        self.bytes = sum(sizes.values())
        for folder in sorted(sizes.keys() - {kept}, key=last_used):
            if self.bytes <= self.bound:
                return
            throw_out(folder)
            self.bytes -= sizes[folder]

    def clean(self) -> None:
        """Removes what processes left behind that were killed."""
        for folder in self.folder.glob(f"{GONE}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.folder, *self.galleries()):
            for file in (*folder.glob(".*.tmp"), *folder.glob(".probe-*")):
                with suppress(OSError):
                    if time.time() - file.stat().st_mtime > LEFT_OVER:
                        file.unlink()


def alike(gallery: Gallery, model: AnyModel, folder: Path) -> Gallery | None:
    """This gallery in the size and iterations of a folder's, if that is of the same layer.

    Whether its pictures exist its key says.
    """
    try:
        weights, layer, size, iterations = said(folder)
        same = (weights, layer) == (gallery.weights, gallery.layer)
        return gallery.at(model, *size, iterations) if same else None
    except (OSError, ValueError, LookupError, TypeError, ActvizError):  # somebody has written into it
        return None


@lru_cache(4096)
def said(folder: Path) -> tuple[str, str, tuple[int, int], int]:
    """Weights, layer, size and iterations, as the folder says: that never changes."""
    about = json.loads((folder / "gallery.json").read_bytes())
    return about["weights"], about["layer"], (about["height"], about["width"]), about["iterations"]


# files


def file_name(channel: int) -> str:
    """That of a channel's tile."""
    return f"{channel:05}.png"


def write(path: Path, data: bytes) -> Path:
    """As `replaced`; somebody's folder of that name goes."""
    if path.is_dir():
        throw_out(path)
    return replaced(path, data)


def last_used(folder: Path) -> float:
    """When a gallery's folder was last read or written, in seconds since 1970."""
    return newest(folder, folder / "gallery.json")


# tiles as PNG


def encoded(gallery: Gallery, tile: Tile) -> bytes:
    """The picture, with its recipe and its score in the text chunks."""
    about = dict(
        channel=tile.channel, score=tile.score, flag=tile.flag, pixels=hashlib.sha256(tile.image.tobytes()).hexdigest()
    )
    text = PngImagePlugin.PngInfo()
    text.add_itxt(TEXT_KEY, gallery.recipe_of(tile.channel).to_json())
    text.add_itxt(TILE_KEY, json.dumps(about))
    file = io.BytesIO()
    Image.fromarray(tile.image).save(file, "PNG", pnginfo=text)
    return file.getvalue()


def decoded(gallery: Gallery, channel: int, data: bytes) -> Tile | None:
    """The tile, None for a file that is damaged or of another gallery."""
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        about, image = json.loads(picture.info[TILE_KEY]), np.asarray(picture)
        score, flag = float(about["score"]), about["flag"]
        whole = about["pixels"] == hashlib.sha256(image.tobytes()).hexdigest()
        fits = image.shape == (gallery.spec.height, gallery.spec.width, 3) and about["channel"] == channel
    except Exception:  # a damaged file may raise nearly anything
        return None
    return (
        Tile(channel, image, score, flag) if whole and fits and math.isfinite(score) and flag in ("", SILENT) else None
    )
