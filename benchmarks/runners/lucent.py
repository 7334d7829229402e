"""torch-lucent: its standard transforms, Fourier image, Adam .05."""

import kornia
import numpy as np
from lucent.optvis import objectives, param
from lucent.optvis import render as lucent_render
from torch import nn

from ..networks import Normalized
from ..targets import SIZE

ITERATIONS = 512

# Lucent 0.1.8 calls kornia's functions where they were until kornia 0.4.
kornia.get_rotation_matrix2d = kornia.geometry.transform.get_rotation_matrix2d
kornia.warp_affine = kornia.geometry.transform.warp_affine


def render(network: nn.Module, layer: str, channel: int, iterations: int) -> np.ndarray:
    (image,) = lucent_render.render_vis(
        Normalized(network),
        objectives.channel(f"body_{layer.replace('.', '_')}", channel),
        param_f=lambda: param.image(SIZE),
        thresholds=(iterations,),
        preprocess=False,  # its own normalization is ImageNet's
        progress=False,
        show_image=False,
    )
    return image[0]
