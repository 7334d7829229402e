"""The files that a command reads and writes: a full disk or a wrong name costs nobody what was there before."""

import os
from pathlib import Path

from .. import export
from ..errors import ActvizError
from ..export.animation import FILMS, check_library
from ..files import replaced


def check_paths(*paths: Path | None) -> None:
    """ActvizError where one of these cannot be written, or two are the same."""
    given = [path.resolve() for path in paths if path]
    twice = next((path for path in given if given.count(path) > 1), None)
    if twice:
        raise ActvizError(f"{twice.name} is to be written twice; give each output a file of its own.")
    for path in filter(None, paths):
        if not path.resolve().parent.is_dir():
            raise ActvizError(f"there is no folder {path.resolve().parent} to write {path.name} into.")
        if path.is_dir():
            raise ActvizError(f"{path} is a folder; name a file in it.")
        if not os.access(path if is_special(path) else path.resolve().parent, os.W_OK):
            raise ActvizError(f"{path} cannot be written: the folder is read-only, or somebody else's.")


def check_film(path: Path | None) -> None:
    """ActvizError where no film of that kind can be written here."""
    if path is None:
        return
    if ending(path) not in FILMS:
        raise ActvizError(f"a film is written as {', '.join(FILMS)}; {path.name} is none of these.")
    check_library(ending(path))


def ending(path: Path) -> str:
    """The kind of file that its name says: "mp4"."""
    return path.suffix.removeprefix(".").lower()


def is_special(path: Path) -> bool:
    """A device or a pipe, that no file can take the place of."""
    return path.exists() and not path.is_file()


def keep(path: Path, data: bytes) -> None:
    """A full disk costs nobody the file that was there before."""
    try:
        if is_special(path):
            path.write_bytes(data)
        else:
            replaced(path.resolve(), data)
    except OSError as problem:
        raise ActvizError(f"{path} cannot be written: {problem.strerror or problem}.") from None


def read_bytes(path: Path) -> bytes:
    """What is in a file, as far as readers take it; ActvizError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(export.LARGEST_FILE + 1)  # readers refuse what is longer; a device has no end
    except OSError as problem:
        raise ActvizError(f"{path} cannot be read: {problem.strerror}.") from None
