"""The benchmarks: none has been left behind by what it measures."""

from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "benchmarks"
FILES = [file.relative_to(HERE).with_suffix("") for file in HERE.rglob("*.py") if ".venv" not in file.parts]
NAMES = sorted(".".join(file.parts) for file in FILES if "runners" not in file.parts and file.name != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_imported(name):
    assert import_module(f"benchmarks.{name}").__doc__
