"""Sums and functions are the same, bit for bit, whatever the number of threads and whatever stands beside."""

import pytest
import torch

from actviz_core.sums import GRAIN, each, mean, spread, total
from tests.core.models.test_kernels import THREADS


@pytest.mark.parametrize("shape", [(1, 3, 224, 224), (2, 3, 97, 131), (1, 700, 90)])
def test_sums_do_not_depend_on_threads_or_company(shape, rng):
    values = torch.randn(shape, generator=rng)
    torch.set_num_threads(1)
    first = total(values)
    torch.testing.assert_close(first, values.flatten(1).sum(1), rtol=1e-3, atol=1e-2)
    torch.testing.assert_close(mean(values), first / values[0].numel())
    numbers = torch.ones(len(values), requires_grad=True)
    for threads in (1, *THREADS):
        torch.set_num_threads(threads)
        assert torch.equal(total(torch.cat([values, values]))[: len(values)], first) and torch.equal(
            total(values), first
        )
        assert torch.equal(torch.autograd.grad(spread(numbers, values), numbers, values)[0], first)


@pytest.mark.parametrize("function", [torch.sigmoid, torch.sin, torch.exp], ids=lambda function: function.__name__)
def test_functions_of_each_number_do_not_depend_on_threads_or_company(function, rng):
    values = torch.randn(3, 5 * GRAIN // 3 + 7, generator=rng)
    torch.set_num_threads(1)
    first = each(function, values)
    torch.testing.assert_close(first, function(values))
    for threads in (1, *THREADS):
        torch.set_num_threads(threads)
        assert torch.equal(each(function, values), first) and torch.equal(each(function, values[2:]), first[2:])
