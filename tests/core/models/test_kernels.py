"""Every layer answers the same, bit for bit, whatever the number of threads and whatever pictures stand beside one.

In one process: torch.set_num_threads changes the kernels and the cutting of sums as OMP_NUM_THREADS does.
"""

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from actviz_core.models import kernels
from actviz_core.models.kernels import pin

THREADS = (2, 3, 8)
SEVERAL = (2, 8)  # pictures; no more go through a network together on a CPU
LITE = "efficientnet_lite0"


class Calls:
    """What went into each call of the modules that hold no others, and what came out."""

    def __init__(self, network: nn.Module, images: torch.Tensor):
        self.found, self.kinds = [], set()
        leaves = {name: module for name, module in network.named_modules() if not list(module.children())}
        handles = [module.register_forward_hook(self.noting(name)) for name, module in leaves.items()]
        with torch.no_grad():
            network(images)
        for handle in handles:
            handle.remove()

    def noting(self, name):
        def note(module, inputs, output):
            # Of modules that are alike one is enough.
            kind = repr(module), [tuple(value.shape) for value in inputs], getattr(module, "bias", None) is None
            if len(inputs) == 1 and isinstance(output, torch.Tensor) and str(kind) not in self.kinds:
                self.kinds.add(str(kind))
                self.found.append(
                    (
                        name,
                        module,
                        inputs[0].clone(),
                        torch.randn(output.shape, generator=torch.Generator().manual_seed(0)),
                    )
                )

        return note


def both_ways(module, inputs, gradient):
    """What a module answers, and the gradient of its input."""
    inputs = inputs.clone().requires_grad_()
    answer = module(inputs)
    return answer.detach(), torch.autograd.grad(answer, inputs, gradient)[0]


def first_that_differs(network: nn.Module, images: torch.Tensor) -> str:
    """Name, threads, pictures and direction of the first module that depends on threads or on the pictures beside one.

    "" if none does.
    """
    for name, module, inputs, gradient in Calls(network, images).found:
        torch.set_num_threads(1)
        alone = {
            place: both_ways(module, inputs[place : place + 1], gradient[place : place + 1]) for place in (0, 1, 7)
        }
        for count, threads in (
            *((1, threads) for threads in THREADS),
            *((count, threads) for count in SEVERAL for threads in (1, 3)),
        ):
            torch.set_num_threads(threads)
            found = both_ways(module, inputs[:count], gradient[:count])
            for place in {0, count - 1}:
                for direction, ours, expected in zip(("forward", "backward"), found, alone[place], strict=True):
                    if not torch.equal(ours[place], expected[0]):
                        return f"{name}, {threads} threads, {count} pictures, {direction}"
    return ""


@pytest.mark.parametrize(
    "name, size, folded",
    [
        (LITE, (96, 96), True),
        (LITE, (128, 128), True),
        (LITE, (88, 152), False),
        ("efficientnet_lite1", (64, 64), True),
        ("efficientnet_lite2", (64, 96), True),
        ("resnet18", (64, 120), True),
    ],
)
def test_no_layer_depends_on_threads_or_company(loaded, name, size, folded, rng):
    model = loaded(name)
    network = model.folded.network if folded else model.network
    assert first_that_differs(network, torch.randn(max(SEVERAL), 3, *size, generator=rng)) == ""


def test_the_guard_names_the_layer(rng):
    """As torch has it.

    Of one pixel, by another kernel for two threads than for one; of small inputs for two pictures than for one.
    """
    with torch.random.fork_rng():
        network = nn.Sequential(nn.ReLU(), nn.Conv2d(40, 240, 1), nn.Conv2d(240, 40, 1)).requires_grad_(False)
    images = torch.randn(max(SEVERAL), 40, 12, 12, generator=rng)
    assert first_that_differs(network, images).startswith(("1, ", "2, "))
    pin(network)
    assert first_that_differs(network, images) == ""
    assert type(network[1]).__name__ == "Conv2d" and set(network.state_dict()) == {
        "1.weight",
        "1.bias",
        "2.weight",
        "2.bias",
    }


@pytest.mark.parametrize(
    "change",
    [lambda c: nn.utils.weight_norm(c), lambda c: prune.l1_unstructured(c, "weight", 0.5)],
    ids=["normed", "pruned"],
)
@pytest.mark.filterwarnings("ignore:.*weight_norm")
def test_weights_that_are_made_in_each_pass_are_left_alone(change, rng):
    with torch.random.fork_rng():
        network = nn.Sequential(change(nn.Conv2d(3, 4, 3)))
    images = torch.randn(1, 3, 8, 8, generator=rng)
    before = network(images)
    pin(network)
    assert torch.equal(network(images), before)


def test_weights_that_change_are_packed_anew(rng):
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False)).requires_grad_(False)
    pin(network)
    images = torch.randn(1, 3, 8, 8, generator=rng)
    before = network(images)
    network[0].weight.mul_(2)
    torch.testing.assert_close(network(images), 2 * before)


def test_weights_are_laid_out_once_for_each_shape_and_number_of_threads(rng):
    """And for the last few only: a layer does not fill the memory."""
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3)).requires_grad_(False)
    pin(network)
    for size in (8, 9, 10, 11, 12, 12):
        network(torch.randn(1, 3, size, size, generator=rng))
    _, _, found = network[0].kept
    assert [shape[2] for _, _, shape, _ in found] == [9, 10, 11, 12]
    torch.set_num_threads(2)
    network(torch.randn(1, 3, 12, 12, generator=rng))
    assert len(network[0].kept[2]) == 4 and list(network[0].kept[2])[-1][3] == 2


def test_where_the_kernel_has_no_16_bits_torchs_own_is_taken(rng, monkeypatch):
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 5)).requires_grad_(False)
    images = torch.randn(1, 3, 8, 8, generator=rng)
    with torch.autocast("cpu", torch.bfloat16):
        before = network(images)
        pin(network)
        monkeypatch.setattr(kernels, "IN_16_BITS", False)
        assert torch.equal(network(images), before)
