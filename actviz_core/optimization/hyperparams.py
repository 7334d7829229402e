"""Hyperparams: what may change between two iterations of a run. Each number has an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

from ..errors import ActvizError, near
from ..registry import fields_of, kind, kinds
from ..settings import Checked, described, neutral, setting
from .regularizers import Regularizer
from .transforms import Jitter, Narrow, Pad, Rotate, Scale, Transform

MOST_PARTS = 32  # transforms of a run, and regularizers


@dataclass(frozen=True)
class Hyperparams(Checked):
    """What may change while a run goes on; each number has an address such as "learning_rate" or "scale.low"."""

    learning_rate: float = setting(
        0.175, low=0.0, high=1e9, step=0.0001, help="length of a step", log=True, most=1000.0
    )
    transforms: tuple[Transform, ...] = (Pad(0, "grey"), Jitter(16), Scale(0.9, 1.2), Rotate(12.0), Narrow(0.8))
    regularizers: tuple[Regularizer, ...] = ()

    def __post_init__(self) -> None:
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

    def every_part(self) -> dict[str, Checked]:
        """Every kind by name, in the order of their application; those that are absent are off, where they would be."""
        named = self.addresses()
        for name, cls in all_kinds().items():
            if not any(type(part) is cls for part in named.values()):
                named = with_part(named, name, neutral(cls))
        return dict(sorted(named.items(), key=lambda item: not getattr(item[1], "leads", False)))

    def with_value(self, address: str, value: Any) -> "Hyperparams":
        """A copy with one number changed, by its address; a kind alone means its first field. Adds missing kinds.

        Raises ActvizError for an unknown address or a value out of range.
        """
        return self.with_values({address: value})

    def with_values(self, values: Mapping[str, Any]) -> "Hyperparams":
        """A copy with numbers changed, all at once: the ends of a range are checked when both are there."""
        named, rate = self.addresses(), self.learning_rate
        changed: dict[str, dict[str, Any]] = {}
        for address, value in values.items():
            if address == "learning_rate":
                rate = value
            else:
                name, field = self.place(address)
                changed.setdefault(name, {})[field] = value
        for name, its in changed.items():
            named = with_part(named, name, replace(cast(Any, self.part(name)), **its))
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
        field = field or fields_of(cls)[0].name
        if field not in described(cls):
            raise ActvizError(f"{name} has no setting {field!r}; it has {', '.join(described(cls))}.")
        return name, field

    def value(self, address: str) -> Any:
        """The number, or word, of an address such as "scale.low"; ActvizError for a kind that there is not."""
        name, _, field = address.partition(".")
        if name == "learning_rate":
            return self.learning_rate
        return getattr(self.part(name), field)

    def part(self, name: str) -> Checked:
        """The transform or regularizer of that name; where there is none, one that does nothing."""
        named = self.addresses()
        return named[name] if name in named else part_off(name)


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


def all_kinds() -> dict[str, type[Checked]]:
    """Transforms and regularizers by name, in the order in which they are added."""
    return kinds(Transform) | kinds(Regularizer)


def with_part(named: dict[str, Checked], name: str, part: Checked) -> dict[str, Checked]:
    """With that part in place of its old one; a new one comes before those of later kinds, a second one at the end."""
    if name in named or "@" in name:
        return named | {name: part}
    order, items = list(all_kinds()), list(named.items())
    later = order[order.index(name) + 1 :]
    place = next((place for place, (_, old) in enumerate(items) if kind(type(old)) in later), len(items))
    return dict((*items[:place], (name, part), *items[place:]))


def part_off(name: str) -> Checked:
    """A transform or regularizer that does nothing yet, by its kind's name."""
    known = all_kinds()
    cls = known.get(name.partition("@")[0])
    if cls is None:
        raise ActvizError(f"there is no setting {name!r}{near(name, ['learning_rate', *known])}.")
    return neutral(cls)
