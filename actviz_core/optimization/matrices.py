"""Matrices [n, 3, 3] from the places of a view to those of a picture, in (column, row, 1) pixels from the centre."""

import torch
from torch import Tensor


def affine(
    n: int,
    rng: torch.Generator,
    scale: Tensor | None = None,
    angle: Tensor | None = None,
    column: Tensor | None = None,
    row: Tensor | None = None,
) -> Tensor:
    """n matrices [n, 3, 3] that scale, turn (radians) and shift (pixels); the identity where nothing is given."""
    scale = torch.ones(n, device=rng.device) if scale is None else scale
    angle = torch.zeros(n, device=rng.device) if angle is None else angle
    matrices = torch.zeros(n, 3, 3, device=rng.device)
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    matrices[:, 0, 0], matrices[:, 0, 1] = cosine, -sine
    matrices[:, 1, 0], matrices[:, 1, 1] = sine, cosine
    matrices[:, 2, 2] = 1
    if column is not None and row is not None:
        matrices[:, 0, 2], matrices[:, 1, 2] = column, row
    return matrices


def placed(matrices: Tensor, size: tuple[int, int], border: int) -> tuple[Tensor, tuple[int, int]]:
    """Matrices in pixels from the centre as affine_grid wants them, and the size of the views with a border."""
    height, width = size
    wide, high = width + 2 * border, height + 2 * border
    to_pixels, from_pixels = torch.tensor([wide / 2, high / 2, 1.0]), torch.tensor([2 / width, 2 / height])
    return matrices[:, :2] * to_pixels * from_pixels[:, None], (high, wide)
