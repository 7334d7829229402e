import pytest
import torch
import torch.nn.functional as F
from torch import nn

from actviz_core import Adam, Channel, Hyperparams, PixelImage, Spec, optimize
from actviz_core.models.model import Model
from actviz_core.models.redirected_relu import redirected_relus

RELUS = {
    "F.relu": F.relu,
    "torch.relu": torch.relu,
    "Tensor.relu": torch.Tensor.relu,
    "nn.ReLU": nn.ReLU(),
    "nn.ReLU in place": lambda x: nn.ReLU(inplace=True)(x * 1),
    "nn.ReLU6": nn.ReLU6(),
    "F.relu6": F.relu6,
    "F.hardtanh": lambda x: F.hardtanh(x, 0.0, 6.0),
    "F.hardtanh by name": lambda x: F.hardtanh(x, min_val=0.0, max_val=6.0),
}


def gradient(relu, inputs, weights, on=True):
    """The output, and what the loss, minus the weighted output, makes of the score's gradient."""
    inputs = torch.tensor(inputs).requires_grad_()
    with redirected_relus(on):
        output = relu(inputs)
    (-output * torch.tensor(weights)).sum().backward()
    return output.detach(), -inputs.grad


@pytest.mark.parametrize("relu", RELUS.values(), ids=RELUS)
def test_decided_for_each_image_by_itself(relu):
    inputs = [[-1.0, 2.0, -3.0], [-1.0, -2.0, -3.0]]  # the first image is alive, the second dead
    output, found = gradient(relu, inputs, [[1.0, 1.0, 1.0], [1.0, 1.0, -1.0]])
    assert output.tolist() == [[0, 2, 0], [0, 0, 0]]
    # Only what would raise the score passes: the third unit of the dead image had better stay off.
    assert found.tolist() == [[0, 1, 0], [1, 1, 0]]


@pytest.mark.parametrize("relu", RELUS.values(), ids=RELUS)
def test_ordinary_without_redirection(relu):
    output, found = gradient(relu, [[-1.0, 2.0], [-1.0, -2.0]], [[1.0, 1.0], [1.0, 1.0]], on=False)
    assert output.tolist() == [[0, 2], [0, 0]] and found.tolist() == [[0, 1], [0, 0]]


def test_saturated_relu6_passes_what_lowers_it():
    output, found = gradient(F.relu6, [[7.0, 8.0]], [[1.0, -1.0]])
    assert output.tolist() == [[6, 6]] and found.tolist() == [[0, -1]]


def test_an_image_whose_gradient_is_zero_where_it_is_alive_is_dead():
    _, found = gradient(F.relu, [[-1.0, 2.0]], [[1.0, 0.0]])
    assert found.tolist() == [[1, 0]]


def test_other_functions_are_left_alone():
    with redirected_relus(True):
        x = torch.tensor([-2.0, 0.5])
        assert F.hardtanh(x).tolist() == [-1, 0.5] and F.leaky_relu(x).tolist() == pytest.approx([-0.02, 0.5])


def test_nothing_remains_afterwards():
    gradient(F.relu, [[-1.0]], [[1.0]])
    assert gradient(F.relu, [[-1.0]], [[1.0]], on=False)[1].tolist() == [[0]]


class Dead(nn.Module):
    """A ReLU that passes nothing for grey values below .6."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 1)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.conv(x)).mean((2, 3))


def dead_model():
    network = Dead().eval().requires_grad_(False)
    network.conv.weight.fill_(1 / 3)
    network.conv.bias.fill_(-0.6)
    return Model("dead", network, (0.0,) * 3, (1.0,) * 3, 16, 24)


@pytest.mark.parametrize("redirected", [0, 1, 3])
def test_redirection_ends_after_its_iterations(redirected):
    spec = Spec(
        "dead", Channel("relu"), PixelImage(50.0, 0.0), height=16, width=24, iterations=6, redirected=redirected
    )
    frames = list(optimize(dead_model(), spec, Hyperparams(0.5, ())))
    assert [frame.gradient[0] > 0 for frame in frames] == [frame.iteration <= redirected for frame in frames]
    assert all(frame.score == (0,) for frame in frames)


def test_a_dead_picture_comes_alive():
    spec = Spec(
        "dead", Channel("relu"), PixelImage(120.0, 5.0), Adam(0.5), height=16, width=24, iterations=40, redirected=40
    )
    scores = [frame.score[0] for frame in optimize(dead_model(), spec, Hyperparams(3.0, ()))]
    assert scores[0] == 0 and scores[-1] > 0.1
