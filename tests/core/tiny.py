"""A network so small that its activations can be computed beside it, with what goes wrong in real ones: a ReLU that is
used twice and works in place, a sum in place, rows and columns that differ."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from actviz_core.models.model import Model


class Tiny(nn.Module):
    """conv1, relu, conv2, += , relu again, pool, mean, fc; `behind` counts how often the pool was computed."""

    def __init__(self, channels: int = 3, classes: int = 5):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout()
        self.fc = nn.Linear(4, classes)
        self.unused = nn.Linear(4, 4)
        self.behind = 0

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.conv1(x))
        y = self.conv2(x)
        y += x
        y = self.pool(self.relu(y))
        self.behind += 1
        return self.fc(self.dropout(y.mean((2, 3))))


def tiny_model(channels: int = 3, classes: int = 5) -> Model:
    """The tiny network with the same weights each time, for images of 12 x 16; other sizes are fine."""
    network = Tiny(channels, classes).eval().requires_grad_(False)
    rng = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        parameter.copy_(torch.rand(parameter.shape, generator=rng) - 0.4)
    mean, std = ((0.5, 0.4, 0.3), (0.2, 0.25, 0.4)) if channels == 3 else ((0.5,), (0.25,))
    labels = ("ant", "bee", "cat", "dog", "eel")
    return Model("tiny", network, mean, std, 12, 16, labels if classes == 5 else ())


def tiny_images(count: int = 2, height: int = 12, width: int = 16) -> Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(1))


def reference(model: Model, images: Tensor) -> dict[str, Tensor]:
    """What each layer of the tiny colour network must answer, computed without it."""
    network = model.network
    x = torch.stack([(images[:, c] - model.mean[c]) / model.std[c] for c in range(3)], 1)
    conv1 = F.conv2d(x, network.conv1.weight, network.conv1.bias, padding=1)
    relu = conv1.clamp(min=0)
    conv2 = F.conv2d(relu, network.conv2.weight, network.conv2.bias, padding=1)
    again = (conv2 + relu).clamp(min=0)
    pool = F.max_pool2d(again, 2)
    logits = (pool.mean((2, 3)) @ network.fc.weight.T + network.fc.bias)[:, :, None, None]
    return {"conv1": conv1, "relu": relu, "conv2": conv2, "relu@2": again, "pool": pool, "fc": logits, "output": logits}


class Answering(nn.Module):
    """Answers with what `answer` makes of five logits, the four means that these come from, and the maps of these."""

    def __init__(self, answer):
        super().__init__()
        self.conv, self.relu, self.fc, self.answer = nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Linear(4, 5), answer

    def forward(self, x: Tensor):
        maps = self.relu(self.conv(x))
        means = maps.mean((2, 3))
        return self.answer(self.fc(means), means, maps)
