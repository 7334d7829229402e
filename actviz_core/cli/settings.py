"""settings: everything that can be set, as a page in Markdown, made of the fields that say so."""

import dataclasses
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass
from typing import Any

from ..attribution import METHODS
from ..objectives import OBJECTIVES
from ..optimization.hyperparams import Hyperparams
from ..optimization.optimizers import OPTIMIZERS
from ..optimization.parametrizations import PARAMETRIZATIONS
from ..optimization.regularizers import REGULARIZERS
from ..optimization.spec import Spec
from ..optimization.transforms import TRANSFORMS
from ..registry import kind
from ..settings import Checked, Setting, declared, described, limits
from ..values import spoken
from .command import Command
from .options import declared_options, flag_of
from .visualize import VisualizeOptions

HEAD = """# Settings

All that can be set, with the ranges that recipes, links, the page and the command line hold to. This page is made of
the code: `python -m actviz_core settings > docs/settings.md`.
"""
FLAGS = {"height": "--size", "width": "--size"}  # of fields that options call otherwise
STEERED = (
    "Set by `--set NAME=VALUE`, while a run goes on too; on the page by sliders. A kind alone, as in\n"
    "`--set total_variation=2`, means its first setting."
)
KINDS = (
    ("Parametrizations", "Chosen by `--parametrization KIND` or `KIND:FIELD=VALUE,...`.", PARAMETRIZATIONS),
    ("Optimizers", "Chosen by `--optimizer KIND` or `KIND:FIELD=VALUE,...`.", OPTIMIZERS),
    ("Transforms", f"{STEERED} Applied in the order in which a recipe has them, pad and narrow first.", TRANSFORMS),
    ("Regularizers", STEERED, REGULARIZERS),
    (
        "Objectives",
        "Chosen by `--objective KIND:FIELD=VALUE,...`, or by JSON where a value is a list or another kind, as\n"
        """`--objective '{"kind": "direction", "layer": "blocks.4.0", "channels": [3, 5], "weights": [1, -0.5]}'`.\n"""
        "The usual ones have options of their own: `--layer`, `--channel`, `--neuron`, `--direction`, `--class`.",
        OBJECTIVES,
    ),
    (
        "Maps",
        "Chosen by `explain --method KIND` or `KIND:FIELD=VALUE,...`, and set by `--set FIELD=VALUE`;\n"
        "`explain --methods` says what each costs, means, and when it misleads.",
        METHODS,
    ),
)


@dataclass(frozen=True)
class SettingsOptions:
    """There is nothing to choose."""


def show_settings(_options: SettingsOptions) -> None:
    """Prints the page."""
    print(page(), end="")


def page() -> str:
    """The page, in Markdown."""
    return "\n".join((HEAD, *run_lines(), *hyperparams_lines(), *kinds_lines()))


def run_lines() -> Iterator[str]:
    """What a run is."""
    flags = {field.name: flag_of(field) for field, _ in declared_options(VisualizeOptions)} | FLAGS
    yield "## A run\n\nWhat a run is, and cannot change.\n"
    yield from table(
        ("setting", "command line", "may be", "default", ""),
        (
            (name, f"`{flags[name]}`", may_be(cls, found), default, found.help)
            for name, cls, found, default in rows(Spec)
        ),
    )


def hyperparams_lines() -> Iterator[str]:
    """What may change meanwhile, but for the kinds below."""
    yield f"## Hyperparams\n\n{STEERED}\n"
    yield from table(
        ("setting", "may be", "default", ""),
        ((name, may_be(cls, found), default, found.help) for name, cls, found, default in rows(Hyperparams)),
    )


def kinds_lines() -> Iterator[str]:
    """A section for each family, and in it one for each kind."""
    for title, how, kinds in KINDS:
        yield f"## {title}\n\n{how}\n"
        for cls in kinds:
            about = inspect.getdoc(cls) or ""
            yield f"### `{kind(cls)}`\n\n{about.partition(chr(10))[0]}\n"
            yield from table(
                ("setting", "on the page", "may be", "default", ""),
                (
                    (f"{kind(cls)}.{name}", found.label, may_be(annotation, found), default, found.help)
                    for name, annotation, found, default in all_rows(cls)
                ),
            )


def rows(cls: type) -> Iterator[tuple[str, Any, Setting, str]]:
    """Of each described field: name, type, setting, default."""
    return (row for row in all_rows(cls) if row[0] in described(cls))


def all_rows(cls: type) -> Iterator[tuple[str, Any, Setting, str]]:
    """Of each field, also of those that say nothing but their type."""
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    for name, annotation, found, _ in declared(cls):
        yield name, annotation, found, "must be given" if defaults[name] is MISSING else written(defaults[name])


def may_be(annotation: Any, setting: Setting) -> str:
    """Which values a field takes."""
    if annotation is bool:
        return "true, false"
    return limits(setting) or spoken(annotation)


def written(value: object) -> str:
    """A default, as the command line would say it."""
    if isinstance(value, Checked):
        usual = type(value)()
        given = [
            f"{name}={written(getattr(value, name))}"
            for name in described(type(value))
            if getattr(value, name) != getattr(usual, name)
        ]
        return kind(type(value)) + (f":{','.join(given)}" if given else "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) or value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table; none where there is nothing in it."""
    cells = [tuple(cell.replace("|", "\\|") for cell in line) for line in lines]
    if not cells:
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for line in cells:
        yield f"| {' | '.join((f'`{line[0]}`', *line[1:]))} |"
    yield ""


COMMAND = Command("settings", "list everything that can be set, as Markdown", SettingsOptions, show_settings)
