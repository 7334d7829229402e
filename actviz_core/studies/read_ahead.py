"""Entries of a source as a network sees them, read ahead by a thread of its own."""

import io
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from PIL import Image

from ..dataset.duplicates import FINGERPRINT, fingerprint
from ..dataset.framing import framed, whole
from ..dataset.sources import Entry, Source, Unreadable

AHEAD = 2  # batches that are read while one is computed
QUALITY = 90
NO_PICTURE = np.zeros((0, 1, 1, 3), np.uint8)
NO_FINGERPRINT = np.zeros((), FINGERPRINT)


@dataclass(frozen=True, eq=False)
class Loaded:
    """An entry: the picture as the network sees it, its fingerprint and its JPEG; or why there is none.

    passing  there may be one at the next try
    """

    entry: Entry
    picture: np.ndarray = field(default_factory=lambda: NO_PICTURE)
    fingerprint: np.ndarray = field(default_factory=lambda: NO_FINGERPRINT)
    jpeg: bytes = b""
    why: str = ""
    passing: bool = False


def loaded(
    source: Source, entries: Sequence[Entry], size: tuple[int, int], together: int
) -> Generator[list[Loaded], None, None]:
    """Batches of entries, for a network that sees pictures of that size. Raises FolderGone."""
    batches = (entries[start : start + together] for start in range(0, len(entries), together))

    def read(batch: Sequence[Entry]) -> list[Loaded]:
        return [load(source, entry, size) for entry in batch]

    pool = ThreadPoolExecutor(1, "reads images")
    try:
        ahead = deque(pool.submit(read, batch) for batch in islice(batches, AHEAD))
        while ahead:
            done = ahead.popleft().result()
            ahead.extend(pool.submit(read, batch) for batch in islice(batches, 1))
            yield done
    finally:
        pool.shutdown(cancel_futures=True)


def load(source: Source, entry: Entry, size: tuple[int, int]) -> Loaded:
    """An entry as the network sees it: the largest frame in its middle."""
    try:
        image = source.read(entry)
    except Unreadable as problem:
        return Loaded(entry, why=str(problem), passing=problem.passing)
    height, width = image.shape[:2]
    picture, file = framed(image, whole(height, width, size), size), io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY)
    return Loaded(entry, picture, fingerprint(picture), file.getvalue())


def is_readable(source: Source, entry: Entry) -> bool:
    """Whether an entry is an image now. Raises FolderGone."""
    try:
        source.read(entry)
    except Unreadable:
        return False
    return True
