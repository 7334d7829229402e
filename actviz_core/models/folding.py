"""Folding: the same network with less to do.

A batch norm behind a convolution is another convolution: one pass over memory less in each direction.
"""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from ..machine import full_precision, is_out_of_memory
from .copies import copied
from .outputs import parts

log = logging.getLogger(__name__)

BatchNorm = nn.modules.batchnorm._BatchNorm
TOLERANCE = 1e-3  # of the largest number that a layer answers; what was read wrongly misses it by far
SAMPLE = 512  # numbers of an answer that are compared

Answers = dict[tuple[str, int, str], Tensor]  # some numbers of each tensor, by module, call and place in its output


@dataclass(frozen=True, eq=False)
class Folded:
    """A network that answers like another, but for the modules named.

    These show something that took in a batch norm.
    """

    network: nn.Module
    changed: frozenset[str] = frozenset()

    def shows(self, names: Iterable[str]) -> bool:
        """Whether all these modules answer as they do in the other network."""
        return self.changed.isdisjoint(names)


@torch.inference_mode(False)
@torch.no_grad()
def folded(network: nn.Module, images: Tensor) -> Folded:
    """A copy of a frozen network that shares its other weights.

    It is the network itself where nothing can be gained, or anything fails.

    images  normalized; every module of the two is compared on them
    """
    if not any(isinstance(module, BatchNorm) for module in network.modules()):
        return Folded(network)
    try:
        with full_precision():
            return fold(network, images)
    except Exception as problem:  # of somebody's network nearly anything can be raised, and as it is it is right
        if is_out_of_memory(problem):
            raise
        log.warning(
            "the network is used with its batch norms as they are, which takes longer: %s: %s",
            type(problem).__name__,
            problem,
        )
        return Folded(network)


def fold(network: nn.Module, images: Tensor) -> Folded:
    with pairing(network) as pairs:
        known = answers(network, images)
    pairs = dict(pairs())
    if not pairs:
        return Folded(network)
    twin = sharing(network)
    for convolution, norm in pairs.items():
        before, behind = cast(nn.Conv2d, twin.get_submodule(convolution)), cast(BatchNorm, twin.get_submodule(norm))
        twin.set_submodule(convolution, fuse_conv_bn_eval(before, behind))
        # What a norm of timm does afterwards, its activation, keeps its name.
        twin.set_submodule(norm, nn.Sequential(OrderedDict(behind.named_children())))
    # Not only the convolutions: a block that ends with one answers with the same tensor, or with a part of it.
    after = answers(twin, images)
    changed = {path for path, call, part in known if not alike(known[path, call, part], after.get((path, call, part)))}
    if "" in changed:
        log.warning(
            "the network is used with its batch norms as they are, which takes longer: folded it answers otherwise"
        )
        return Folded(network)
    return Folded(twin, frozenset(changed | pairs.keys()))


def answers(network: nn.Module, images: Tensor) -> Answers:
    """Some numbers of what each module answers, the network itself under ""."""
    found, calls = {}, Counter()

    def leave(path: str, _module: nn.Module, _inputs: tuple, output: object) -> None:
        calls[path] += 1
        for part, tensor in parts(output):
            found[path, calls[path], part] = sample(tensor)

    handles = [module.register_forward_hook(partial(leave, path)) for path, module in network.named_modules()]
    try:
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return found


def sample(tensor: Tensor) -> Tensor:
    return tensor[places(tuple(tensor.shape))] if tensor.numel() > SAMPLE else tensor.clone()


@cache
def places(shape: tuple[int, ...]) -> tuple[Tensor, ...]:
    rng = torch.Generator().manual_seed(0)
    return tuple(torch.randint(size, (SAMPLE,), generator=rng) for size in shape)


def alike(first: Tensor, second: Tensor | None) -> bool:
    """Whether two answers are the same but for rounding."""
    if second is None or first.shape != second.shape:
        return False
    if not first.is_floating_point() or not first.numel():
        return torch.equal(first, second)
    return bool((first - second).abs().max() <= TOLERANCE * first.abs().max())


def sharing(network: nn.Module) -> nn.Module:
    """A copy that shares the weights."""
    return copied(network, (*network.parameters(), *network.buffers()))


@torch.inference_mode(False)
def in_16_bits(network: nn.Module) -> nn.Module:
    """For autocast: convolutions and products hold their weights in 16 bits from now on.

    Else autocast makes them so in each pass.
    """
    for module in network.modules():
        if type(module).forward in (nn.Conv2d.forward, nn.Linear.forward):
            for name, weights in list(module.named_parameters(recurse=False)):
                setattr(module, name, nn.Parameter(weights.to(torch.bfloat16), requires_grad=False))
    return network


@contextmanager
def pairing(network: nn.Module) -> Iterator[Callable[[], Iterator[tuple[str, str]]]]:
    """Watches a pass; afterwards a call gives (convolution, batch norm) by name.

    Only where both ran once and one directly behind the other.
    """
    names = {module: name for name, module in network.named_modules()}
    calls, followed, handles = Counter(), [], []

    def convolved(module: nn.Module, _inputs: tuple, output: Tensor) -> None:
        calls[module] += 1
        mark = module, output._version
        output.convolution = mark  # pyright: ignore[reportAttributeAccessIssue]  # for as long as the tensor lives

    def normalizing(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        calls[module] += 1
        convolution, version = getattr(inputs[0], "convolution", (None, None))
        if convolution is not None and inputs[0]._version == version:
            followed.append((convolution, module))

    for module in names:
        if isinstance(module, nn.Conv2d):
            handles.append(module.register_forward_hook(convolved))
        elif isinstance(module, BatchNorm) and module.track_running_stats:
            handles.append(module.register_forward_pre_hook(normalizing))
    try:
        yield lambda: ((names[c], names[n]) for c, n in followed if calls[c] == calls[n] == 1)
    finally:
        for handle in handles:
            handle.remove()
