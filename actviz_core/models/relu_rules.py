"""Rules for the way back through ReLUs: guided backpropagation and deconvolution.

Both are defined for ReLUs, and no other activation function has a rule that people agree on. So whatever else a network
bends its activations with is refused, not passed over.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from ..errors import NotAllowed

Rule = Literal["guided", "deconvolution"]

# By the names that modules, functions, methods and what works in place have in common.
OTHERS = {
    "silu": "SiLU",
    "gelu": "GELU",
    "hardswish": "Hardswish",
    "leaky_relu": "LeakyReLU",
    "rrelu": "RReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "celu": "CELU",
    "selu": "SELU",
    "mish": "Mish",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "logsigmoid": "LogSigmoid",
    "glu": "GLU",
    "threshold": "Threshold",
    "softshrink": "Softshrink",
    "hardshrink": "Hardshrink",
    "tanhshrink": "Tanhshrink",
    "multi_head_attention_forward": "attention",
    "scaled_dot_product_attention": "attention",
}
GATES = {
    "sigmoid": "Sigmoid",
    "hardsigmoid": "Hardsigmoid",
    "tanh": "Tanh",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
}
"""What may weight whole channels, as in squeeze and excitation, or end a network: then there is nothing to guide."""


class RectifiedContext(Protocol):
    saved_tensors: tuple[Tensor, ...]

    def save_for_backward(self, *tensors: Tensor) -> None: ...


class Rectified(torch.autograd.Function):
    """clamp(0, upper) whose gradient passes where it is positive; guided: and where the clamp let its input through."""

    @staticmethod
    def forward(ctx: RectifiedContext, inputs: Tensor, upper: float, rule: Rule) -> Tensor:
        outputs = inputs.clamp(0, upper)
        if rule == "guided":  # not the numbers: the network may change them in place
            through = outputs > 0
            ctx.save_for_backward(through if math.isinf(upper) else through.logical_and_(outputs < upper))
        return outputs

    @staticmethod
    def backward(ctx: RectifiedContext, gradient: Tensor) -> tuple[Tensor, None, None]:
        passed = torch.ops.aten.threshold_backward(gradient, gradient, 0.0)  # clamp would be taken for a ReLU here
        for through in ctx.saved_tensors:
            passed.mul_(through)
        return passed, None, None


class ReLURule(TorchFunctionMode):
    """Within this context the gradient goes back by the rule through every ReLU called by this thread.

    Modules and functions, ReLU6 and clamps from zero, called once or several times, in place or not. An activation
    function without a rule raises NotAllowed when it is called.

    used  how many ReLUs were called
    """

    def __init__(self, rule: Rule, title: str, network: str) -> None:
        super().__init__()
        self.rule, self.title, self.network, self.used = rule, title, network, 0

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: Mapping[str, Any] | None = None
    ) -> object:
        kwargs = kwargs or {}
        called = getattr(function, "__name__", "")
        name = called.rstrip("_")
        upper = upper_of(name, args, kwargs)
        if upper is not None:
            self.used += 1
            inputs = args[0] if args else kwargs["input"]
            outputs = Rectified.apply(inputs, upper, self.rule)
            return inputs.copy_(outputs) if called.endswith("_") or works_in_place(name, args, kwargs) else outputs
        if name in OTHERS or name == "hardtanh":
            raise self.refusal(OTHERS.get(name, "Hardtanh"))
        answer = function(*args, **kwargs)
        if name in GATES and isinstance(answer, Tensor) and math.prod(answer.shape[2:]) > 1:
            raise self.refusal(GATES[name])
        return answer

    def refusal(self, found: str) -> NotAllowed:
        return NotAllowed(
            f"{self.title} is defined for ReLUs only, and {self.network} has {found} before the target, for which "
            "there is no agreed rule: choose saliency, SmoothGrad or a class activation map, which take every network."
        )


def upper_of(name: str, args: tuple, kwargs: Mapping[str, Any]) -> float | None:
    """Where the ReLU of a call ends, infinity where it does not; None where the call is none."""
    if name in ("relu", "relu6"):
        return 6.0 if name == "relu6" else math.inf
    if name not in ("hardtanh", "clamp", "clip", "clamp_min"):
        return None
    lower_name, upper_name = ("min_val", "max_val") if name == "hardtanh" else ("min", "max")
    lower = args[1] if len(args) > 1 else kwargs.get(lower_name)
    upper = args[2] if len(args) > 2 else kwargs.get(upper_name, 1.0 if name == "hardtanh" else None)
    if not isinstance(lower, int | float) or lower != 0 or not isinstance(upper, int | float | None):
        return None
    return math.inf if upper is None else float(upper)


def works_in_place(name: str, args: tuple, kwargs: Mapping[str, Any]) -> bool:
    """Whether a call says so by its argument; F.hardtanh has it after the ends of its range."""
    place = 3 if name == "hardtanh" else 1
    return bool(kwargs.get("inplace", name in ("relu", "relu6", "hardtanh") and len(args) > place and args[place]))
