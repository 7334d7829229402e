"""What CONTRIBUTING.md shows is done exactly so: each example is a module of its package, and its tests are run."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from actviz_core import registry
from actviz_core.models import catalogue
from actviz_core.objectives import Objective
from actviz_core.optimization.parametrizations import Parametrization
from actviz_core.optimization.regularizers import Regularizer
from actviz_core.optimization.transforms import Transform
from actviz_core.registry import register_kinds

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
PART = r"^`([\w/]+)\.py`\n\n```python\n(.*?)```"
EXAMPLES = [re.findall(PART, section, re.S | re.M) for section in re.split(r"^### ", TEXT, flags=re.M)[1:]]
BASES = (Objective, Transform, Regularizer, Parametrization)


def imported(path, code, monkeypatch):
    """The code as the module that its path says."""
    name = path.replace("/", ".")
    module = ModuleType(name)
    module.__package__ = name.rpartition(".")[0]
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(code, f"{path}.py", "exec"), vars(module))  # our own text
    return module


def register(module, monkeypatch):
    """Its entry: as a source of models, or as a kind."""
    if hasattr(module, "blueprint"):
        monkeypatch.setattr(catalogue, "SOURCES", (*catalogue.SOURCES, module))
    for value in list(vars(module).values()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            [base] = (base for base in BASES if issubclass(value, base))
            monkeypatch.setitem(registry.KINDS, base, registry.KINDS[base])
            register_kinds(base, value)


def test_there_are_five():
    assert [len(parts) for parts in EXAMPLES] == [2] * 5


@pytest.mark.parametrize("parts", EXAMPLES, ids=[code for (code, _), _ in EXAMPLES])
def test_its_example_passes_its_test(parts, monkeypatch):
    (path, code), (test_path, test_code) = parts
    assert not (ROOT / f"{path}.py").exists() and (ROOT / path).parent.is_dir() and (ROOT / test_path).parent.is_dir()
    register(imported(path, code, monkeypatch), monkeypatch)
    tests = [value for name, value in vars(imported(test_path, test_code, monkeypatch)).items() if name[:5] == "test_"]
    assert tests
    for test in tests:
        test()


def test_its_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / target).exists(), target
