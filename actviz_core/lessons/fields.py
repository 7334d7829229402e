"""The fields that a lesson's file may have, in its head and in the block of a step, and how they are read.

Each says what it may be, as a setting does; docs/lessons.md tells them all.
"""

import dataclasses
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, TypeVar, cast

from ..errors import ActvizError, near
from ..settings import Setting, check_range, declared, setting
from ..values import conform
from .lesson import Panel
from .places import Places, places_of
from .problems import Findings

MOST_RUNS = 6
MOST_FIELDS, MOST_ENTRIES = 50, 200  # of a table that are looked at, and of a list
MOST_SIDE, MOST_COUNT, MOST_ITERATIONS = 512, 16, 4096  # of a run: px, pictures, steps

Fields = TypeVar("Fields")


@dataclass(frozen=True)
class HeadFields:
    """Of the head."""

    title: str = setting("", longest=80, help="what the lesson is called")
    lang: str = setting(
        "en", longest=2, help='the language of its texts: "en", "de", "fr" or another code of two letters'
    )
    minutes: int = setting(10, low=1, high=60, help="that it takes; what its steps say adds up to it")
    level: int = setting(1, low=1, high=3, help="1 for beginners, 3 for people of the field")
    needs: tuple[str, ...] = setting(("efficientnet_lite0",), help="all networks of its runs")
    version: int = setting(
        1, low=1, high=10_000, help="one more when steps change; translations name the one they are of"
    )


@dataclass(frozen=True)
class RunFields:
    """Of [[runs]]."""

    title: str = setting("", longest=40, help="tells it from the runs beside it")
    recipe: str = setting(
        "", longest=100, help="a PNG or JSON saved by actviz, beside the lesson; other fields change it"
    )
    preset: str = setting("", longest=40, help="its settings; good if not given")
    model: str = setting("", longest=100, help="a network; efficientnet_lite0 if not given")
    weights: Literal["", "untrained"] | None = setting(None, help="untrained; the published ones if not given")
    layer: str = setting("", longest=200, help="what is maximized: a layer, all of it without a channel")
    channel: int | None = setting(None, low=0, help="of the layer")
    neuron: tuple[int, int] | None = setting(None, low=0, help="row and column of the channel's feature map")
    class_: int | str | None = setting(None, help="a class in place of a layer, by name or index")
    objective: dict[str, Any] = field(default_factory=dict[str, Any], metadata={"help": "any other kind of target"})
    size: int | tuple[int, int] | None = setting(
        None, low=8, high=MOST_SIDE, help="pixels a side, or [height, width]; 224"
    )
    iterations: int | None = setting(
        None, low=1, high=MOST_ITERATIONS, help="gradient steps; those of the preset if not given"
    )
    seed: int | None = setting(None, low=0, high=2**32 - 1, help="of the random start; 0")
    count: int | None = setting(None, low=1, high=MOST_COUNT, help="pictures made together; 1")
    start: Literal["noise", "grey"] | None = setting(None, help="noise or grey; that of the preset if not given")
    parametrization: dict[str, Any] = field(
        default_factory=dict[str, Any], metadata={"help": "in place of the preset's"}
    )
    optimizer: dict[str, Any] = field(default_factory=dict[str, Any], metadata={"help": "in place of the preset's"})
    set: dict[str, Any] = field(default_factory=dict[str, Any], metadata={"help": "numbers by address: blur.weight"})


@dataclass(frozen=True)
class ImageFields:
    """Of [image]."""

    sample: str = setting("", longest=40, help="a sample photograph")
    model: str = setting("", longest=100, help="a network; efficientnet_lite0 if not given")
    weights: Literal["", "untrained"] = setting("", help="the published ones if not given")
    layer: str = setting("", longest=200, help="what is explained: a channel of a layer")
    channel: int | None = setting(None, low=0, help="of the layer")
    class_: int | str | None = setting(None, help="a class; the likeliest if nothing is given")
    methods: tuple[str, ...] = setting(("grad_cam",), help="kinds of maps, as `actviz explain --methods` lists them")


@dataclass(frozen=True)
class EstimateFields:
    """Of [estimate]."""

    of: str = setting("score", longest=40, help="what is estimated, a number that checks know")
    low: float = setting(0.0, help="the slider's least value")
    high: float = setting(1.0, help="and largest")
    within: float = setting(0.1, low=0.0, help="so far off is still right")


