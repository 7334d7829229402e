"""layers: a network's layers with their real shapes."""

from dataclasses import dataclass

from ..models.layers import list_layers
from .command import Command
from .network import USUAL, ModelOptions, loaded
from .options import option, size


@dataclass(frozen=True)
class LayersOptions:
    """A network, and the size of its input."""

    network: ModelOptions
    size: tuple[int, int] | None = option(
        None, parse=size, help="pixels a side, or HEIGHTxWIDTH; the network's own if not given"
    )


def show_layers(options: LayersOptions) -> None:
    """Prints name, kind, channels, rows and columns of each."""
    model = loaded(USUAL, options.network)
    height, width = options.size or (model.height, model.width)
    print(f"{'layer':34} {'kind':22} {'channels':>8} {'rows':>5} {'columns':>7}")
    for layer in list_layers(model, height, width):
        print(f"{layer.name:34} {layer.kind:22} {layer.channels:8} {layer.height:5} {layer.width:7}")


COMMAND = Command("layers", "list a network's layers with their real shapes", LayersOptions, show_layers)
