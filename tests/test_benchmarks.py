"""The benchmarks: none has been left behind by what it measures."""

from importlib import import_module
from pathlib import Path

import pytest

NAMES = sorted(file.stem for file in (Path(__file__).parents[1] / "benchmarks").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_imported(name):
    assert import_module(f"benchmarks.{name}").__doc__
