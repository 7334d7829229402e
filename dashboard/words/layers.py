"""Layers, as the chart tells them to the browser."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from actviz_core import Layer, ReceptiveField
from dashboard.words import kinds


def is_inside(block: str, name: str) -> bool:
    """Whether a layer lies inside of this block."""
    return name.startswith(f"{block}.")


def told(
    shown: Sequence[Layer], layers: Sequence[Layer], field: Callable[[str], ReceptiveField | None]
) -> dict[str, Any]:
    """Those that are shown, of all layers of a network; each kind's sentence once.

    field  a layer's receptive field, None where it is not known yet
    """
    sentences: dict[tuple[str, str, str], int] = {}

    def one(layer: Layer, inner: Sequence[Layer]) -> dict[str, Any]:
        about = sentences.setdefault(kinds.told(layer, inner), len(sentences))
        return {
            "name": layer.name,
            "kind": layer.kind,
            "dimensions": layer.dimensions,
            "channels": layer.channels,
            "positions": [layer.height, layer.width],
            "tokens": layer.tokens,
            "field": sight(field(layer.name)),
            "inner": len(inner),
            "about": about,
        }

    tiles = [one(layer, inner) for layer, inner in with_inner(shown, layers)]
    return {"layers": tiles, "sentences": [list(sentence) for sentence in sentences]}


def sight(field: ReceptiveField | None) -> str:
    """How much of the picture one cell mostly sees, "" where that is not known."""
    if field is None:
        return ""
    height, width = (round(min(length, whole)) for length, whole in zip(field.effective, field.size, strict=True))
    return "the whole picture" if (height, width) == field.size else f"{height} x {width} px of the picture"


def with_inner(shown: Sequence[Layer], layers: Sequence[Layer]) -> Iterator[tuple[Layer, list[Layer]]]:
    """Each with the layers inside of it."""
    names = {layer.name for layer in shown}
    inner: dict[str, list[Layer]] = {name: [] for name in names}
    for layer in layers:
        parts = layer.name.split(".")
        for length in range(1, len(parts)):
            if (outer := ".".join(parts[:length])) in names:
                inner[outer].append(layer)
    return ((layer, inner[layer.name]) for layer in shown)
