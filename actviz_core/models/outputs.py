"""What a module answers: a tensor, or several by name in tuples, dictionaries and dataclasses, however deeply."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from torch import Tensor

DEEPEST = 4  # containers in each other


def parts(output: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, Tensor]]:
    """(name, tensor) of all in it.

    "" for a tensor itself, ".logits" in a dictionary or dataclass, ".0" in a tuple, ".1.0" in both.
    """
    if isinstance(output, Tensor):
        yield name, output
    elif depth < DEEPEST:
        for key, value in entries(output):
            yield from parts(value, f"{name}.{key}", depth + 1)


def entries(output: object) -> Iterator[tuple[Any, object]]:
    if isinstance(output, Mapping):
        yield from output.items()
    elif isinstance(output, (tuple, list)):
        yield from zip(getattr(output, "_fields", range(len(output))), output, strict=False)
    elif dataclasses.is_dataclass(output) and not isinstance(output, type):
        yield from ((field.name, getattr(output, field.name)) for field in dataclasses.fields(output))


def replaced(output: object, replace: Callable[[str, Tensor], Tensor], name: str = "", depth: int = 0) -> object:
    """The same with other tensors: replace(name, tensor) for each."""
    if isinstance(output, Tensor):
        return replace(name, output)
    if depth == DEEPEST or not any(parts(output, name, depth)):
        return output
    found = {key: replaced(value, replace, f"{name}.{key}", depth + 1) for key, value in entries(output)}
    make = cast(Callable[..., object], type(output))
    if isinstance(output, Mapping):
        return make(found)
    if isinstance(output, (tuple, list)):
        return make(*found.values()) if hasattr(output, "_fields") else make(found.values())
    return dataclasses.replace(cast(Any, output), **found)
