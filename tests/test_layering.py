"""Who may know whom, held against the code itself; and that what is public says what it does."""

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

# Each file of the core knows files further up only: the plan of the program, from the ground to the door.
ORDER = (
    "errors",
    "machine",
    "frames",
    "settings",
    "sums",
    "history",
    "photographs",
    "transforms",
    "regularizers",
    "parametrizations",
    "optimizers",
    "redirected",
    "weights",
    "copies",
    "outputs",
    "catalogue",
    "kernels",
    "folding",
    "examination",
    "models",
    "layers",
    "passes",
    "objectives",
    "origin",
    "recipe",
    "presets",
    "comparison",
    "judgement",
    "captured",
    "state",
    "optimization",
    "scheduler",
    "export",
    "film",
    "gallery",
    "store",
    "contact",
    "courses", "diagnosis",
    "__init__",
    "__main__",
)
SCREENS = {"streamlit", "starlette", "anyio", "uvicorn", "plotly", "dashboard"}
HEAVY = {"torch", "torchvision", "timm", "safetensors"}
# What an otherwise light file may know besides the standard library.
LIGHT = {
    "errors": set(),
    "settings": {"errors"},
    "frames": {"numpy"},
    "history": {"frames"},
    "scheduler": {"errors", "frames", "history"},
    "photographs": {"numpy", "PIL", "errors"},
}
# Submodules of the core that are public as such.
PUBLIC_MODULES = {"export", "machine", "photographs"}
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc", "tools"}


def imports(file):
    """The dotted names that a file imports anywhere; relative ones with their leading dots."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ([start] if node.module else [start + alias.name for alias in node.names])


def tops(file):
    return {name.split(".")[0] for name in imports(file)}


def siblings(file):
    return {name[1:].split(".")[0] for name in imports(file) if name.startswith(".")}


def sources(folder):
    return sorted(folder.rglob("*.py"))


def path(file):
    return str(file.relative_to(ROOT))


def test_the_order_names_every_file_of_the_core():
    assert sorted(ORDER) == sorted(file.stem for file in sources(CORE))


@pytest.mark.parametrize("file", sources(CORE), ids=path)
def test_imports_of_the_core_go_downwards(file):
    below = set(ORDER[: ORDER.index(file.stem)])
    assert siblings(file) <= below, f"{file.stem} may not know {siblings(file) - below}"


@pytest.mark.parametrize("file", sources(CORE), ids=path)
def test_the_core_knows_no_screen(file):
    assert not tops(file) & SCREENS


@pytest.mark.parametrize("name, allowed", LIGHT.items(), ids=LIGHT)
def test_light_files_stay_light(name, allowed):
    known = siblings(CORE / f"{name}.py") | {top for top in tops(CORE / f"{name}.py") if top}
    assert known - set(sys.stdlib_module_names) <= allowed


@pytest.mark.parametrize("file", [file for file in sources(CORE) if file.stem not in ("__main__", "catalogue", "weights")], ids=path)
def test_only_the_command_line_the_catalogue_and_the_weights_know_downloads(file):
    assert not tops(file) & {"timm", "safetensors", "tqdm", "argparse", "urllib", "http", "requests", "pickle", "zipfile"}


@pytest.mark.parametrize("file", sources(DASHBOARD), ids=path)
def test_the_dashboard_never_computes(file):
    assert not tops(file) & HEAVY


@pytest.mark.parametrize("file", sources(DASHBOARD), ids=path)
def test_the_dashboard_knows_only_the_public_names_of_the_core(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "actviz_core" and not node.level:
            module = node.module.partition(".")[2]
            assert not module or module in PUBLIC_MODULES, f"{path(file)} imports {node.module}"
            if not module:
                assert {alias.name for alias in node.names} <= public()
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if alias.name.startswith("actviz_core.") and alias.name.split(".")[1] not in PUBLIC_MODULES]


@pytest.mark.parametrize("file", sources(DASHBOARD / "viewer"), ids=path)
def test_the_viewer_knows_no_page(file):
    assert not [name for name in imports(file) if name.startswith(("dashboard.views", "dashboard.main", "dashboard.app"))]


def test_only_the_session_keeps_caches():
    keepers = {path(file) for file in sources(DASHBOARD) if "st.cache_" in file.read_text()}
    assert keepers <= {"dashboard/session.py"}


@pytest.mark.parametrize("file", [file for folder in (CORE, DASHBOARD, ROOT / "tests") for file in sources(folder)], ids=path)
def test_names_of_files_say_what_they_hold(file):
    assert not {part.removesuffix(".py").removeprefix("test_") for part in file.relative_to(ROOT).parts} & VAGUE


@pytest.mark.parametrize("file", [*sources(CORE), *(f for f in sources(DASHBOARD) if f.stat().st_size)], ids=path)
def test_every_file_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text()))


def test_the_core_runs_without_any_screen():
    code = f"import sys; import actviz_core; print(sorted(set(sys.modules) & set({sorted(SCREENS - {'anyio'})})))"  # timm brings anyio along
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


# what is public


def public():
    return set(actviz_core.__all__)


OWN = {name: value for name in sorted(public()) if inspect.isclass(value := getattr(actviz_core, name)) or inspect.isfunction(value)}
INTERFACES = {"Objective", "Optimizer", "Regularizer"}  # told in the docstring of their file


@pytest.mark.parametrize("name, value", OWN.items(), ids=OWN)
def test_what_is_public_has_a_docstring(name, value):
    told = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__
    if name in INTERFACES and not told:
        told = inspect.getmodule(value).__doc__
    assert told and told.strip(), f"{name} lacks a docstring"
    assert not (dataclasses.is_dataclass(value) and told.startswith(f"{name}(")), f"{name} has only the dataclass's own signature"


def test_the_names_that_others_rely_on():
    assert {"load_model", "list_layers", "optimize", "Spec", "Hyperparams", "Channel", "Neuron", "ClassLogit"} <= public()


@pytest.mark.parametrize("family", ["OBJECTIVES", "TRANSFORMS", "REGULARIZERS", "PARAMETRIZATIONS", "OPTIMIZERS"])
def test_every_kind_is_in_its_catalogue_and_public(family):
    kinds = getattr(actviz_core, family)
    module = inspect.getmodule(kinds[0])
    concrete = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__ and issubclass(value, Checked) and dataclasses.is_dataclass(value)]
    assert set(concrete) - {getattr(module, "Term", None)} == set(kinds)
    assert {kind.__name__ for kind in kinds} <= public()
