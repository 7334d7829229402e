"""Folders that live as long as the server."""

import shutil
import tempfile
from pathlib import Path

FOLDERS: list[Path] = []


def passing_folder(prefix: str) -> Path:
    """A new folder for as long as the server lives."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    FOLDERS.append(folder)
    return folder


def clear() -> None:
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
