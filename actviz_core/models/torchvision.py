"""torchvision's classification networks."""

import pickle
from functools import cache, partial
from http.client import HTTPException
from pathlib import Path

import torchvision
from torch import nn

from .source import Blueprint, Entry, seeded
from .weights import Progress, checkpoints, impure, missing, watched

IMAGENET = tuple(torchvision.models.ResNet18_Weights.DEFAULT.meta["categories"])
INCEPTIONS = ("inception_v3", "googlenet")  # normalize once more inside, and have second classifiers
FIXED_SIZES = ("vit_", "maxvit_")


@cache
def names() -> tuple[str, ...]:
    return tuple(torchvision.models.list_models(module=torchvision.models))


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(Entry(name, "torchvision", True, weights_of(name).meta["_file_size"]) for name in names())


def blueprint(name: str) -> Blueprint | None:
    if name not in names():
        return None
    weights, twice = weights_of(name), name in INCEPTIONS
    view = weights.transforms()
    # With the second normalization turned off, what remains is mean = std = 0.5.
    mean, std = ((0.5,) * 3, (0.5,) * 3) if twice else (tuple(view.mean), tuple(view.std))
    height, width = view.crop_size * 2
    return Blueprint(
        partial(build, name),
        partial(publish, name, {"transform_input": False} if twice else {}),
        f"torchvision {weights}",
        mean,
        std,
        height,
        width,
        tuple(weights.meta["categories"]),
        name.startswith(FIXED_SIZES),
    )


def weights_of(name: str) -> torchvision.models.WeightsEnum:
    """The published weights, with what torchvision knows of them."""
    return torchvision.models.get_model_weights(name)["DEFAULT"]


def build(name: str, classes: int | None = None) -> nn.Module:
    options = {} if classes is None else {"num_classes": classes}
    if name.startswith("vit_"):
        options["image_size"] = weights_of(name).transforms().crop_size[0]
    if name in INCEPTIONS:
        options |= {"aux_logits": False, "init_weights": True}
    with seeded():
        return torchvision.models.get_model(name, **options)


def publish(name: str, options: dict[str, bool], progress: Progress | None) -> nn.Module:
    weights = weights_of(name)
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
