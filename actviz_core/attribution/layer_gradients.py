"""The score's gradient by what layers answer: of one layer, or of all that have a map, from one pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from ..errors import NotAllowed
from ..models.layer import Layer
from ..models.layers import find_layer, list_layers
from .grids import grid_of
from .subject import Subject


@dataclass(frozen=True, eq=False)
class LayerGradient:
    """Of each image: the score, a layer's activations and the score's gradient by them, on the layer's grid."""

    layer: str
    scores: Float[Tensor, " n"]
    activation: Float[Tensor, "n c rows columns"]
    gradient: Float[Tensor, "n c rows columns"]

    @property
    def reached(self) -> int:
        """The largest number of cells that the score of an image depends on."""
        return int((self.gradient != 0).any(1).flatten(1).sum(1).max())


def layer_gradient(subject: Subject, layer: str = "") -> LayerGradient:
    """Of the layer of that name; of the usual one where none is given. Raises NotAllowed as `layer_gradients` does."""
    if layer:
        return layer_gradients(subject, [layer])[0]
    return usual_gradient(subject)


def layer_gradients(subject: Subject, names: Sequence[str]) -> list[LayerGradient]:
    """Of layers, from one forward and one backward pass.

    Raises NotAllowed for a layer without positions, or one that the score does not depend on.
    """
    found = gradients_of(subject, [find_layer(subject.model, name, *subject.size) for name in names])
    for name, each in zip(names, found, strict=True):
        if each is None:
            raise NotAllowed(
                f"the target does not depend on the layer {name}: choose one that comes before the target."
            )
    return [each for each in found if each is not None]


def gradients_of(subject: Subject, layers: Sequence[Layer]) -> list[LayerGradient | None]:
    """The same; None for a layer that the score does not depend on."""
    grids = [grid_of(subject.model, layer, *subject.size) for layer in layers]
    names = [layer.name for layer in layers]
    scores, read, gradients = subject.gradients(subject.images, names)
    return [
        None if gradient is None else LayerGradient(name, scores, grid.laid_out(read[name]), grid.laid_out(gradient))
        for name, grid, gradient in zip(names, grids, gradients, strict=True)
    ]


def usual_gradient(subject: Subject) -> LayerGradient:
    """Of the last layer before the target whose cells matter: its score depends on more than one of them.

    So it is what a class is read from in a network that pools, and the block before the last in a transformer, whose
    last one reads the class token alone. Raises NotAllowed where no layer has positions.
    """
    layers = list(drawable(subject))
    if not layers:
        raise NotAllowed("no layer before the target has positions, so none of its maps can be drawn on an image.")
    for tried in (layers[-1:], layers):
        found = [each for each in gradients_of(subject, tried) if each]
        usual = next((each for each in reversed(found) if each.reached > 1), None)
        if usual:
            return usual
    if not found:
        raise NotAllowed("the target does not depend on any layer with positions, so there is no map of it.")
    return found[-1]


def every_gradient(subject: Subject) -> list[LayerGradient]:
    """Of all layers that have a map, from one forward and one backward pass; the last layers may not be among them.

    So a transformer's have none once only its class token is read.
    """
    found = [each for each in gradients_of(subject, list(drawable(subject))) if each]
    while len(found) > 1 and not found[-1].reached and any(each.reached for each in found):
        found.pop()
    return found


def drawable(subject: Subject) -> Iterator[Layer]:
    """The chart's blocks up to the target, and the target's own layer, in order, as far as they have a grid of cells.

    Not a convolution whose batch norm follows: the norm's output is what others see of it, and reading that spares
    computing the network unfolded.
    """
    targets, model = set(subject.objective.layers), subject.model
    for layer in list_layers(model, *subject.size):
        own = layer.name in targets
        if (own or layer.block and model.folded.shows([layer.module])) and has_cells(subject, layer):
            yield layer
        if own:
            return


def has_cells(subject: Subject, layer: Layer) -> bool:
    """Whether the layer has a grid of more than one cell."""
    try:
        return grid_of(subject.model, layer, *subject.size).cells > 1
    except NotAllowed:
        return False
