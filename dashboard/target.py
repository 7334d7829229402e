"""What is maximized, in words; and from one target to a similar one."""

from collections.abc import Sequence
from dataclasses import fields, replace

from actviz_core import ActvizError, Layer, Model, Objective, Sum, kinds, list_layers
from dashboard import session


def offered(within_sum: bool) -> dict[str, type[Objective]]:
    """The kinds of targets that can be chosen, by their titles; in a sum also those that mean nothing by themselves."""
    return {
        cls.title: cls for cls in kinds(Objective).values() if cls.alone or (within_sum and not issubclass(cls, Sum))
    }


def title(objective: Objective, model: Model | None = None) -> str:
    """A short name for people; classes have names where the model is given."""
    return objective.describe(model.labels if model else ())


def weights_words(weights: str) -> str:
    """What is to be said of a network's weights; nothing of the published ones."""
    return weights if weights in ("", "untrained") else f"custom weights {weights.removeprefix('sha256:')[:6]}"


def score_label(objective: Objective) -> str:
    """What the score is, for the axis of its curve."""
    return f"score ({objective.score})"


def as_kind(cls: type[Objective], objective: Objective, model: Model, before: Sequence[Objective] = ()) -> Objective:
    """The nearest objective of another kind.

    Layer and channel are those one comes from, or those of before where it has none.
    """
    layers = {layer.name: layer for layer in list_layers(model)}
    known = [each for each in (objective, *reversed(before)) if getattr(each, "layer", "") in layers]
    layer = layers[known[0].layer] if known else default_layer(model)
    layered = any(field.name == "layer" for field in fields(cls))
    there = [each for each in known if each.layer == layer.name] if layered else list(reversed(before))
    found = next((each for each in there if type(each) is cls), None)
    channels = (each.main_channel for each in there if each.main_channel is not None)
    channel = next((number for number in channels if number < layer.channels), 0)
    return found.about(channel) if found else cls.nearest(layer, channel)


def taken_to(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """`moved`, for the visitor: a channel that the layer does not have is wanted again in the next layer."""
    wanted = session.wished(objective)
    found = moved(wanted, layer, before)
    if getattr(found, "channel", 0) == layer.channels - 1 < getattr(wanted, "channel", 0):
        session.wish(found, wanted.channel)
    return found


def moved(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """The same objective in another layer, as it was there before.

    What does not exist there starts at the first channel and in the middle.
    """
    if not hasattr(objective, "layer") and not isinstance(objective, Sum):
        objective = objective.in_layer(layer)
    found = next(
        (
            each
            for each in reversed(before)
            if type(each) is type(objective) and getattr(each, "layer", "") == layer.name
        ),
        None,
    )
    if found is not None and getattr(found, "channel", 0) < layer.channels:
        return found
    if isinstance(objective, Sum):
        return Sum(tuple(replace(term, objective=moved(term.objective, layer, before)) for term in objective.terms))
    return objective.in_layer(layer)


def default_layer(model: Model) -> Layer:
    """A layer in the middle of the network, where pictures are neither stripes nor whole objects."""
    blocks = [layer for layer in list_layers(model) if layer.block and layer.height > 1]
    return blocks[len(blocks) * 3 // 5] if blocks else list_layers(model)[0]


def fitted(objective: Objective, model: Model, size: tuple[int, int]) -> Objective:
    """The objective if the model has it, else one in the middle of that model."""
    try:
        return objective.checked(model, *size)
    except ActvizError:
        return moved(objective, default_layer(model))
