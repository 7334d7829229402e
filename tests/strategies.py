"""What strangers may send, for hypothesis: JSON of any shape, good files and texts with something wrong in them.

And what people may set: recipes with any numbers that are in range.
"""

import copy
import json
import typing
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from actviz_core import ActvizError, Hyperparams, Recipe
from actviz_core.registry import kinds
from actviz_core.settings import declared

# The examples are drawn from the test's own name, so each run of the tests is the same; what once failed stays as an
# @example.
settings.register_profile("kept", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("kept")

NUMBERS = st.one_of(
    st.integers(-3, 70), st.integers(), st.sampled_from([10**18, 10**30, -(10**400), 2**63]), st.floats()
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=12),
    st.sampled_from(["os:abort", "\ud800", "\0", "{0.__class__}", "../x", "sha256:0", "noise", "sum"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def places(data, path=()):
    """The path of every entry of nested lists and dictionaries."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


def values_of(annotation, setting):
    """Whatever a field of that type takes, within its range."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(values_of(parts[0], setting), max_size=4).map(tuple)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(int(setting.low), int(setting.high))
    if annotation is float:
        return st.floats(setting.low, setting.high)
    return st.one_of(*(made_of(cls) for cls in kinds(annotation).values()))


def made_of(cls):
    """Values of a kind with any numbers; as it is by itself where two of them do not go together."""

    def made(**given):
        try:
            return cls(**given)
        except ActvizError:
            return cls()

    return st.builds(made, **{name: values_of(annotation, setting) for name, annotation, setting, _ in declared(cls)})


def recipes(spec):
    """Recipes of a spec that differ in all that may change while a run goes on, and in their seeds."""
    seeds = st.integers(0, 2**32 - 1)
    return st.builds(
        lambda seed, hyperparams: Recipe(replace(spec, seed=seed), hyperparams), seeds, made_of(Hyperparams)
    )


@st.composite
def spoiled_json(draw, text: str, most: int = 3):
    """A JSON text with one to three entries replaced, removed, doubled or moved elsewhere."""
    data = json.loads(text)
    for _ in range(draw(st.integers(1, most))):
        *path, last = draw(st.sampled_from(list(places(data))))
        inside = data
        for key in path:
            inside = inside[key]
        match draw(st.sampled_from(["replace", "replace", "remove", "many", "nest"])):
            case "replace":
                inside[last] = draw(JSON)
            case "remove":
                del inside[last]
            case "many":
                inside[last] = [inside[last]] * draw(st.sampled_from([0, 2, 40, 3000]))
                if len(inside[last]) > 40:
                    break  # to walk through all of it again takes longer than what is tested
            case "nest":
                inside[last] = copy.deepcopy(data)
        if not list(places(data)):
            break
    return json.dumps(data)


@st.composite
def spoiled_bytes(draw, data: bytes):
    """Bytes of a good file with some changed, left out, put in or cut off."""
    data = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["change", "change", "leave out", "put in", "cut"])):
            case "change":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case "leave out":
                del data[at : at + draw(st.integers(1, 64))]
            case "put in":
                data[at:at] = draw(st.binary(min_size=1, max_size=16))
            case "cut":
                del data[at:]
    return bytes(data)