@dataclass(frozen=True)
class GainedFields:
    """Of [gained]."""

    from_: str = setting("", longest=40, help="a sample photograph")
    to: str = setting("", longest=40, help="another one, in which the class is likelier")
    class_: int | str | None = setting(None, help="whose logit it is about, by name or index")


@dataclass(frozen=True)
class AfterFields:
    """Of after."""

    seconds: int = setting(60, low=0, high=3600, help="after which a hint is offered")
    tries: int = setting(1, low=0, high=100, help="the same, whichever comes first")


@dataclass(frozen=True)
class SolutionFields:
    """Of [solution]."""

    set: dict[str, Any] = field(default_factory=dict[str, Any], metadata={"help": "numbers by address"})
    channel: int | None = setting(None, low=0, help="that is chosen")
    layer: str = setting("", longest=200, help="that is chosen")
    class_: int | str | None = setting(None, help="that is chosen")
    seed: int | None = setting(None, low=0, high=2**32 - 1, help="that is chosen")
    preset: str = setting("", longest=40, help="that is chosen")
    method: str = setting("", longest=40, help="a kind of maps that is chosen")
    tries: int | None = setting(None, low=1, high=100, help="so many times the runs are begun")
    answer: int | None = setting(None, low=1, high=4, help="which choice, counted from 1; the right one if not given")
    estimate: float | None = setting(None, help="where the slider is set")
    mask: tuple[tuple[float, float, float, float], ...] = setting(
        (), low=0.0, high=1.0, help="covered rectangles, as shares of the sides"
    )
    iterations: int = setting(
        0, low=0, high=MOST_ITERATIONS, help="at most so many are needed; all of the runs if not given"
    )


@dataclass(frozen=True)
class StepFields:
    """Of the block of a step."""

    id: str = setting("", longest=40, help="small letters, digits and hyphens; the same in all languages")
    show: tuple[str, ...] = setting((), help="at most two controls")
    anew: bool = setting(False, help="whether a number that is moved begins the runs anew; else they go on with it")
    ranges: dict[str, Any] = field(
        default_factory=dict[str, Any], metadata={"help": "of shown numbers: [low, high], where the slider ends"}
    )
    steers: tuple[int, ...] = setting((), low=1, high=MOST_RUNS, help="the runs that controls act on; all if not given")
    check: tuple[str, ...] = setting((), help="what is to be reached, all of it at the same time")
    predict: bool = setting(False, help="whether the question is asked before the picture is shown")
    after: AfterFields = field(default_factory=AfterFields, metadata={"help": "when a hint is offered"})
    only: Literal["", "class", "home"] = setting("", help="where the step is shown; everywhere if not given")
    panels: tuple[Panel, ...] = setting(
        (), help="beside the picture: patches, gallery, gradient, formula, numbers, gained"
    )
    minutes: float = setting(0.0, low=0.0, high=30.0, help="that the step takes")
    titles: tuple[str, ...] = setting((), help="of a translation: those of the runs")
    runs: tuple[RunFields, ...] = field(default=(), metadata={"help": "a run each, begun with the step"})
    image: ImageFields | None = field(default=None, metadata={"help": "a photograph that is explained"})
    estimate: EstimateFields | None = field(default=None, metadata={"help": "a slider in place of choices"})
    gained: GainedFields | None = field(default=None, metadata={"help": "what the panel of that name compares"})
    solution: SolutionFields | None = field(default=None, metadata={"help": "what meets every check"})


@dataclass(frozen=True)
class Given:
    """Fields that were read, what the file has of them, and where.

    readable  whether there was TOML: else all have their defaults, of which nobody need hear
    """

    values: Any
    data: Mapping[str, Any]
    places: Places
    readable: bool = True

    def line(self, *paths: str) -> int:
        """Of the first of these fields that the file has, or of what the last one would be in."""
        return self.places.of(*paths)

    def entries(self, path: str, value: object) -> tuple[int, ...]:
        """The lines of all entries of a list that have that value: what is wrong with one is wrong with each."""
        entries: Any = self.data
        for key in path.split("."):
            entries = entries.get(key, ())
        several = cast(list[Any], entries) if isinstance(entries, list) else []
        equal = [at for at, entry in enumerate(several) if entry == value]
        return tuple(self.places.of(f"{path}[{at}]") for at in equal) or (self.places.of(path),)

    def refused(self, name: str) -> bool:
        """Whether the file has a plain field of that name, and what it says could not be used, as was told."""
        return name in self.data and self.data[name] != getattr(self.values, name)


