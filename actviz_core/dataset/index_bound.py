"""How much all indexes of a folder may take, unfinished ones too: beyond that those not used for longest go."""

import os
import re
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from ..files import GONE, bytes_in, newest, throw_out

BOUND = 4 * 2**30  # bytes; one of 100,000 images takes about 2
OURS = re.compile(r"[0-9a-f]{32}(-[0-9a-f]{8})?|\.[0-9a-f]{32}\.[0-9a-f]{8}\.tmp")  # indexes, shards, left-overs
ABOUT = "about.json"  # in an index that is whole
WRITTEN = 600.0  # seconds after which nobody goes on writing what is not finished


def use(place: Path) -> None:
    """An index counts as used now."""
    with suppress(OSError):
        os.utime(place / ABOUT)


def trim(root: Path, kept: Collection[Path]) -> None:
    """Throws out the oldest, never those that are `kept`, nor what somebody may be writing."""
    for gone in root.glob(f"{GONE}*"):
        shutil.rmtree(gone, ignore_errors=True)
    sizes = {folder: bytes_in(folder) for folder in folders(root)}
    total = sum(sizes.values())
    for folder in sorted(sizes.keys() - set(kept), key=last_used):
        if total <= BOUND:
            return
        if (folder / ABOUT).is_file() or time.time() - last_used(folder) > WRITTEN:
            throw_out(folder)
            total -= sizes[folder]


def folders(root: Path) -> Iterator[Path]:
    """Those that are ours; whatever else lies there is left alone."""
    with suppress(OSError):
        yield from (folder for folder in root.iterdir() if OURS.fullmatch(folder.name) and folder.is_dir())


def last_used(folder: Path) -> float:
    """When a folder was last read or written, in seconds since 1970."""
    return newest(folder, folder / ABOUT)
