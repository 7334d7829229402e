"""Sums and functions of numbers that come out the same, bit for bit, whatever the number of threads and of pictures.

torch cuts a sum of more than 32,768 numbers into one part for each thread. And where it cuts a tensor, the last numbers of each part
go through other code than the rest: an exponential may differ there in its last bit. That is so on a CPU; elsewhere one kernel does it all.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

GRAIN = 32_768  # numbers that torch leaves to one thread


def total(values: Tensor) -> Tensor:
    """[n, ...] -> [n]: axis by axis, the last one first."""
    if values.device.type != "cpu":
        return values.flatten(1).sum(1)
    while values.dim() > 1:
        values = values.sum(-1)
    return values


def mean(values: Tensor) -> Tensor:
    """[n, ...] -> [n]."""
    return total(values) / values[0].numel()


def root_mean_square(values: Tensor) -> Tensor:
    """[n, ...] -> [n]."""
    if values.device.type != "cpu":
        return torch.linalg.vector_norm(values.flatten(1), dim=1) / math.sqrt(values[0].numel())
    return mean(values.square()).sqrt()


def spread(numbers: Tensor, like: Tensor) -> Tensor:
    """[n] -> the shape of `like`; backward it is `total`."""
    for size in like.shape[1:]:
        numbers = numbers.unsqueeze(-1).expand(*numbers.shape, size)
    return numbers


def each(function: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
    """A function of single numbers, of so few of one picture [n, ...] at a time that no thread shares them."""
    if values.device.type != "cpu":
        return function(values)
    pieces = [piece for picture in values.flatten(1) for piece in picture.split(GRAIN)]
    return torch.cat([function(piece) for piece in pieces]).view(values.shape)
