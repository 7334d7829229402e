"""The machine: how a process that serves people shares it with the loop, and how numbers come to a device and back."""

import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

import numpy as np
import torch
from torch import Tensor

from .errors import OutOfMemory
from .memory import KEEPER

SWITCH = 0.0005  # seconds; every operation of torch gives the interpreter away and has to wait for it again
# How allocators complain: torch's own, the system's, and the libraries' below torch, which then find no way to
# convolve.
NO_MEMORY = re.compile(
    "out of memory|not enough memory|allocate memory|CU(DNN_STATUS|BLAS_STATUS|FFT)_ALLOC_FAILED"
    "|unable to find an engine",
    re.IGNORECASE,
)
PINNED = {"cuda"}  # devices that copy from and to page-locked memory while the host goes on


def serve() -> None:
    """Once, before threads start: a core is left to the server, threads take turns quickly, freed memory is kept.

    Threads that wait for each other at every layer fall behind many times over as soon as anything else runs on one of
    their cores (docs/measurements.md).
    """
    sys.setswitchinterval(SWITCH)
    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))
    KEEPER.serve()


def computes_in_16_bits(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 numbers by itself, faster than float32."""
    if device.type == "cuda":
        with torch.cuda.device(device):  # else the current one is asked
            return torch.cuda.is_bf16_supported(including_emulation=False)
    known = getattr(torch.cpu, "get_capabilities", dict)()
    return device.type == "cpu" and bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """What the host has computed, on the device; nobody waits for it to arrive."""
    if device.type not in PINNED:
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)


def fetched(tensors: Sequence[Tensor]) -> list[np.ndarray]:
    """The same as arrays: all are on their way before the first is waited for. Those of the host are not copied."""
    found = [page_locked(tensor) if tensor.device.type in PINNED else tensor.cpu() for tensor in tensors]
    away = [tensor.device for tensor in tensors if tensor.device.type in PINNED]
    if not away:
        return [tensor.numpy() for tensor in found]
    done = torch.cuda.Event()
    done.record(torch.cuda.current_stream(away[0]))
    done.synchronize()
    return [tensor.numpy().copy() for tensor in found]  # page-locked memory is scarce, and pictures are kept for long


def page_locked(tensor: Tensor) -> Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True).copy_(tensor, non_blocking=True)


@lru_cache(maxsize=256)
def constant(numbers: tuple[float, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Numbers on the device: copied there once, not in each iteration."""
    return torch.tensor(numbers, dtype=dtype, device=device)


@contextmanager
def full_precision() -> Iterator[None]:
    """All bits of float32.

    On a GPU convolutions take fewer (TF32), in which two networks that agree differ by more than one may see.
    """
    convolution = torch.backends.cudnn.conv  # pyright: ignore[reportAttributeAccessIssue]  # torch makes it on import
    backends = (convolution, torch.backends.cuda.matmul)
    kept = [backend.fp32_precision for backend in backends]
    try:
        for backend in backends:
            backend.fp32_precision = "ieee"
        yield
    finally:
        for backend, precision in zip(backends, kept, strict=True):
            backend.fp32_precision = precision


def is_out_of_memory(problem: BaseException) -> bool:
    return isinstance(problem, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(problem, RuntimeError) and bool(NO_MEMORY.search(str(problem)))
    )


def let_go(problem: BaseException | None, device: torch.device) -> None:
    """What a failed computation holds: the variables that its traceback knows, and what the allocator keeps of them."""
    while problem is not None:
        traceback.clear_frames(problem.__traceback__)
        problem.__traceback__ = None  # frames hold their functions' closures, cleared or not
        problem = problem.__cause__ or problem.__context__
    if device.type in ("cuda", "mps"):
        getattr(torch, device.type).empty_cache()


@dataclass(frozen=True)
class WithinMemory:
    """Memory that runs out within this context becomes an OutOfMemory that says what asked for it, and what to do."""

    device: torch.device
    what: str
    remedy: str

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if problem is not None and is_out_of_memory(problem):
            del trace  # it would keep what failed until the error is forgotten
            let_go(problem, self.device)
            raise OutOfMemory(str(self.device), self.what, self.remedy) from problem
