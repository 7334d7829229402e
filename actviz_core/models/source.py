"""What a source of models gives: lines of the catalogue, and blueprints by name.

A source is a module, or anything else, with two functions:

    entries() -> Iterable[Entry]              every network that it knows
    blueprint(name) -> Blueprint | None       how to make that one; None where the name is not its own

A blueprint says how to build a network, where its weights are, what its input looks like.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import nn

from .weights import Progress


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue: the name for load_model, and the source that knows it.

    downloads  whether the published weights come over the network
    megabytes  of that download, of 2^20 bytes, where known
    """

    name: str
    family: str
    downloads: bool = False
    megabytes: float | None = None


@dataclass(frozen=True)
class Blueprint:
    """How to build one network, and what its input looks like.

    build    (number of classes, None: the usual one) -> network with random weights, the same ones each time
    publish  (progress or None) -> network with the published weights
    brought  by somebody: not known to work
    """

    build: Callable[[int | None], nn.Module]
    publish: Callable[[Progress | None], nn.Module]
    source: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    height: int
    width: int
    labels: tuple[str, ...] = ()
    fixed_size: bool = False
    brought: bool = False


class Source(Protocol):
    """Where networks come from; the docstring of this file says what the two functions are."""

    def entries(self) -> Iterable[Entry]: ...

    def blueprint(self, name: str) -> Blueprint | None: ...


BUILDING = threading.RLock()  # somebody's function may load a model itself, or end with Model.of


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Networks draw their first weights from the global generator of the CPU: here from a fixed seed, and put back."""
    with BUILDING, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield
