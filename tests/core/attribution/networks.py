"""Small networks with known heads, for the maps at layers."""

import torch
from torch import Tensor, nn

from actviz_core.models.model import Model


class Pooled(nn.Module):
    """conv, norm, ReLU6, mean, dropout, linear, as the packaged networks end.

    `hidden` puts a ReLU behind the mean.
    """

    def __init__(self, hidden: bool = False):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.conv = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.act = nn.ReLU6(inplace=True)
        self.dropout = nn.Dropout()
        self.fc = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 5)) if hidden else nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.norm(self.conv(self.stem(x).relu())))
        return self.fc(self.dropout(x.mean((2, 3))))


class Joined(nn.Module):
    """Two convolutions whose maps are put side by side, as in DenseNet."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.fc = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3, padding=1), nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        return self.fc(torch.cat((x, self.second(x.relu())), 1).relu().mean((2, 3)))


class Transformer(nn.Module):
    """Patches of 4 x 4 px as tokens behind a class token, three blocks of attention, a head that reads that token."""

    def __init__(self, height: int = 12, width: int = 16, shuffled: bool = False):
        super().__init__()
        tokens = height * width // 16
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.token = nn.Parameter(torch.zeros(1, 1, 8))
        self.positions = nn.Parameter(torch.zeros(1, tokens + 1, 8))
        self.blocks = nn.ModuleList(Block() for _ in range(3))
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 5)
        self.order = torch.arange(tokens).flip(0) if shuffled else torch.arange(tokens)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2)[:, self.order]
        x = torch.cat((self.token.expand(len(x), -1, -1), x), 1) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.ask, self.key, self.value = (nn.Linear(8, 8) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x)
        weights = (self.ask(y) @ self.key(y).transpose(1, 2)).softmax(2)
        return x + weights @ self.value(y)


def model_of(network: nn.Module, fixed_size: bool = False) -> Model:
    """The network with the same weights each time, for images of 12 x 16."""
    rng = torch.Generator().manual_seed(0)
    network = network.eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.copy_(torch.rand(parameter.shape, generator=rng) - 0.45)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.copy_(torch.rand(6, generator=rng) - 0.5)
            module.running_var.copy_(torch.rand(6, generator=rng) + 0.5)
    return Model.of(network, (12, 16), (0.5, 0.4, 0.3), (0.2, 0.25, 0.4), device="cpu", fixed_size=fixed_size)
