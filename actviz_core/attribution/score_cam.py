"""Score-CAM: a layer's feature maps, each weighted by what the score is where it lets the image through."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel
from ..settings import setting
from .baselines import BASELINE_HELP, Baseline, baselines
from .cams import LayerMethod, signed_setting
from .channels import channels_of, of_channels, weighted, widest
from .layer_gradients import layer_gradient
from .maps import Maps
from .perturbed import baseline_scores, fills_of, masked_scores, masks_at_once
from .subject import Subject


@dataclass(frozen=True)
class ScoreCam(LayerMethod):
    """Feature maps weighted by how much higher the score is than the baseline's, of the image seen through each.

    A map is a mask: enlarged, its least value closed and its greatest open. The paper makes the weights add up to one
    by a softmax over the channels; of logits, which are large, one channel then takes nearly all, so here the increase
    itself is the weight unless `softmax` is asked for. Flat maps show nothing and weigh nothing.
    """

    title = "Score-CAM"
    meaning = "Where channels are active through which the network sees more of the target than in the baseline."
    misleads = "A mask from a coarse map lets through much that has nothing to do with its channel."
    source = "Wang et al. 2020"

    signed: bool = signed_setting()
    channels: int | None = setting(
        64, low=1, high=100_000, help="how many: those whose values spread most over the image; empty: all"
    )
    softmax: bool = setting(False, help="weights as in the paper, a softmax over the channels' scores")
    baseline: Baseline = setting("mean", help=BASELINE_HELP)

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        channels = channels_of(model, self.layer, height, width)
        return 2 + (1 + min(channels, self.channels or channels)) * fills_of(self.baseline)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """A map after each batch of channels, those that spread most first."""
        found = layer_gradient(subject, self.layer)
        fills = baselines(subject.model, subject.images, self.baseline)
        order = widest(found.activation, self.channels)
        nothing, increases = baseline_scores(subject, fills), found.scores.new_zeros(order.shape)
        at_once, count = masks_at_once(subject, fills), order.shape[1]
        for done in range(0, count, at_once):
            some = order[:, done : done + at_once]
            masks = opened(of_channels(found.activation, some), *subject.size)
            seen = masked_scores(subject, fills, masks.transpose(0, 1)) - nothing
            flat = masks.flatten(2).amax(2) == 0
            increases[:, done : done + at_once] = torch.where(flat, 0, seen.T)
            so_far = done + some.shape[1]
            weights = self.weights(increases[:, :so_far])
            values = weighted(found.activation, order[:, :so_far], weights)
            passes = 2 + (1 + so_far) * len(fills)
            yield self.drawn(subject, found.layer, found.scores, values, passes, so_far / count)

    def weights(self, increases: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
        return increases.softmax(1) if self.softmax else increases


def opened(maps: Float[Tensor, "n k rows columns"], height: int, width: int) -> Float[Tensor, "n k h w"]:
    """Maps as masks of the image's size: from 0 at the least value to 1 at the greatest; all 0 for a flat one."""
    large = F.interpolate(maps, (height, width), mode="bilinear")
    least, most = large.amin((2, 3), keepdim=True), large.amax((2, 3), keepdim=True)
    return torch.where(most > least, (large - least) / (most - least).clamp(min=torch.finfo(large.dtype).tiny), 0)
