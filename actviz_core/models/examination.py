"""One look at a network that somebody brings.

Each way in which it cannot be used becomes a sentence with its remedy.
"""

import math
import re
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from ..errors import ActvizError
from ..machine import is_out_of_memory
from .folding import TOLERANCE, BatchNorm
from .outputs import parts

SIDES = (224, 32, 28, 64, 96, 112, 128, 160, 192, 240, 256, 299, 384, 448, 512)  # px, that networks are made for
CHANNELS = (3, 1, 4, 2, 6, 10, 12, 13)


def check_input(mean: tuple[float, ...], std: tuple[float, ...], height: int, width: int) -> None:
    """Raises ActvizError for an input that cannot be."""
    if len(mean) != len(std) or not mean:
        raise ActvizError(
            f"the mean has {len(mean)} numbers and the std {len(std)}; both need one for each channel of the input."
        )
    if not all(map(math.isfinite, (*mean, *std))):
        raise ActvizError(f"mean {mean} and std {std} must be finite numbers.")
    if min(std) <= 0:
        raise ActvizError(
            f"the std holds {min(std):g}; each number of it must be above 0, and 1 where pictures are not scaled."
        )
    if not (1 <= height <= 2048 and 1 <= width <= 2048):
        raise ActvizError(f"the size {height} x {width} is no size of a picture; it must be between 1 and 2048 px.")


def check_weights(network: nn.Module) -> None:
    """Raises ActvizError for weights that no gradient ascent can use."""
    if isinstance(network, torch.jit.ScriptModule) or any(
        isinstance(module, torch.jit.ScriptModule) for module in network.modules()
    ):
        raise ActvizError(
            "the network is TorchScript, which shows no layers; give the Python module that it was made of."
        )
    for name, tensor in weights(network):
        if isinstance(tensor, nn.UninitializedParameter):
            continue
        if tensor.device.type == "meta":
            raise ActvizError(f"the weights {name} have no values (device meta); load them first.")
        if tensor.is_floating_point() and tensor.dtype != torch.float32:
            raise ActvizError(
                f"the weights {name} are {str(tensor.dtype).removeprefix('torch.')}; networks are used in float32: "
                "call .float() on it first."
            )
        if not tensor.isfinite().all():
            raise ActvizError(
                f"the weights {name} hold NaN or infinity; training has diverged, take an earlier checkpoint."
            )


def weights(network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Parameters, and what batch norms have measured; other buffers may hold what they like."""
    yield from network.named_parameters()
    for path, module in network.named_modules():
        if isinstance(module, BatchNorm):
            yield from ((f"{path}.{name}", tensor) for name, tensor in module.named_buffers(recurse=False))


def examine(network: nn.Module, images: Tensor) -> None:
    """Asks the network about images as it is made for; ActvizError where it cannot answer, or not with a gradient."""
    first = answered(network, images)
    if not first:
        raise ActvizError(
            "the network answers with no tensor of numbers; its forward must return one, "
            "or a tuple, list, dictionary or dataclass of them."
        )
    if not all(tensor.isfinite().all() for tensor in first.values()):
        raise ActvizError(
            "the network answers NaN or infinity to random pixels; its weights are damaged, "
            "or it expects another mean and std."
        )
    drawn = random_state(images.device)  # by now lazy modules have drawn their weights
    second = answered(network, images)
    differing = [
        name
        for name in first
        if name not in second
        or first[name].shape != second[name].shape
        or distance(first[name], second[name]) > TOLERANCE
    ]
    if differing:
        raise ActvizError(
            "the network answers differently when asked twice: it keeps state between calls or draws random numbers "
            "(F.dropout needs training=self.training). Make its forward depend on its input only."
        )
    reaching = reaches(network, images)
    if not all(map(torch.equal, drawn, random_state(images.device))):
        raise ActvizError(
            "the network draws random numbers when it is asked, so that no picture could be made again "
            "(F.dropout needs training=self.training). Make its forward depend on its input only."
        )
    if not reaching:
        raise ActvizError(
            "no gradient passes from the network's answer to the picture: "
            "remove torch.no_grad(), detach() and .data from its forward."
        )


def random_state(device: torch.device) -> list[Tensor]:
    """Of the generators that a forward pass draws from where it names none."""
    there = [torch.default_generator.get_state()]
    return there + ([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])


def distance(first: Tensor, second: Tensor) -> float:
    """The largest difference, as a share of the largest number."""
    first, second = first.float(), second.float()
    return float((first - second).abs().max() / first.abs().max().clamp(min=1e-12))


@torch.no_grad()
def answered(network: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """The network's answers by place."""
    try:
        return numbers_of(network(images))
    except Exception as problem:  # of somebody's forward nearly anything can be raised
        if is_out_of_memory(problem):
            raise
        raise refused(network, images, problem) from problem


def numbers_of(output: object) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in parts(output) if tensor.numel()}


def refused(network: nn.Module, images: Tensor, problem: Exception) -> ActvizError:
    """Why the network could not answer, with the input that it takes where one can be found."""
    channels, height, width = images.shape[1:]
    if re.search(r"missing \d+ required positional argument", str(problem)):
        return ActvizError(
            f"the network wants more than one input ({problem}); "
            "wrap it in a module whose forward takes the pictures only."
        )
    asked = f"the network cannot take pictures of {channels} channels and {height} x {width} px"
    for count in sorted(CHANNELS, key=lambda count: count != channels):
        for side in SIDES if count == channels else (height,):
            like = images.new_zeros(1, count, side, side if count == channels else width)
            if takes(network, like):
                size = f"It takes {side} x {side}: say so with size={side} (--input-size {side})."
                numbers = f"{count} number{'s' * (count > 1)}"
                statistics = f"It takes {count}: give a mean and a std of {numbers} each (--mean, --std)."
                return ActvizError(f"{asked}. {size if count == channels else statistics}")
    line = next(iter(str(problem).splitlines()), "")[:200]
    return ActvizError(
        f"{asked} ({type(problem).__name__}: {line}). "
        "Say what it takes with size, mean and std (--input-size, --mean, --std)."
    )


def takes(network: Callable[[Tensor], object], images: Tensor) -> bool:
    """Whether it answers at all; memory that runs out is no answer."""
    try:
        with torch.no_grad():
            network(images)
    except Exception as problem:
        if is_out_of_memory(problem):
            raise
        return False
    return True


def reaches(network: nn.Module, images: Tensor) -> bool:
    """Whether the picture has a gradient: of the network's answer, or of any layer where that is no floating point."""
    images, touched = images.detach().clone().requires_grad_(), []

    def leave(_module: nn.Module, _inputs: tuple, output: object) -> None:
        touched.extend(tensor.requires_grad for _, tensor in parts(output))

    handles = [module.register_forward_hook(leave) for module in network.modules()]
    try:
        with torch.enable_grad():
            found = [tensor for _, tensor in parts(network(images)) if tensor.is_floating_point() and tensor.numel()]
    finally:
        for handle in handles:
            handle.remove()
    usable = [tensor for tensor in found if tensor.requires_grad]
    if not usable:
        return not found and any(touched)
    return torch.autograd.grad([tensor.sum() for tensor in usable], images, allow_unused=True)[0] is not None
