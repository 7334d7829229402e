"""Diversity: how unlike each other the pictures of one run are."""

from dataclasses import dataclass

import torch

from ..sums import spread, total
from .objective import Activations, Objective, Scores


@dataclass(frozen=True)
class Diversity(Objective):
    """How unlike the images of one run are: minus the mean cosine of their Gram matrices with each other's.

    From -1, all alike, to 0; 0 for a single image (Olah et al. 2017).
    """

    alone = False  # it says nothing of what the pictures show

    layer: str

    def __call__(self, activations: Activations) -> Scores:
        flat = activations[self.layer].flatten(2)
        gram = flat @ flat.transpose(1, 2)
        gram = gram / spread(total(gram.square()).sqrt().clamp(min=1e-12), gram)
        others = torch.stack([total(gram * one) for one in gram]).fill_diagonal_(0)
        return -others.sum(1) / max(1, len(gram) - 1)
