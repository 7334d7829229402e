"""dreamlens: `FeatureVisualizer.maximize` with its default RenderConfig."""

import numpy as np
from dreamlens import FeatureTarget, FeatureVisualizer, RenderConfig
from torch import nn

from ..networks import Normalized
from ..targets import SIZE

ITERATIONS = 120


def render(network: nn.Module, layer: str, channel: int, iterations: int) -> np.ndarray:
    visualizer = FeatureVisualizer(
        Normalized(network), quiet=True, normalize=False
    )  # its own normalization is ImageNet's
    target = FeatureTarget.for_channel(layer, channel)
    result = visualizer.maximize(target, RenderConfig(width=SIZE, height=SIZE, steps=iterations))
    return result.image.as_hwc().numpy()
