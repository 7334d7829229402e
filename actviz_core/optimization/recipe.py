"""A recipe: all that is needed to make a picture again, and its JSON.

Spec is what a run shows and cannot change, Hyperparams what may change between two iterations, Recipe both and the
log of the changes. Everything read back passes through the dataclasses: nothing is unpickled, evaluated or imported.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

from ..errors import ActvizError, near
from ..objectives import Objective
from ..settings import LONGEST_JSON, Checked, described, kind, read, register_kinds, setting, shown, to_data
from .optimizers import Adam, Optimizer
from .origin import Origin
from .parametrizations import FourierImage, Parametrization
from .regularizers import REGULARIZERS, Regularizer
from .transforms import BlurView, Crops, Flip, Jitter, Narrow, Noise, Pad, Rotate, Scale, Transform

MOST_PIXELS = 2**24  # of all pictures of a run: four of the largest
MOST_PARTS = 32  # transforms of a run, and regularizers
MOST_CHANGES = 4000  # that a run takes; so many adjustments are a quarter of what is read


@dataclass(frozen=True)
class Spec(Checked):
    """What a run is. A different Spec is a different run.

    objective   one for all images, or a tuple with one for each
    weights     "" (the published ones), "untrained", or "sha256:..." of a file: a recipe never names a path
    schedule    over so many iterations views narrow, waves come in, sizes grow and learning rates fall; afterwards all
                stays as at their end; 0: over all
    octaves     the run starts at height / octave_factor^(octaves - 1) and grows; the iterations of the schedule are
                shared out evenly
    redirected  for so many iterations a ReLU that lets no gradient through passes it on, per image
    photograph  a JPEG or PNG in base64, when `start` says so
    """

    model: str
    objective: Objective | tuple[Objective, ...]
    parametrization: Parametrization = setting(
        FourierImage(decay=1.25, coarse=0.4), help="what is optimized to make the picture"
    )
    optimizer: Optimizer = setting(Adam(beta1=0.5, beta2=0.95, cooling=0.3), help="how a gradient becomes a step")
    height: int = setting(224, 8, 2048, 8, unit="px", help="height of the picture")
    width: int = setting(224, 8, 2048, 8, unit="px", help="width of the picture")
    count: int = setting(1, 1, 64, 1, help="pictures made together, each from its own noise", label="Pictures")
    seed: int = setting(
        0,
        0,
        2**32 - 1,
        1,
        help="the same seed gives the same picture; on a GPU the same start and views, "
        "and a picture of the same kind, not the same one",
    )
    iterations: int = setting(192, 1, 100_000, 1, help="gradient steps")
    schedule: int = setting(
        0,
        0,
        100_000,
        1,
        unit="iterations",
        help="in so many, views narrow, waves come in and the learning rate falls; 0: in all. "
        "A run that is continued keeps its own",
    )
    octaves: int = setting(1, 1, 6, 1, help="picture sizes to go through, from small to full size")
    octave_factor: float = setting(1.4, 1.1, 2.0, 0.1, help="how much larger each size is than the one before")
    redirected: int = setting(
        16,
        0,
        1000,
        1,
        unit="iterations",
        help="for this long, dead ReLUs let gradients through",
        label="Redirect ReLU gradients",
    )
    start: str = setting(
        "noise", help="what the run starts from", choices=("noise", "grey", "photograph"), label="Start from"
    )
    precision: str = setting(
        "auto",
        help="autocast computes in 16 bits; auto does so where it is faster",
        choices=("auto", "float32", "autocast"),
    )
    photograph: str = setting("", longest=LONGEST_JSON, help="an image file in base64")
    weights: str = ""

    def __post_init__(self):
        super().__post_init__()
        if isinstance(self.objective, tuple) and len(self.objective) != self.count:
            raise ActvizError(
                f"there are {len(self.objective)} objectives for {self.count} images; give one, or one each."
            )
        if self.start == "photograph" and not self.photograph:
            raise ActvizError("the run is to start from a photograph, but none is given.")
        if self.count * self.height * self.width > MOST_PIXELS:
            raise ActvizError(
                f"{self.count} pictures of {self.height} x {self.width} are too many at once; "
                "lower their number or their size."
            )

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return self.objective if isinstance(self.objective, tuple) else (self.objective,)

    @property
    def scheduled(self) -> int:
        """The iterations of the schedule."""
        return self.schedule or self.iterations

    def ending(self, iterations: int) -> "Spec":
        """The same with another end: up to the earlier of the two both make the same pictures."""
        return replace(self, iterations=iterations, schedule=0 if iterations == self.scheduled else self.scheduled)


@dataclass(frozen=True)
class Hyperparams(Checked):
    """What may change while a run goes on; each number has an address such as "learning_rate" or "scale.low"."""

    learning_rate: float = setting(0.175, 0.0, 1e9, 0.0001, help="length of a step", log=True)
    transforms: tuple[Transform, ...] = (Pad(0, "grey"), Jitter(16), Scale(0.9, 1.2), Rotate(12.0), Narrow(0.8))
    regularizers: tuple[Regularizer, ...] = ()

    def __post_init__(self):
        super().__post_init__()
        for name in ("transforms", "regularizers"):
            if len(getattr(self, name)) > MOST_PARTS:
                raise ActvizError(f"there are {len(getattr(self, name)):,} {name}; at most {MOST_PARTS} are used.")

    def addresses(self) -> dict[str, Checked]:
        """Transforms and regularizers by name; a second one of a kind is called name@2."""
        named: dict[str, Checked] = {}
        for value in (*self.transforms, *self.regularizers):
            name, count = kind(type(value)), 1
            while (name if count == 1 else f"{name}@{count}") in named:
                count += 1
            named[name if count == 1 else f"{name}@{count}"] = value
        return named

    def with_value(self, address: str, value) -> "Hyperparams":
        """A copy with one number changed, by its address; a kind alone means its first field. Adds missing kinds.

        Raises ActvizError for an unknown address or a value out of range.
        """
        return self.with_values({address: value})

    def with_values(self, values: Mapping[str, object]) -> "Hyperparams":
        """A copy with numbers changed, all at once: the ends of a range are checked when both are there."""
        named, changed, rate = self.addresses(), {}, self.learning_rate
        for address, value in values.items():
            if address == "learning_rate":
                rate = value
            else:
                name, field = self.place(address)
                changed.setdefault(name, {})[field] = value
        for name, its in changed.items():
            named[name] = replace(self.part(name), **its)
        return Hyperparams(
            rate,
            transforms=tuple(v for v in named.values() if isinstance(v, Transform)),
            regularizers=tuple(v for v in named.values() if isinstance(v, Regularizer)),
        )

    def place(self, address: str) -> tuple[str, str]:
        """The part that an address names, and the field of it; ActvizError if there is none."""
        name, _, field = address.partition(".")
        if name == "learning_rate":
            raise ActvizError(f"learning_rate has no setting {field!r}; it is a number itself.")
        cls = type(self.part(name))
        field = field or fields(cls)[0].name
        if field not in described(cls):
            raise ActvizError(f"{name} has no setting {field!r}; it has {', '.join(described(cls))}.")
        return name, field

    def value(self, address: str):
        name, _, field = address.partition(".")
        if name == "learning_rate":
            return self.learning_rate
        return getattr(self.part(name), field)

    def part(self, name: str) -> Checked:
        """The transform or regularizer of that name; where there is none, one that does nothing."""
        named = self.addresses()
        return named[name] if name in named else kind_off(name)


class LogEntry(Checked):
    """What changed at an iteration of a run."""


@dataclass(frozen=True)
class Change(LogEntry):
    """From this iteration on the run obeyed these hyperparams."""

    iteration: int
    hyperparams: Hyperparams


@dataclass(frozen=True)
class Adjustment(LogEntry):
    """As a Change of one number, by its address.

    So a recipe writes what a slider did, in a tenth of the characters.
    """

    iteration: int
    address: str
    value: int | float | str


register_kinds(LogEntry, Change, Adjustment)


def shortened(before: Hyperparams, changes: Iterable[Change]) -> Iterator[LogEntry]:
    """The same changes; those of one number as adjustments."""
    for change in changes:
        address = adjusted(before, change.hyperparams)
        yield Adjustment(change.iteration, address, change.hyperparams.value(address)) if address else change
        before = change.hyperparams


def resolved(before: Hyperparams, entries: Iterable[LogEntry]) -> Iterator[Change]:
    """The inverse."""
    for entry in entries:
        change = (
            Change(entry.iteration, before.with_value(entry.address, entry.value))
            if isinstance(entry, Adjustment)
            else entry
        )
        yield change
        before = change.hyperparams


def adjusted(before: Hyperparams, after: Hyperparams) -> str:
    """The address of the only number in which they differ; "" where more does, or other transforms and regularizers."""
    known, new = before.addresses(), after.addresses()
    differing = ["learning_rate"] * (before.learning_rate != after.learning_rate)
    for name in [name for name, part in new.items() if known.get(name) != part]:
        differing += [
            f"{name}.{field}"
            for field in described(type(new[name]))
            if before.value(f"{name}.{field}") != after.value(f"{name}.{field}")
        ]
    return (
        differing[0]
        if len(differing) == 1 and before.with_value(differing[0], after.value(differing[0])) == after
        else ""
    )


@dataclass(frozen=True)
class Recipe(Checked):
    """Spec, the first Hyperparams, the log of their changes, and the iteration whose picture was kept (0: the last).

    changes  given as changes or adjustments; kept as changes
    origin   of a saved picture: where it was made
    """

    spec: Spec
    hyperparams: Hyperparams = Hyperparams()
    changes: tuple[LogEntry, ...] = ()
    picture: int = setting(0, 0)
    origin: Origin | None = None

    def __post_init__(self):
        super().__post_init__()
        if self.picture > self.spec.iterations:
            raise ActvizError(
                f"the picture is that of iteration {self.picture}, but there are only {self.spec.iterations}."
            )
        object.__setattr__(self, "changes", tuple(resolved(self.hyperparams, self.changes)))
        iterations = [change.iteration for change in self.changes]
        if iterations and (iterations[0] < 1 or iterations != sorted(iterations)):
            raise ActvizError(f"the iterations of the changes, {shown(iterations)}, must be at least 1 and in order.")

    def written(self) -> dict[str, object]:
        return super().written() | {"changes": tuple(shortened(self.hyperparams, self.changes))}

    @property
    def final(self) -> Hyperparams:
        """What holds after all changes."""
        return self.changes[-1].hyperparams if self.changes else self.hyperparams

    def hyperparams_at(self, iteration: int) -> Hyperparams:
        past = bisect_right(self.changes, iteration, key=lambda change: change.iteration)
        return self.changes[past - 1].hyperparams if past else self.hyperparams

    def until(self, iteration: int, hyperparams: Hyperparams) -> "Recipe":
        """The same run up to an iteration, and with other hyperparams afterwards."""
        kept = tuple(change for change in self.changes if change.iteration <= iteration)
        return replace(self, changes=(*kept, Change(iteration + 1, hyperparams)))

    def to_json(self, indent: int | None = None) -> str:
        return json.dumps(to_data(self), indent=indent, separators=None if indent else (",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Raises ActvizError naming what is wrong with the text."""
        return read(text, cls)


@cache
def label_of(address: str) -> str:
    """What people call a number of the hyperparams.

    "boundary.pixels" -> Boundary width; "l1", a kind alone, -> L1 norm. A second one of a kind is numbered.
    """
    name, _, field = address.partition(".")
    owner = Hyperparams if name == "learning_rate" else type(Hyperparams().part(name))
    field = name if owner is Hyperparams else field or next(iter(described(owner)))
    text = described(owner)[field].label or name.partition("@")[0].replace("_", " ").capitalize()
    return " ".join(filter(None, (text, name.partition("@")[2])))


def kind_off(name: str) -> Checked:
    """A transform or regularizer that does nothing yet, by its kind's name."""
    if name.partition("@")[0] not in OFF:
        raise ActvizError(f"there is no setting {name!r}{near(name, ['learning_rate', *OFF])}.")
    return OFF[name.partition("@")[0]]


IDLE = (
    Pad(0, "reflect"),
    Jitter(0),
    Scale(1.0, 1.0),
    Rotate(0.0),
    Narrow(0.0),
    Flip(0.0),
    Crops(0),
    Noise(0.0),
    BlurView(0.0),
)
OFF = {kind(type(value)): value for value in (*IDLE, *(cls() for cls in REGULARIZERS))}
