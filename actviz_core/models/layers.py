"""The layers of a model: all of them, or one by its name."""

from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import torch

from ..errors import ActvizError, near
from .layer import Layer
from .model import Model
from .tracer import trace_layers

TRACED: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


class Elsewhere(Protocol):
    """What is known of a network that somebody else has (handle.py)."""

    name: str
    height: int
    width: int
    labels: tuple[str, ...]
    device: torch.device
    mean: tuple[float, ...]
    std: tuple[float, ...]
    network: tuple[str, str]
    ask: Callable[[Any], Any]

    @property
    def weights_hash(self) -> str: ...

    def list_layers(self, height: int | None, width: int | None) -> tuple[Layer, ...]: ...

    def find_layer(self, name: str, height: int | None, width: int | None) -> Layer: ...


AnyModel = Model | Elsewhere


def find_layer(model: AnyModel, name: str, height: int | None = None, width: int | None = None) -> Layer:
    """The layer of that name, for an image of that size in pixels (the model's own).

    Raises ActvizError with near names, and whatever list_layers does.
    """
    if not isinstance(model, Model):
        return model.find_layer(name, height, width)
    layers = {layer.name: layer for layer in list_layers(model, height, width)}
    if name in layers:
        return layers[name]
    paths = dict(model.network.named_modules(remove_duplicate=False))
    first = next(
        (path for path, module in model.network.named_modules() if name in paths and module is paths[name]), name
    )
    if first != name:
        raise ActvizError(
            f"The layer {name!r} of {model.name} is known by its first name, {first!r}: both are one module."
        )
    if name in paths:
        raise ActvizError(
            f"The layer {name!r} was not reached in the forward pass of {model.name}, "
            "or its output is no feature map of the picture."
        )
    raise ActvizError(f"{model.name} has no layer {name!r}{near(name, layers)}.")


def list_layers(model: AnyModel, height: int | None = None, width: int | None = None) -> tuple[Layer, ...]:
    """Every layer in the order of the forward pass, as an image of that size in pixels (the model's own) makes them.

    Raises ImageTooSmall and OutOfMemory.
    """
    if not isinstance(model, Model):
        return model.list_layers(height, width)
    own = (model.height, model.width)
    size = (height or model.height, width or model.width)
    traced = TRACED.setdefault(model, {})
    if size not in traced:
        # Names and layouts are those of the model's own size: what a layer is called and where its channels are is
        # asked once.
        traced[size] = trace_layers(
            model, *size, {} if size == own else {layer.name: layer.axes for layer in list_layers(model)}
        )
    return traced[size]
