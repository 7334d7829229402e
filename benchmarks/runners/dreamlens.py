"""dreamlens: `FeatureVisualizer.maximize` with its default RenderConfig."""

from dreamlens import FeatureTarget, FeatureVisualizer, RenderConfig

from ..networks import Normalized
from ..targets import SIZE

ITERATIONS = 120


def render(network, layer, channel, iterations):
    visualizer = FeatureVisualizer(
        Normalized(network), quiet=True, normalize=False
    )  # its own normalization is ImageNet's
    target = FeatureTarget.for_channel(layer, channel)
    result = visualizer.maximize(target, RenderConfig(width=SIZE, height=SIZE, steps=iterations))
    return result.image.as_hwc().numpy()
