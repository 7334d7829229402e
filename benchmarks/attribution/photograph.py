"""What is explained: a photograph of a cat, and the network with ReLU in place of ReLU6."""

import copy

from PIL import Image
from skimage import data
from torch import Tensor, nn
from torchvision.transforms.v2.functional import pil_to_tensor

from actviz_core import Model

from ..networks import MEAN, STD, lite0
from ..targets import SIZE

LABEL = 285  # Egyptian cat, what the network says
LAYER = "bn2"  # the last maps with positions, behind the ReLU6


def photograph() -> Tensor:
    """[1, 3, 224, 224] in [0, 1]: the middle of scikit-image's cat."""
    whole = Image.fromarray(data.chelsea())
    side, left, top = min(whole.size), (whole.width - min(whole.size)) // 2, (whole.height - min(whole.size)) // 2
    framed = whole.crop((left, top, left + side, top + side)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    return pil_to_tensor(framed)[None] / 255


def with_relus() -> nn.Module:
    """The network whose ReLU6 are ReLU, which is what captum and grad-cam guide."""
    network = copy.deepcopy(lite0()).eval()
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU6):
                setattr(module, name, nn.ReLU())
    return network


def ours_with_relus() -> Model:
    return Model.of(with_relus(), SIZE, (MEAN,) * 3, (STD,) * 3, name="lite0 with ReLU", device="cpu")


def normalized(images: Tensor) -> Tensor:
    return (images - MEAN) / STD
