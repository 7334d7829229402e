"""The device that a network computes on."""

import logging

import torch
import torch.nn.functional as F

from ..errors import ActvizError, OutOfMemory
from ..machine import is_out_of_memory

log = logging.getLogger(__name__)


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name, as cuda:1; "auto": CUDA, MPS or the CPU, the first that can be used.

    Raises ActvizError if it is not available, OutOfMemory if nothing more fits.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    usable = [kind for kind in there if there[kind]]
    for kind in usable if name == "auto" else (name,):
        try:
            device = torch.device(kind)
            probe(device)
            return device
        except (RuntimeError, AssertionError, NotImplementedError) as problem:
            if name == "auto":
                log.warning("the device %s is there, but cannot be used: %s", kind, first_line(problem))
            elif is_out_of_memory(problem):
                raise OutOfMemory(
                    name, "nothing is left for a network", "End what else computes there, or choose another device."
                ) from problem
            else:
                every = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if there["cuda"] else []
                usable = [*(every if len(every) > 1 else []), *usable]
                raise ActvizError(
                    f"The device {name!r} is not available here; there are auto, {', '.join(usable)}. "
                    f"It says: {first_line(problem)}"
                ) from problem
    raise ActvizError("No device can be used, not even the CPU.")


def probe(device: torch.device) -> None:
    """Asks for what the loop needs and some devices lack: the gradient of a resampling, and a number read back."""
    images = torch.zeros(1, 1, 2, 2, device=device, requires_grad=True)
    seen = F.grid_sample(images, torch.zeros(1, 2, 2, 2, device=device), align_corners=False)
    torch.autograd.grad(seen.sum(), images)[0].sum().item()


def first_line(problem: Exception) -> str:
    return next(iter(str(problem).splitlines()), type(problem).__name__)[:200]
