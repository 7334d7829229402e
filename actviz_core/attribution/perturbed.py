"""Perturbed images: what the score is when parts of an image are replaced by a baseline."""

import torch
from jaxtyping import Float
from torch import Tensor

from .baselines import DRAWS, Baseline
from .subject import Subject, at_once


def fills_of(baseline: Baseline) -> int:
    """How many images stand for that baseline."""
    return {"both": 2, "noise": DRAWS}.get(baseline, 1)


def masks_at_once(subject: Subject, fills: Float[Tensor, "draws n 3 h w"]) -> int:
    """How many masks of each image are to go through the network in one pass."""
    return max(1, at_once(subject) // len(fills))


def masked_scores(
    subject: Subject, fills: Float[Tensor, "draws n 3 h w"], masks: Float[Tensor, "k m h w"]
) -> Float[Tensor, "k n"]:
    """The scores of the images under k masks, the same for all of them (m = 1) or for each its own (m = n).

    fills  what takes their place; scores are averaged over the draws
    masks  from 1, where the image stays, to 0, where a fill takes its place
    """
    keep = masks[:, None, :, None]  # k, draws, n, colours, h, w
    images = keep * subject.images + (1 - keep) * fills
    return subject.scores(images.flatten(0, 2)).unflatten(0, images.shape[:3]).mean(1)


def baseline_scores(subject: Subject, fills: Float[Tensor, "draws n 3 h w"]) -> Float[Tensor, " n"]:
    """The scores of nothing but the baseline."""
    nothing = torch.zeros(1, 1, *subject.size, device=subject.images.device)
    return masked_scores(subject, fills, nothing)[0]
