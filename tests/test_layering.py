"""What import-linter cannot say of who may know whom; its contracts are in pyproject.toml.

And that what is public says what it does.
"""

import ast
import dataclasses
import inspect
import subprocess
import sys
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


def test_the_core_runs_without_any_screen():
    code = f"import sys; import actviz_core; print(sorted(set(sys.modules) & set({sorted(SCREENS)})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


# what is public


def public():
    return set(actviz_core.__all__)


OWN = {
    name: value
    for name in sorted(public())
    if inspect.isclass(value := getattr(actviz_core, name)) or inspect.isfunction(value)
}
INTERFACES = {"Objective", "Optimizer", "Regularizer"}  # told in the docstring of their file


@pytest.mark.parametrize("name, value", OWN.items(), ids=OWN)
def test_what_is_public_has_a_docstring(name, value):
    told = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__
    if name in INTERFACES and not told:
        told = inspect.getmodule(value).__doc__
    assert told and told.strip(), f"{name} lacks a docstring"
    assert not (dataclasses.is_dataclass(value) and told.startswith(f"{name}(")), (
        f"{name} has only the dataclass's own signature"
    )


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
