"""A device without a driver, of tensors that only say where they are.

And what would mix devices, wait for one or launch a kernel.
"""

import collections
import traceback

import numpy as np
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

HOST = torch.device("cpu")
DEVICE = torch.device("lazy", 0)  # the one that autograd serves from the calling thread; "cuda" asks for a driver
FAKE = FakeTensorMode()
NUMBERS = {torch.bool: True, torch.int64: 1}  # what is read of a tensor without any
CHECKS = ("_linalg_check_errors", "nonzero", "equal", "masked_select", "_unique")  # look at numbers on the device


class Generator(torch.Generator):
    """Of the device by its word, of the host by its making."""

    def __new__(cls, device="cpu"):
        self = super().__new__(cls, "cpu")
        self.place = torch.device(device)
        return self

    def __init__(self, device="cpu"): ...

    device = property(lambda self: self.place)

    def clone_state(self):
        return Generator(self.place)


class Places(TorchFunctionMode):
    """Refuses a generator of another device than the numbers it draws; pins memory by a mark."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if (generator := kwargs.pop("generator", None)) is not None:
            assert generator.device == torch.device(kwargs.get("device", "cpu")), f"a generator of {generator.device}"
        if function is torch.Tensor.numpy:
            assert args[0].device == HOST, "no array lies on a device"
            return np.ones(tuple(args[0].shape), str(args[0].dtype).removeprefix("torch."))
        if function is torch.Tensor.pin_memory:
            return marked(args[0].clone())
        pinned = kwargs.pop("pin_memory", False)
        made = function(*args, **kwargs)
        return marked(made) if pinned else made


def marked(tensor):
    tensor.pinned = True
    return tensor


class Watch(TorchDispatchMode):
    """Counts what waits, by kind, file and function, and the kernels: operations on the device that are no views."""

    def __init__(self):
        super().__init__()
        self.waits, self.kernels = collections.Counter(), collections.Counter()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name, kwargs = function.__name__, kwargs or {}
        if name.startswith("_local_scalar_dense"):
            self.note(args[0].device != HOST, "number read")
            return NUMBERS.get(args[0].dtype, 0.5)
        result = function(*args, **kwargs)
        tensors = [
            value for value in torch.utils._pytree.tree_leaves((args, result)) if isinstance(value, torch.Tensor)
        ]
        self.note(name.startswith(CHECKS) and any(tensor.device != HOST for tensor in tensors), "number looked at")
        if name.startswith(("_to_copy", "copy_")):
            source, target = (args[0], result) if name.startswith("_to_copy") else (args[1], args[0])
            host = source if source.device == HOST else target
            waits = not (
                kwargs.get("non_blocking") or (name.startswith("copy_") and args[2:3] == (True,))
            ) or not getattr(host, "pinned", False)
            self.note(source.device != target.device and waits, "copy")
        if any(tensor.device != HOST for tensor in tensors) and function.namespace == "aten" and not is_view(function):
            self.kernels[name] += 1
        return result

    def note(self, waits, what):
        if waits:
            frame = [
                frame
                for frame in traceback.extract_stack()
                if "actviz_core" in frame.filename or "tests" in frame.filename
            ][-2]
            self.waits[what, frame.filename.rsplit("/")[-1], frame.name] += 1

    def record(self, stream):
        """The watch is also the event that is waited for."""

    def synchronize(self):
        self.waits["event", "", ""] += 1


def is_view(function) -> bool:
    aliases = [result.alias_info for result in function._schema.returns]
    return any(alias is not None and not alias.is_write for alias in aliases)


def moved(network: nn.Module) -> nn.Module:
    """The network with weights on the device, without their values; within FAKE."""
    for module in network.modules():
        for name, value in module._parameters.items():
            if value is not None:
                module._parameters[name] = nn.Parameter(torch.empty(value.shape, device=DEVICE), requires_grad=False)
        for name, value in module._buffers.items():
            if value is not None:
                module._buffers[name] = torch.empty(value.shape, dtype=value.dtype, device=DEVICE)
    return network
