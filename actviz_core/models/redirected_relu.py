"""Redirected ReLU: a dead unit lets the gradient of a loss through, so that the ascent can begin.

Lucid decides this per image, and so do we: an image whose gradient passes anywhere is left alone.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

RELUS = {F.relu, torch.relu, Tensor.relu}


class ClampContext(Protocol):
    upper: float
    saved_tensors: tuple[Tensor]

    def save_for_backward(self, *tensors: Tensor) -> None: ...


class RedirectedClamp(torch.autograd.Function):
    """clamp(0, upper) whose gradient, for images where none passes, goes where a step down it wakes the unit."""

    @staticmethod
    def forward(ctx: ClampContext, inputs: Tensor, upper: float) -> Tensor:
        ctx.save_for_backward(inputs)
        ctx.upper = upper
        return inputs.clamp(0, upper)

    @staticmethod
    def backward(ctx: ClampContext, gradient: Tensor) -> tuple[Tensor, None]:
        (inputs,) = ctx.saved_tensors
        passed = torch.ops.aten.hardtanh_backward(gradient, inputs, 0.0, ctx.upper)
        dead = torch.linalg.vector_norm(passed, float("inf"), tuple(range(1, passed.dim()))) == 0
        if inputs.device.type == "cpu" and not dead.any():  # elsewhere looking would wait for the device
            return passed, None
        low, high = inputs <= 0, inputs >= ctx.upper
        woken = torch.where((low & (gradient < 0)) | (high & (gradient > 0)), gradient, 0)
        return torch.where(dead.view(-1, *[1] * (inputs.dim() - 1)), woken, passed), None


class RedirectedReLUs(TorchFunctionMode):
    """Within this context every ReLU and ReLU6 called by this thread, module or function, is redirected."""

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        kwargs = kwargs or {}
        if function in RELUS:
            return RedirectedClamp.apply(args[0] if args else kwargs["input"], float("inf"))
        if function is F.relu6:
            return RedirectedClamp.apply(args[0], 6.0)
        if function is F.hardtanh and (args[1:2] or (kwargs.get("min_val"),))[0] == 0:
            return RedirectedClamp.apply(args[0], args[2] if len(args) > 2 else kwargs.get("max_val", 1.0))
        return function(*args, **kwargs)


def redirected_relus(on: bool) -> AbstractContextManager[object]:
    return RedirectedReLUs() if on else nullcontext()
