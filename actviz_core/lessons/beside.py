"""Files beside a lesson: of its own folder only, no links, and of bounded size."""

import os
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
    try:
        with open(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ActvizError(f"{name} is no file; put one of that name beside the lesson")
            data = file.read(largest + 1)
    except OSError:
        raise ActvizError(f"there is no file {name} beside the lesson; links are not followed") from None
    if len(data) > largest:
        raise ActvizError(f"{name} is larger than {largest:,} bytes; make it smaller")
    return data
