"""Folders that live as long as the server; one that was killed leaves its own to the next, who takes them away."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

FOLDERS: dict[Path, FileLock] = {}


def passing_folder(prefix: str) -> Path:
    """A new, empty folder for as long as the server lives, in one that it has locked."""
    clear_left(prefix)
    place, lock = locked(prefix)
    while not place.exists():  # another server that starts has taken it for one that was left
        place, lock = locked(prefix)
    FOLDERS[place] = lock
    folder = place / "files"
    folder.mkdir()
    return folder


def locked(prefix: str) -> tuple[Path, FileLock]:
    place = Path(tempfile.mkdtemp(prefix=prefix))
    lock = FileLock(place / "lock", thread_local=False)
    lock.acquire()
    return place, lock


def clear_left(prefix: str) -> None:
    """What servers of before have left: who lives holds its lock, and the system gives back those of all others."""
    for file in Path(tempfile.gettempdir()).glob(f"{prefix}*/lock"):
        with suppress(Timeout, OSError), FileLock(file, thread_local=False).acquire(timeout=0):
            shutil.rmtree(file.parent, ignore_errors=True)


def clear() -> None:
    for place, lock in FOLDERS.items():
        shutil.rmtree(place, ignore_errors=True)
        lock.release()
