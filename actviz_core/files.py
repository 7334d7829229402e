"""Files that are written whole or not at all."""

import os
import secrets
from pathlib import Path


def replaced(path: Path, data: bytes) -> Path:
    """Whole or not at all: what was there stays until then."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path
