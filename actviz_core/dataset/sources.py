"""Where the images of an index come from: a folder, or the sample photographs in parts.

entries() -> what there is, in an order that stays; read(entry) -> its pixels.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from jaxtyping import UInt8

from ..errors import ActvizError
from . import samples
from .photographs import LARGEST_FILE, NotInstalled, read

LONGEST = 1536  # px a side, as images are read on the page
MOST = 50_000  # files of a folder: the values of one layer are in memory at a time
PARTS = ((0.0, 0.0, 1.0), (0.0, 0.0, 0.6), (0.0, 0.4, 0.6), (0.4, 0.0, 0.6), (0.4, 0.4, 0.6))  # top, left, side: of 1


def printed(name: str) -> str:
    """A name from a file system as pages and terminals take it: what cannot be shown, or would steer them, is �."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


class Unreadable(Exception):
    """An entry that is no image; says why. `passing`: it may be one the next time."""

    def __init__(self, why: str, passing: bool = False) -> None:
        super().__init__(why)
        self.passing = passing


class FolderGone(Exception):
    """The folder is not there any more, or what it held: where a disk was mounted an empty one stays."""


@dataclass(frozen=True)
class Entry:
    """A file, or a part of a photograph; `stamp` is another one when its content has changed."""

    name: str
    stamp: str = ""


class Source(Protocol):
    """A frozen value that pickles; `about` says in words what the images are, `key` tells it from others."""

    @property
    def about(self) -> str: ...

    @property
    def key(self) -> str: ...

    def entries(self) -> tuple[Entry, ...]:
        """Raises ActvizError: there are none, or too many."""
        ...

    def read(self, entry: Entry) -> UInt8[np.ndarray, "h w 3"]:
        """Raises Unreadable and FolderGone."""
        ...


@dataclass(frozen=True)
class Folder:
    """All files in a folder and the folders in it, but for hidden ones; links to folders are not followed."""

    path: str

    @property
    def name(self) -> str:
        """Without the folders before it."""
        return printed(Path(self.path).resolve().name or self.path)

    @property
    def about(self) -> str:
        return f"the folder {self.name}"

    @property
    def key(self) -> str:
        return f"folder {Path(self.path).resolve()}"

    def entries(self) -> tuple[Entry, ...]:
        if not Path(self.path).is_dir():
            raise ActvizError(f"there is no folder {printed(self.path)}: name one that holds images.")
        found: list[Entry] = []
        for name in self.names():
            if len(found) == MOST:
                raise ActvizError(f"the folder {printed(self.path)} has more than {MOST:,} files: name one with fewer.")
            found.append(Entry(name, stamp_of(Path(self.path) / name)))
        if not found:
            raise ActvizError(f"the folder {printed(self.path)} has no files: name one that holds images.")
        return tuple(sorted(found, key=lambda entry: entry.name))

    def names(self) -> Iterator[str]:
        """With the folders before them, as texts that any file can hold."""
        for place, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (str(Path(place, name).relative_to(self.path)) for name in files if not name.startswith("."))

    def read(self, entry: Entry) -> UInt8[np.ndarray, "h w 3"]:
        place = Path(self.path) / entry.name
        if place.exists() and not place.is_file():  # a pipe would be waited for
            raise Unreadable("this is no file.")
        try:
            with open(place, "rb") as file:
                return read(file.read(LARGEST_FILE + 1), longest=LONGEST)
        except OSError as problem:
            if not any(self.names()):
                raise FolderGone from None
            raise Unreadable(f"the file cannot be read: {problem.strerror or problem}.", passing=True) from None
        except ActvizError as problem:
            raise Unreadable(str(problem), passing=isinstance(problem, NotInstalled)) from None


def stamp_of(file: Path) -> str:
    """Another one when it has changed; of a link that leads nowhere, its own."""
    with suppress(OSError):
        status = file.stat() if file.exists() else file.lstat()
        return f"{status.st_size} {status.st_mtime_ns}"
    return ""  # gone meanwhile


@dataclass(frozen=True)
class Samples:
    """The sample photographs, each whole and in four parts."""

    @property
    def about(self) -> str:
        return "the sample photographs"

    @property
    def key(self) -> str:
        return "samples"

    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(f"{each.name} {part}") for each in samples.SAMPLES for part in range(len(PARTS)))

    def read(self, entry: Entry) -> UInt8[np.ndarray, "h w 3"]:
        name, part = entry.name.split()
        try:
            image = photograph(name)
        except ActvizError as problem:
            raise Unreadable(str(problem)) from None
        top, left, side = PARTS[int(part)]
        height, width = image.shape[:2]
        row, column = int(top * height), int(left * width)
        return image[row : row + int(side * height), column : column + int(side * width)]


photograph = lru_cache(1)(samples.sample)
