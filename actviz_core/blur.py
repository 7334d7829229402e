"""Blur: a Gaussian one, of views, of pictures, and of what stands for an image without its details."""

from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur


def blurred(images: Tensor, sigma: float) -> Tensor:
    """Gaussian blur, reflecting at the edges; the kernel ends at three sigma or at the image's size."""
    radius = min(max(1, round(3 * sigma)), *(side - 1 for side in images.shape[2:]))
    return gaussian_blur(images, [2 * radius + 1, 2 * radius + 1], [max(sigma, 1e-3)] * 2)
