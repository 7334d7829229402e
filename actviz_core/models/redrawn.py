"""Redrawn weights: a copy of a model whose weights are drawn anew, block after block, from a layer downwards."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import nn

from .blocks import blocks
from .copies import copied
from .folding import BatchNorm, Folded
from .layer import OUTPUT
from .layers import TRACED, list_layers
from .model import Model
from .source import seeded

Draw = Literal["spread", "initial"]


@dataclass(frozen=True)
class Stage:
    """Modules whose weights are drawn together; `name` is that of the lowest block, or the module in none."""

    name: str
    modules: tuple[str, ...]


def stages(model: Model, layers: Iterable[str], most: int, height: int, width: int) -> tuple[Stage, ...]:
    """The modules with weights that these layers depend on, from the uppermost down, in at most so many stages.

    These are at least two. The first stage is the block of the uppermost; the others have about as many blocks each.
    """
    groups: dict[str, list[str]] = {}
    known = set(blocks(model.network))
    for path in reversed(upstream(model, layers, height, width)):
        block = next((path[:end] for end in ends(path) if path[:end] in known), path)
        groups.setdefault(block, []).append(path)
    names = list(groups)
    rest = names[1:]
    parts = min(most - 1, len(rest))
    cuts = [round(len(rest) * part / parts) for part in range(parts + 1)] if parts > 0 else [0]
    chunks = [names[:1], *(rest[start:end] for start, end in zip(cuts, cuts[1:], strict=False))]
    return tuple(Stage(chunk[-1], tuple(path for name in chunk for path in groups[name])) for chunk in chunks if chunk)


def ends(path: str) -> list[int]:
    """Where the path of a module and those of what it is in end, the outermost first."""
    return [place for place, letter in enumerate(path) if letter == "."] + [len(path)]


def upstream(model: Model, layers: Iterable[str], height: int, width: int) -> list[str]:
    """The paths of the modules with weights of their own that the layers depend on, in the order of the pass.

    What is no layer itself counts with the innermost one that it is in; with none, it comes first, like what is added
    to the image.
    """
    listed = list_layers(model, height, width)
    wanted = set(layers)
    last = max(place for place, layer in enumerate(listed) if layer.name in wanted)
    reached: dict[str, int] = {}
    for place, layer in enumerate(listed[: last + 1]):
        reached.setdefault("" if layer.module == OUTPUT else layer.module, place)
    found: list[tuple[int, str]] = []
    for path, module in model.network.named_modules():
        if not any(parameter is not None for parameter in module._parameters.values()):
            continue
        if not path:
            found.append((-1, path))
            continue
        within = [path[:end] for end in reversed(ends(path)) if path[:end] in reached]
        if within:
            found.append((reached[within[0]], path))
        elif any(name.startswith(f"{path}.") for name in reached):
            found.append((-1, path))
        elif "" in reached:
            found.append((reached[""], path))
    return [path for _, path in sorted(found, key=lambda each: each[0])]


@torch.inference_mode(False)
@torch.no_grad()
def redrawn(
    model: Model, parts: Sequence[Stage], seed: int, draw: Draw = "spread", statistics: bool = False
) -> Iterator[Model]:
    """A copy of the model, once after each stage: always the same one, of which ever more is drawn anew.

    draw        spread: from a normal distribution of each tensor's own mean and spread; initial: as when the modules
                were made (`reset_parameters`), where they know how
    statistics  what batch norms know of their inputs is forgotten too
    """
    twin = replace(model, network=copied(model.network))
    vars(twin)["folded"] = Folded(twin.network)  # its batch norms are to be drawn anew
    TRACED[twin] = TRACED.setdefault(model, {})  # a layer that random weights give no gradient is one all the same
    for place, stage in enumerate(parts):
        with seeded(seed * 1000 + place):
            for path in stage.modules:
                redraw(twin.network.get_submodule(path), draw, statistics)
        yield twin


def redraw(module: nn.Module, draw: Draw, statistics: bool) -> None:
    parameters = [each for each in module._parameters.values() if each is not None]
    homes = [each.device for each in parameters]
    buffers = {name: each.clone() for name, each in module._buffers.items() if each is not None}
    for each in parameters:
        each.data = each.data.cpu()  # whose generator is the one with a seed
    reset = getattr(module, "reset_parameters", None) or getattr(module, "_reset_parameters", None)
    if draw == "initial" and callable(reset):
        reset()
    else:
        for each in parameters:
            each.normal_(each.mean().item(), each.std(correction=0).item())
    for each, home in zip(parameters, homes, strict=True):
        each.data = each.data.to(home)
    module._buffers.update(buffers)
    if statistics and isinstance(module, BatchNorm):
        module.reset_running_stats()
    vars(module).pop("kept", None)  # weights laid out for a kernel
