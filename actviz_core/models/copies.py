"""A copy of a network that nobody else holds: what people hand over stays as it is, and is never changed by us."""

import copy
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

# What a module is made of, besides its plain attributes.
PARTS = ("_parameters", "_buffers", "_modules")


@torch.inference_mode(False)
@torch.no_grad()
def copied(network: nn.Module, shared: Iterable[Tensor] = ()) -> nn.Module:
    """A deep copy without gradients.

    Tensors in `shared` are the same in both, and so is what cannot be copied, as locks and files.
    """
    network = bare(network)
    known: dict[int, object] = {id(tensor): tensor for tensor in shared}
    kept = set(known)
    known |= {
        id(value): value.detach().clone()
        for value in attributes(network)
        if isinstance(value, Tensor) and value.grad_fn is not None
    }
    try:
        twin = copy.deepcopy(network, dict(known))
    except Exception:  # any attribute may refuse, in a way of its own
        known |= {id(value): value for value in attributes(network) if not can_be_copied(value, known)}
        twin = copy.deepcopy(network, dict(known))
    for parameter in twin.parameters():
        if id(parameter) not in kept:
            parameter.grad = None
    return twin


def bare(network: nn.Module) -> nn.Module:
    """Without what only trains or compiles it: DataParallel, torch.compile."""
    while True:
        inner = getattr(network, "_orig_mod", network.module if isinstance(network, nn.DataParallel) else None)
        if not isinstance(inner, nn.Module):
            return network
        network = inner


def attributes(network: nn.Module) -> Iterator[object]:
    """The values of all modules' plain attributes."""
    for module in network.modules():
        yield from (value for name, value in vars(module).items() if name not in PARTS)


def can_be_copied(value: object, known: dict[int, object]) -> bool:
    try:
        copy.deepcopy(value, dict(known))
    except Exception:
        return False
    return True
