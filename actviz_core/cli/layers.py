"""layers: a network's layers with their real shapes."""

from ..models.layers import list_layers
from .options import add_model, loaded, size


def add(commands) -> None:
    command = commands.add_parser("layers", help="list a network's layers with their real shapes")
    add_model(command)
    command.add_argument("--size", type=size, help="pixels a side, or HEIGHTxWIDTH; the network's own if not given")
    command.set_defaults(command=show_layers)


def show_layers(options) -> None:
    model = loaded("efficientnet_lite0", options)
    height, width = options.size or (model.height, model.width)
    print(f"{'layer':34} {'kind':22} {'channels':>8} {'rows':>5} {'columns':>7}")
    for layer in list_layers(model, height, width):
        print(f"{layer.name:34} {layer.kind:22} {layer.channels:8} {layer.height:5} {layer.width:7}")
