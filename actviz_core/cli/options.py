"""Options that several commands share, as values."""

import argparse

from ..errors import ActvizError
from ..models.model import Model, load_model
from ..models.own import register
from ..optimization.presets import PRESETS
from ..optimization.recipe import Recipe

PRESET_NAMES = ", ".join(known.name for known in PRESETS)


def add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", help="a name from `models`, timm/NAME, or package.module:function of your own")
    command.add_argument("--weights", default="", help="untrained, or a file of weights for that architecture")
    command.add_argument(
        "--input-size",
        default="",
        metavar="64x96",
        help="what a network of your own takes, in pixels; 224 if not given",
    )
    command.add_argument(
        "--mean",
        default="",
        metavar="0.5,0.4,0.3",
        help="of each channel of its input, of images in [0, 1]; 0 if not given",
    )
    command.add_argument("--std", default="", metavar="0.2,0.2,0.2", help="the same; 1 if not given")
    command.add_argument("--labels", default="", metavar="FILE", help="the names of its classes, one a line")
    command.add_argument("--device", default="auto", help="auto, cpu, cuda, mps")


def loaded(usual: str, options, base: Recipe | None = None) -> Model:
    """The network that the options name, else the usual one. What a recipe says is neither imported nor opened."""
    if options.model and ":" in options.model:
        register(options.model, options.input_size, options.mean, options.std, options.labels)
    recorded = base.spec.weights if base else ""
    if not options.weights and recorded not in ("", "untrained"):
        raise ActvizError(f"the recipe needs a file of weights ({recorded:.24}...); name it with --weights.")
    return load_model(options.model or usual, options.device, options.weights or recorded)


def size(text: str) -> tuple[int, int]:
    height, _, width = text.partition("x")
    return int(height), int(width or height)


def pair(text: str) -> tuple[int, int]:
    row, column = text.split(",")
    return int(row), int(column)
