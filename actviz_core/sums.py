"""Sums and functions of numbers that come out the same, bit for bit, whatever the number of threads and of pictures.

torch cuts a sum of more than 32,768 numbers into one part for each thread. And where it cuts a tensor, the last numbers
of each part go through other code than the rest: an exponential may differ there in its last bit. That is so on a CPU;
elsewhere one kernel does it all.
"""

import math
from collections.abc import Callable
from typing import Protocol

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

GRAIN = 32_768  # numbers that torch leaves to one thread


def total(values: Float[Tensor, " n *axes"]) -> Float[Tensor, " n"]:
    """Axis by axis, the last one first."""
    if values.device.type != "cpu":
        return values.flatten(1).sum(1)
    while values.dim() > 1:
        values = values.sum(-1)
    return values


def mean(values: Float[Tensor, " n *axes"]) -> Float[Tensor, " n"]:
    """Over all but the first axis."""
    return total(values) / values[0].numel()


def root_mean_square(values: Float[Tensor, " n *axes"]) -> Float[Tensor, " n"]:
    """Over all but the first axis."""
    if values.device.type != "cpu":
        return torch.linalg.vector_norm(values.flatten(1), dim=1) / math.sqrt(values[0].numel())
    return mean(values.square()).sqrt()


def spread(numbers: Float[Tensor, " n"], like: Float[Tensor, " n *axes"]) -> Float[Tensor, " n *axes"]:
    """Each number all over the shape of `like`; backward it is `total`."""
    for size in like.shape[1:]:
        numbers = numbers.unsqueeze(-1).expand(*numbers.shape, size)
    return numbers


def each(function: Callable[[Tensor], Tensor], values: Shaped[Tensor, " n *axes"]) -> Shaped[Tensor, " n *axes"]:
    """A function of single numbers, of so few of one picture at a time that no thread shares them."""
    if values.device.type != "cpu":
        return function(values)
    pieces = [piece for picture in values.flatten(1) for piece in picture.split(GRAIN)]
    return torch.cat([function(piece) for piece in pieces]).view(values.shape)


def mix(matrix: Float[Tensor, "k k"], images: Float[Tensor, "n k h w"]) -> Float[Tensor, "n k h w"]:
    """Channels of pictures mixed by a matrix.

    The product of a library is cut by threads on some processors.
    """
    return Mix.apply(matrix, images) if images.device.type == "cpu" else torch.einsum("ij,njhw->nihw", matrix, images)


class MixContext(Protocol):
    matrix: Tensor


class Mix(torch.autograd.Function):
    """Of automatic gradients each would be a kernel of its own."""

    @staticmethod
    def forward(ctx: MixContext, matrix: Tensor, images: Tensor) -> Tensor:
        ctx.matrix = matrix
        return weighted(matrix, images)

    @staticmethod
    def backward(ctx: MixContext, gradient: Tensor) -> tuple[None, Tensor]:
        return None, weighted(ctx.matrix.t(), gradient)


def weighted(matrix: Tensor, images: Tensor) -> Tensor:
    columns = matrix.t()[:, :, None, None]
    found = images[:, :1] * columns[0]
    for channel in range(1, len(matrix)):
        found = torch.addcmul(found, images[:, channel : channel + 1], columns[channel])
    return found
