"""Files that are written whole or not at all, and folders that go at once."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

GONE = ".gone-"  # what the names of folders begin with that are being removed


def replaced(path: Path, data: bytes, mode: int = 0o666) -> Path:
    """Whole or not at all: what was there stays until then. `mode`: who may read and write it, before the umask."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def throw_out(folder: Path) -> None:
    """Removes a folder; nobody sees half of it meanwhile."""
    gone = folder.with_name(f"{GONE}{folder.name}-{secrets.token_hex(4)}")
    with suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def bytes_in(folder: Path) -> int:
    """How much lies in a folder; what vanishes meanwhile counts nothing."""
    total = 0
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                total += entry.stat().st_size
    return total


def newest(*paths: Path) -> float:
    """When the last of these was touched, in seconds since 1970; 0 where there is none of them."""
    times = [0.0]
    for path in paths:
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return max(times)
