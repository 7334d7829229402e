"""Captured: one iteration as a CUDA graph, launched at once.

Launching its kernels one by one takes longer than they take. A graph repeats the same kernels on the same memory. What
changes from one iteration to the next, the inputs, is copied there first.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ..machine import let_go
from .outcome import Outcome

Compute = Callable[..., Outcome]

log = logging.getLogger(__name__)

DEVICES = {"cuda"}  # where iterations are captured: the switch; "cpu" computes them anew each time, for tests
WARM = 8  # alike iterations before one is captured: libraries choose their kernels and what is kept by size is made


class Captured:
    """What compute(*inputs) gives, repeated with other numbers in the same inputs.

    The answer's tensors are the same each time.
    """

    def __init__(self, compute: Compute, inputs: Sequence[Tensor]) -> None:
        self.inputs = [tensor.clone() for tensor in inputs]
        again = partial(compute, *self.inputs)
        device = self.inputs[0].device
        self.again = recorded(again, device) if device.type == "cuda" else again

    def __call__(self, inputs: Sequence[Tensor]) -> Outcome:
        for own, new in zip(self.inputs, inputs, strict=True):
            own.copy_(new)
        return self.again()


class Repetition:
    """Of a run: whether iterations are alike but for their inputs, and the captured one if they are."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.possible = device, device.type in DEVICES
        self.key: tuple[object, ...] | None = None
        self.alike, self.captured = 0, None

    def of(self, key: tuple[object, ...], capture: Callable[[], tuple[Compute, Sequence[Tensor]]]) -> Captured | None:
        """The captured iteration of that key, None as long as there is none.

        `capture` gives what is to be computed, and its inputs.
        """
        if not self.possible:
            return None
        if key != self.key:
            self.key, self.alike, self.captured = key, 0, None
        self.alike += 1
        if self.captured is None and self.alike > WARM:
            self.captured = self.attempt(capture) or self.attempt(capture)
            self.possible = self.captured is not None
        return self.captured

    def attempt(self, capture: Callable[[], tuple[Compute, Sequence[Tensor]]]) -> Captured | None:
        """None where memory runs out, or an operation is one that no graph may hold: the run goes on one by one."""
        try:
            return Captured(*capture())
        except RuntimeError as problem:
            # The allocator gives nothing back to the driver while a graph is captured, not even what graphs that are
            # gone have left.
            let_go(problem, self.device)
            log.warning("this iteration was not captured: %s", str(problem)[:120])
            return None


def recorded(compute: Callable[[], Outcome], device: torch.device) -> Callable[[], Outcome]:
    """Not by `torch.cuda.graph`.

    That gives all memory back to the driver first, and everybody waits while a slider moves.
    """
    graph, outside = torch.cuda.CUDAGraph(), Outside()
    with torch.cuda.device(device):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream), outside:
            graph.capture_begin(capture_error_mode="thread_local")  # other threads load networks meanwhile
            try:
                answer = compute()
            finally:
                graph.capture_end()
        torch.cuda.current_stream().wait_stream(stream)

    def again(_kept: dict[int, Tensor] = outside.found) -> Outcome:
        graph.replay()
        return answer

    return again


class Outside(TorchDispatchMode):
    """Finds the tensors that were there before: a graph reads their memory, and does not keep them."""

    def __init__(self) -> None:
        super().__init__()
        self.made: set[int] = set()
        self.found: dict[int, Tensor] = {}

    def __torch_dispatch__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        for tensor in tensors_of((args, kwargs)):
            if (place := tensor.untyped_storage().data_ptr()) not in self.made:
                self.found[place] = tensor.detach()
        result = function(*args, **(kwargs or {}))
        self.made.update(tensor.untyped_storage().data_ptr() for tensor in tensors_of(result))
        return result


def tensors_of(values: object) -> list[Tensor]:
    return [value for value in tree_leaves(values) if isinstance(value, Tensor)]
