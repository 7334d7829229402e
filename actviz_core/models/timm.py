"""timm's networks, as timm/NAME."""

from functools import cache, partial
from http.client import HTTPException
from typing import cast

import timm
import torch
from timm.data.imagenet_info import ImageNetInfo, infer_imagenet_subset
from timm.models import PretrainedCfg
from torch import nn

from ..errors import ActvizError
from .source import Blueprint, Entry, seeded
from .torchvision import IMAGENET
from .weights import Progress, State, checkpoints, missing, read_state

PREFIX = "timm/"


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(Entry(PREFIX + name, "timm", True) for name in timm.list_models(pretrained=True))


def blueprint(name: str) -> Blueprint | None:
    architecture = name.removeprefix(PREFIX)
    if architecture == name or not is_known(architecture):
        return None
    settings = timm.get_pretrained_cfg(architecture) or PretrainedCfg()
    _, height, width = settings.input_size
    return Blueprint(
        partial(build, architecture),
        partial(publish, architecture, settings),
        f"timm {architecture}",
        settings.mean,
        settings.std,
        height,
        width,
        labels_of(settings.num_classes),
        settings.fixed_input_size,
    )


def is_known(name: str) -> bool:
    return timm.is_model(name) and ("." not in name or name in timm.list_models(pretrained=True))


def labels_of(classes: int) -> tuple[str, ...]:
    """The names of so many classes, where a list of ImageNet has as many."""
    if classes == len(IMAGENET):
        return IMAGENET
    subset = infer_imagenet_subset({"num_classes": classes})
    return tuple(ImageNetInfo(subset).label_descriptions()) if subset else ()


def build(name: str, classes: int | None = None) -> nn.Module:
    with seeded():
        return timm.create_model(name, num_classes=classes)


def publish(name: str, settings: PretrainedCfg, _progress: Progress | None) -> nn.Module:
    state = published(name, settings)
    try:
        with seeded():
            return timm.create_model(name, pretrained=True, pretrained_cfg_overlay={"state_dict": state})
    except (RuntimeError, KeyError) as problem:
        raise ActvizError(f"The weights found for timm/{name} do not fit it: {str(problem)[:200]}") from problem


def published(name: str, settings: PretrainedCfg) -> State:
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
        return torch.hub.load_state_dict_from_url(cast(str, settings.url), map_location="cpu", weights_only=True)
    except (OSError, HTTPException, RuntimeError) as problem:
        raise missing(f"{name}.safetensors", problem) from problem
