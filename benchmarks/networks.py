"""The networks as a user gets them: nothing frozen, folded or stopped. Our own tool loads its own by the same name."""

import timm
import torch
import torchvision
from torch import Tensor, nn

from actviz_core import load_model

MEAN = STD = 0.5  # EfficientNet-Lite0's own; the untrained networks do not care


class Normalized(nn.Module):
    """Takes images in [0, 1]. Hands through the layers of the body under their own names."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, images: Tensor) -> Tensor:
        return self.body((images - MEAN) / STD)

    def get_submodule(self, target: str) -> nn.Module:
        return self.body.get_submodule(target)


def lite0() -> nn.Module:
    network = timm.create_model("tf_efficientnet_lite0")
    network.load_state_dict(load_model("efficientnet_lite0", device="cpu").network.state_dict())
    return network


NETWORKS = {
    "efficientnet_lite0": lite0,
    "vgg16": torchvision.models.vgg16,
    "resnet50": torchvision.models.resnet50,
}


def build(name: str) -> nn.Module:
    """Normalized images -> logits, in evaluation mode."""
    torch.manual_seed(0)
    return NETWORKS[name]().eval()
