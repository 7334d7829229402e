"""One's own networks: functions that somebody names when the program starts, "package.module:function"."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

from torch import nn

from ..errors import ActvizError
from .copies import copied
from .source import Blueprint, Entry, seeded

OWN: dict[str, Callable[[], object]] = {}
INPUTS: dict[str, dict] = {}  # what was said of them when they were registered: fields of a Blueprint


def register(target: str, size: str = "", mean: str = "", std: str = "", labels: str = "") -> None:
    """Adds one's own network, "package.module:function"; the function returns an nn.Module or a Model.

    It imports code, so only the start of a program calls it, never what a visitor typed. A plain nn.Module is taken to
    expect values in [0, 1] at 224 x 224, a Model says better; and so do the texts of the command line: size "64" or
    "64x96", mean and std "0.5,0.4,0.3", labels a file with a class on each line. Raises ActvizError if there is no such
    function.
    """
    INPUTS[target] = input_of(size, mean, std, labels)
    module, _, function = target.partition(":")
    try:
        OWN[target] = getattr(importlib.import_module(module), function)
    except Exception as problem:  # the module may raise anything while it is imported
        raise ActvizError(
            f"{target!r} cannot be registered: {type(problem).__name__}: {str(problem)[:300]}. "
            "It must read package.module:function."
        ) from problem
    if not callable(OWN[target]):
        raise ActvizError(
            f"{target!r} cannot be registered: it is {type(OWN.pop(target)).__name__}, no function. "
            "It must read package.module:function."
        )


def entries() -> tuple[Entry, ...]:
    return tuple(Entry(name, "own") for name in OWN)


def blueprint(name: str) -> Blueprint | None:
    """Of what the function made, which it may keep and give again: only copies are used.

    "untrained" resets every module that knows how to. Raises ActvizError where the name reads like a function that
    nobody has registered.
    """
    if name not in OWN:
        if ":" not in name:
            return None
        raise ActvizError(
            f"The network {name!r} is not registered: a recipe or a link imports nothing. "
            "Name it with --model when the program starts."
        )
    made = called(name)
    network = made if isinstance(made, nn.Module) else getattr(made, "network", None)
    if not isinstance(network, nn.Module):
        raise ActvizError(f"{name} returned {type(made).__name__}; it must return an nn.Module or a Model.")
    if network is made:
        channels = input_channels(network)
        about = dict(mean=(0.0,) * channels, std=(1.0,) * channels, height=224, width=224)
    else:
        about = {field: getattr(made, field) for field in ("mean", "std", "height", "width", "labels", "fixed_size")}
    return Blueprint(
        lambda _: reset(copied(network)),
        lambda _: copied(network),
        f"made by {name}",
        **(about | INPUTS.get(name, {})),
        brought=True,
    )


def input_of(size: str, mean: str, std: str, labels: str) -> dict[str, object]:
    """The fields of a Blueprint that these texts of the command line give."""
    found: dict[str, object] = {}
    try:
        if size:
            height, _, width = size.partition("x")
            found |= {"height": int(height), "width": int(width or height)}
        means, stds = (tuple(float(number) for number in text.split(",")) if text else () for text in (mean, std))
    except ValueError:
        raise ActvizError(
            f"the size {size!r}, mean {mean!r} and std {std!r} cannot be read; write 64 or 64x96, and 0.5,0.4,0.3."
        ) from None
    if means or stds:
        found |= {"mean": means or (0.0,) * len(stds), "std": stds or (1.0,) * len(means)}
    if labels:
        try:
            found["labels"] = tuple(line.strip() for line in Path(labels).read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as problem:
            raise ActvizError(f"the labels {labels} cannot be read: {problem}.") from problem
    return found


def called(target: str) -> object:
    """What the function returns; ActvizError for whatever it raises."""
    try:
        with seeded():
            return OWN[target]()
    except ActvizError:
        raise
    except Exception as problem:
        wanting = (
            "; it is called without arguments: give each a default"
            if re.search(r"missing \d+ required", str(problem))
            else ""
        )
        raise ActvizError(f"{target} raised {type(problem).__name__}: {str(problem)[:300]}{wanting}.") from problem


def input_channels(network: nn.Module) -> int:
    """Of the first convolution; 3 where there is none, or a lazy one."""
    first = next((module for module in network.modules() if isinstance(module, nn.Conv2d)), None)
    return first.in_channels or 3 if first else 3


def reset(network: nn.Module) -> nn.Module:
    def begin_again(module: nn.Module) -> None:
        draw = getattr(module, "reset_parameters", None)
        if callable(draw):
            draw()

    with seeded():
        return network.apply(begin_again)
