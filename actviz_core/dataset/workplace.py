"""Workplaces: where an index is made, each by one process at a time.

Who finds one taken takes the next, so that nobody waits for a process that may be paused for long, and nobody takes
another's shards away. What the others have finished by then is added to what one has.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from . import index_files


@contextmanager
def taken(place: Path, layers: Sequence[str]) -> Iterator[Path]:
    """A folder for the shards of an index of these layers, the first that is free; gone where none are left in it.

    A process that ends, however it does, leaves its own free. Raises OSError.
    """
    for number in count():
        folder = place.with_name(f"{place.name}-{index_files.key_of(tuple(layers), number)[:8]}")
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except (Timeout, FileNotFoundError):  # another's, or just being removed by who has left it
            continue
        try:
            yield folder
        finally:
            if not any(folder.glob("*.npz")):
                shutil.rmtree(folder, ignore_errors=True)
            lock.release()
        return
