"""What import-linter cannot say of who may know whom; its contracts are in pyproject.toml.

And that what is public says what it does.
"""

import ast
import dataclasses
import inspect
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import actviz_core
from actviz_core.settings import Checked

ROOT = Path(__file__).parents[1]
CORE, DASHBOARD = ROOT / "actviz_core", ROOT / "dashboard"

SCREENS = {"streamlit", "starlette", "uvicorn", "plotly", "dashboard"}
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc", "tools"}


def sources(folder):
    return sorted(folder.rglob("*.py"))


def path(file):
    return str(file.relative_to(ROOT))


def test_only_the_services_keep_caches():
    keepers = {path(file) for file in sources(DASHBOARD) if "st.cache_" in file.read_text()}
    assert keepers <= {"dashboard/state/services.py"}


@pytest.mark.parametrize(
    "file", [file for folder in (CORE, DASHBOARD, ROOT / "tests") for file in sources(folder)], ids=path
)
def test_names_of_files_say_what_they_hold(file):
    assert not {part.removesuffix(".py").removeprefix("test_") for part in file.relative_to(ROOT).parts} & VAGUE


@pytest.mark.parametrize("file", [*sources(CORE), *(f for f in sources(DASHBOARD) if f.stat().st_size)], ids=path)
def test_every_file_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text()))


def test_the_core_runs_without_any_screen_and_reads_samples_without_their_package():
    absent = sorted({*SCREENS, "skimage"})
    code = (
        "import sys; from actviz_core import samples; samples.sample('cat'); "
        f"print(sorted(set(sys.modules) & set({absent})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


# what is public


def public():
    return set(actviz_core.__all__)


def assigned(name):
    """The docstring below a public constant, in the file that the package has it from."""
    module = next(
        node.module
        for node in ast.parse((CORE / "__init__.py").read_text()).body
        if isinstance(node, ast.ImportFrom) and name in {alias.asname or alias.name for alias in node.names}
    )
    place = CORE.joinpath(*module.split("."))
    body = ast.parse((place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).read_text()).body
    for statement, below in pairwise(body):
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        if name in {getattr(target, "id", None) for target in targets}:
            told = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and below.value.value
            return told if isinstance(told, str) else ""
    return ""


@pytest.mark.parametrize("name", sorted(public()))
def test_what_is_public_has_a_docstring(name):
    value = getattr(actviz_core, name)
    if inspect.isclass(value):
        told = vars(value).get("__doc__")
    elif inspect.ismodule(value) or callable(value):
        told = value.__doc__
    else:
        told = assigned(name)
    assert told and told.strip(), f"{name} lacks a docstring"
    assert not told.startswith(f"{name}("), f"{name} has only the dataclass's own signature"


def test_the_names_that_others_rely_on():
    assert {
        "load_model",
        "list_layers",
        "optimize",
        "Spec",
        "Hyperparams",
        "Channel",
        "Neuron",
        "ClassLogit",
    } <= public()


@pytest.mark.parametrize("family", ["OBJECTIVES", "TRANSFORMS", "REGULARIZERS", "PARAMETRIZATIONS", "OPTIMIZERS"])
def test_every_kind_is_in_its_catalogue_and_public(family):
    kinds = getattr(actviz_core, family)
    place = kinds[0].__module__ if family != "OBJECTIVES" else "actviz_core.objectives"
    modules = [module for name, module in sys.modules.items() if name == place or name.startswith(f"{place}.")]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__.startswith(place)
    }
    concrete = {cls for cls in found if issubclass(cls, Checked) and dataclasses.is_dataclass(cls)}
    leaves = {cls for cls in concrete if not cls.__subclasses__()}
    assert leaves - {actviz_core.Term} == set(kinds)
    assert {kind.__name__ for kind in kinds} <= public()
