"""Activation functions: the least and the most that they answer, and those that a norm brings with it."""

import math

from torch import nn

UNLIMITED = "", -math.inf, math.inf
BOUNDED = (
    (nn.ReLU, 0.0, math.inf),
    (nn.Sigmoid | nn.Hardsigmoid, 0.0, 1.0),
    (nn.Tanh, -1.0, 1.0),
)


def limits_of(module: nn.Module) -> tuple[str, float, float]:
    """Name, lowest and highest value of the activation function that a module is, or ends with."""
    function = module.get_submodule("act") if has_own_function(module) else module
    if isinstance(function, nn.Hardtanh):  # ReLU6 is one from 0 to 6
        return type(function).__name__, function.min_val, function.max_val
    return next(
        ((type(function).__name__, low, high) for cls, low, high in BOUNDED if isinstance(function, cls)), UNLIMITED
    )


def has_own_function(module: nn.Module | None) -> bool:
    """timm's batch norm and activation function in one module: between the two there is no layer."""
    return type(module).__name__ == "BatchNormAct2d"


def turned_round(norm: nn.Module) -> tuple[int, ...]:
    """The channels that a norm gives the other sign."""
    return tuple((norm.get_parameter("weight") <= 0).nonzero().flatten().tolist())
