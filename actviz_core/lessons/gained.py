"""Which channels gained from one sample photograph to another, as a question about a step's network."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..attribution.attribute import tensor_of
from ..attribution.gains import ChannelGains, channel_gains
from ..models.handle import Question
from ..models.model import Model
from ..objectives import ClassLogit, Objective
from ..optimization.recipe import Recipe
from .images import seen
from .lesson import Step, StepGained


@dataclass(frozen=True)
class FindGained(Question):
    """The task of finding what each channel of a layer gained for the logit of the class."""

    layer: str
    gained: StepGained

    def carry_out(self, models: Callable[[str, str], Model]) -> ChannelGains:
        """Raises ActvizError: a layer or a class that the network does not have."""
        model, asked = self.model(models), self.gained
        pictures = np.stack([seen(name, model) for name in (asked.before, asked.after)])
        return channel_gains(model, tensor_of(pictures), ClassLogit(asked.label), self.layer)


def find_gained(step: Step, recipe: Recipe) -> FindGained | None:
    """What is to be found for a run of that recipe; None where the step or the run has nothing of the kind."""
    objective: Objective = recipe.spec.objectives[0]
    if step.gained is None or objective.main_channel is None or len(objective.layers) != 1:
        return None
    return FindGained((recipe.spec.model, recipe.spec.weights), objective.layers[0], step.gained)


def gain_of(recipe: Recipe, found: ChannelGains | None) -> float | None:
    """Its channel's share of the rise; None where that is not known, was found of another layer, or nothing rose."""
    objective: Objective = recipe.spec.objectives[0]
    channel = objective.main_channel
    if found is None or channel is None or found.layer not in objective.layers or channel >= len(found.gains):
        return None
    return found.share(channel)
