"""Files beside a lesson: of its own folder only, no links, and of bounded size."""

import re
import stat
from pathlib import Path

from ..errors import ActvizError

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
LARGEST = 2**20  # bytes


def read_beside(folder: Path, name: str, largest: int = LARGEST) -> bytes:
    """The bytes of a file of that folder, by its plain name.

    Raises ActvizError: a name with a folder in it, what is no file, a link, or larger than `largest`.
    """
    if not NAME.fullmatch(name):
        raise ActvizError(f"{name[:100]!r} is no name of a file beside the lesson; use letters, digits, - and _")
    path = folder / name
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ActvizError(f"the file {name} is no plain file; put one of that name beside the lesson, not a link")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as problem:
        raise ActvizError(
            f"the file {name} cannot be read ({problem.strerror}); put a file of that name beside the lesson"
        ) from None
    if len(data) > largest:
        raise ActvizError(f"the file {name} is larger than {largest:,} bytes; make it smaller")
    return data