def read_fields(cls: type[Fields], text: str, first: int, findings: Findings) -> Given:
    """The fields of a TOML text that begins at a line; those that cannot be used are found, and have their default."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        at = re.search(r"\(at line (\d+), column \d+\)", str(problem))
        what = str(problem).partition(" (at")[0]
        findings.add(
            first + int(at[1]) - 1 if at else first,
            f"This is not TOML: {what}.",
            'Write name = value, texts in straight "quotes".',
        )
        return Given(cls(), {}, Places(first), readable=False)
    places = places_of(text, first)
    return Given(read_table(cls, data, "", places, findings), data, places)


def read_table(cls: type[Fields], data: Mapping[str, Any], path: str, places: Places, findings: Findings) -> Fields:
    """The fields of one table."""
    known = {name.rstrip("_"): (name, annotation, about) for name, annotation, about, _ in declared(cls)}
    values: dict[str, Any] = {}
    for key, value in islice(data.items(), MOST_FIELDS):
        at = path + key
        if key not in known:
            findings.add(
                places.of(at), f"There is no field {key!r}{near(key, known)}.", f"Known are {', '.join(known)}."
            )
            continue
        name, annotation, about = known[key]
        with findings.noting(places.of(at)):
            values[name] = read_value(value, annotation, about, at, places, findings)
    return cls(**values)


def read_value(value: Any, annotation: Any, about: Setting, path: str, places: Places, findings: Findings) -> Any:
    """A field's value: a table, several, a list of whatever number, or what `conform` takes."""
    nested = table_of(annotation)
    several = typing.get_origin(annotation) is tuple and typing.get_args(annotation)[-1] is Ellipsis
    name = path.rpartition(".")[2]
    if annotation == dict[str, Any] or nested and not several:
        if not isinstance(value, dict):
            raise ActvizError(f"{name} is no table; write {name} = {{...}}")
        table = cast(dict[str, Any], value)
        return read_table(nested, table, f"{path}.", places, findings) if nested else table
    if nested:
        entries = cast(list[Any], value)
        if not isinstance(value, list) or any(not isinstance(entry, dict) for entry in entries):
            raise ActvizError(f"{name} is no list of tables; write [[{name}]] above each")
        if len(entries) > MOST_RUNS:
            findings.add(places.of(path), f"There are {len(entries)} {name}.", f"Keep at most {MOST_RUNS}.")
        tables = enumerate(entries[:MOST_RUNS])
        return tuple(read_table(nested, entry, f"{path}[{at}].", places, findings) for at, entry in tables)
    if several and isinstance(value, list):
        return read_list(cast(list[Any], value), typing.get_args(annotation)[0], about, path, places, findings)
    return plain(value, annotation, about, name)


def read_list(
    entries: list[Any], annotation: Any, about: Setting, path: str, places: Places, findings: Findings
) -> tuple[Any, ...]:
    """The entries of a list that can be used; each other one is found by itself."""
    name = path.rpartition(".")[2]
    if len(entries) > MOST_ENTRIES:
        raise ActvizError(f"{name} has {len(entries):,} entries; keep at most {MOST_ENTRIES}")
    found: list[Any] = []
    for at, entry in enumerate(entries):
        with findings.noting(places.of(f"{path}[{at}]")):
            found.append(plain(entry, annotation, about, f"{name}[{at}]"))
    return tuple(found)


def plain(value: Any, annotation: Any, about: Setting, name: str) -> Any:
    """What `conform` takes, in its range, and of letters that can be seen."""
    texts = cast(list[Any], value) if isinstance(value, list) else [value]
    if any(isinstance(each, str) and not each.replace("\n", " ").isprintable() for each in texts):
        raise ActvizError(f"{name} has letters that cannot be seen; write it anew")
    found = conform(value, annotation, name)
    check_range(found, about, name)
    return found


def table_of(annotation: Any) -> Any:
    """The dataclass of fields that an annotation is about, if it is."""
    parts = (annotation, *typing.get_args(annotation))
    return next((part for part in parts if dataclasses.is_dataclass(part)), None)
