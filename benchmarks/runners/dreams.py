"""torch-dreams: `Dreamer.render` with its defaults."""

import numpy as np
from torch import nn
from torch_dreams import Dreamer
from torchvision.transforms import Normalize

from ..networks import MEAN, STD
from ..targets import SIZE

ITERATIONS = 120


def render(network: nn.Module, layer: str, channel: int, iterations: int) -> np.ndarray:
    dreamer = Dreamer(network, quiet=True, device="cpu")
    dreamer.set_custom_normalization(Normalize([MEAN] * 3, [STD] * 3))  # undoes ImageNet's first
    image = dreamer.render(
        layers=[network.get_submodule(layer)],
        width=SIZE,
        height=SIZE,
        iters=iterations,
        custom_func=lambda outputs: -outputs[0][:, channel].mean(),
    )
    return image.to_hwc_tensor().numpy()
