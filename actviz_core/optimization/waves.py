"""Waves: pictures as sums of them, how strong each is, and the spectrum of photographs.

A half spectrum is [h, w // 2 + 1]: what the Fourier transform of a real picture holds.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import ActvizError
from ..sums import each

# Lucid divides Fourier images by four; kept, so that the published learning rate 0.05 means the same here.
FOURIER_CONTRAST = 0.25


def spectrum_of(photographs: Iterable[np.ndarray]) -> tuple[float, ...]:
    """Mean strength of the waves at 1, 2, 4, ... cycles per image, relative to the first.

    Over photographs uint8 [h, w, 3].
    """
    totals = []
    for photograph in photographs:
        grey = torch.tensor(photograph).float().mean(-1)[None, None]
        square = F.interpolate(grey, (256, 256), mode="bilinear", antialias=True)
        strength = torch.fft.rfft2(square - square.mean())[0, 0].abs()
        octave = cycles(256, 256, strength.device).clamp(min=1).log2().round()
        totals.append([strength[octave == k].mean().item() for k in range(8)])
    mean = np.mean(totals, axis=0)
    if not mean.all():
        raise ActvizError("the photographs are blank: they have no spectrum to keep.")
    return tuple(float(value / mean[0]) for value in mean)


def summed_waves(spectrum: Tensor, height: int, width: int) -> Tensor:
    """The picture [n, 3, h, w] of a half spectrum that is free, as one of a picture is not.

    Columns 0 and Nyquist count only as far as they are.
    """
    if spectrum.device.type == "cpu":
        return torch.fft.irfft2(spectrum, s=(height, width), norm="ortho")  # leaves out the rest by itself
    return in_two_steps(spectrum, width)


def in_two_steps(spectrum: Tensor, width: int) -> Tensor:
    """The same where the transform makes something else of what no picture has.

    Down the columns, then along rows with real ends.
    """
    columns = torch.view_as_real(torch.fft.ifft(spectrum, dim=2, norm="ortho")) * real_ends(width, spectrum.device)
    return torch.fft.irfft(torch.view_as_complex(columns), n=width, norm="ortho")


@lru_cache(maxsize=32)
def real_ends(width: int, device: torch.device) -> Tensor:
    """[w // 2 + 1, 2]: 0 for the imaginary parts of columns 0 and Nyquist, 1 for everything else."""
    ends = torch.ones(width // 2 + 1, 2, device=device)
    ends[0, 1] = 0
    if width % 2 == 0:
        ends[-1, 1] = 0
    return ends


@lru_cache(maxsize=32)
def cycles(height: int, width: int, device: torch.device) -> Tensor:
    """Frequency of each entry of a half spectrum [h, w // 2 + 1], in cycles per longer side."""
    rows = torch.fft.fftfreq(height, device=device)[:, None]
    columns = torch.fft.rfftfreq(width, device=device)
    return torch.hypot(rows, columns) * max(height, width)


@lru_cache(maxsize=32)
def wave_scale(decay: float, height: int, width: int, device: torch.device) -> Tensor:
    frequencies = cycles(height, width, device).clamp(min=1)
    return FOURIER_CONTRAST * max(height, width) / each(lambda values: values**decay, frequencies[None])[0]


@lru_cache(maxsize=32)
def strength_of(spectrum: tuple[float, ...], height: int, width: int, device: torch.device) -> Tensor:
    """The strength of each wave, between what the spectrum says of its neighbouring octaves."""
    frequencies = cycles(height, width, device).clamp(min=1)
    if not spectrum:
        return 1 / frequencies
    octave = each(torch.log2, frequencies[None])[0].clamp(max=len(spectrum) - 1)
    law = torch.tensor(spectrum, device=device).clamp(min=1e-9).log()
    low = octave.floor().long()
    high = (low + 1).clamp(max=len(spectrum) - 1)
    return each(torch.exp, torch.lerp(law[low], law[high], octave - low)[None])[0]


def moved_spectrum(parameters: Tensor, size: tuple[int, int], new: tuple[int, int]) -> Tensor:
    """The waves [n, 3, h, w // 2 + 1, k] that both sizes share; waves that only the new size has start at zero."""
    rows, columns = min(size[0], new[0]), min(size[1], new[1]) // 2 + 1
    moved = parameters.new_zeros(*parameters.shape[:2], new[0], new[1] // 2 + 1, *parameters.shape[4:])
    top, bottom = (rows + 1) // 2, rows // 2
    moved[:, :, :top, :columns] = parameters[:, :, :top, :columns]
    if bottom:
        moved[:, :, -bottom:, :columns] = parameters[:, :, -bottom:, :columns]
    return moved
