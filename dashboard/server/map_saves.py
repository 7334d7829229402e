"""What can be saved of a map, and of all that stand side by side; each file holds the explanation to make it again."""

from pathlib import PurePath

import numpy as np

from actviz_core import ColourScale, Explanation, Maps, export, framing, image_hash, origin
from dashboard.server.saving import Saved, file_name, weights_word
from dashboard.state import services
from dashboard.state.explaining import Picture
from dashboard.state.mapped import Mapped
from dashboard.state.visitors import Visitor

SHORTEST = 448  # px, of the longer side of a picture that is saved

ONE = (("overlay.png", "PNG", "the map"), ("values.npz", "NPZ", "its values"), ("values.csv", "CSV", "its values"))
SHEET = ("sheet.png", "All maps as PNG", "the maps on one sheet")


def explanation_of(entry: Mapped, picture: Picture) -> Explanation:
    """All that makes the map again, but the image."""
    (model, weights), view = entry.asked.view.network, entry.asked.view
    made = origin.here(services.models().device)
    return Explanation(
        model,
        entry.asked.objective,
        entry.asked.method,
        *view.size,
        view.frame,
        image_hash(picture.pixels),
        picture.name,
        weights,
        made,
    )


def saved_of_map(entry: Mapped, visitor: Visitor, what: str, opacity: float = export.OPACITY) -> Saved | None:
    """A file of one map, so opaque in a picture, 0 to 1; None if there is no such file, or none yet."""
    found = drawn_of(entry, visitor)
    if found is None or what not in [name for name, *_ in ONE]:
        return None
    maps, picture = found
    explanation = explanation_of(entry, picture)
    words = f"{export.title_of(explanation, maps.layer, labels_of(entry))} {weights_word(explanation.weights)}"
    name = file_name(words, what.partition(".")[2])
    match what:
        case "values.npz":
            return Saved(name, "application/octet-stream", export.map_npz(maps, 0, explanation))
        case "values.csv":
            return Saved(name, "text/csv", export.map_csv(maps, 0))
    seen, labels = large(entry, picture), labels_of(entry)
    return Saved(name, "image/png", export.map_png(seen, maps, 0, explanation, labels, opacity=opacity))


def saved_sheet(visitor: Visitor, opacity: float = export.OPACITY) -> Saved | None:
    """All maps that are there, so opaque, on one sheet; None as long as there is none.

    Made anew each time: files of exports are kept, and nothing of a visitor's image is.
    """
    figures, labels, explanations = [], [], []
    for entry in list(visitor.mapped.values()):
        found = drawn_of(entry, visitor)
        if found is not None:
            maps, picture = found
            explanation = explanation_of(entry, picture)
            scale = ColourScale.of(maps, 0, entry.asked.method.signed)
            figures.append(export.figure(large(entry, picture), maps, 0, scale, opacity))
            labels.append(export.title_of(explanation, maps.layer, labels_of(entry)))
            explanations.append(explanation)
    if not figures:
        return None
    maps = "1 map" if len(figures) == 1 else f"{len(figures)} maps"
    name = file_name(f"{maps} of {PurePath(explanations[0].image_name).stem}", "png")
    return Saved(name, "image/png", export.maps_sheet(figures, labels, explanations))


def drawn_of(entry: Mapped, visitor: Visitor) -> tuple[Maps, Picture] | None:
    """The map as it is by now and the image that it is of, unless that was replaced."""
    maps, picture = entry.maps, visitor.state.image
    if maps is None or picture is None or picture.version != entry.asked.view.image:
        return None
    return maps, picture


def large(entry: Mapped, picture: Picture) -> np.ndarray:
    """What the network saw, at a size for people."""
    height, width = entry.asked.view.size
    times = max(1, round(SHORTEST / max(height, width)))
    return framing.framed(picture.pixels, entry.asked.view.frame, (times * height, times * width))


def labels_of(entry: Mapped) -> tuple[str, ...]:
    known = services.known_model(*entry.asked.view.network)
    return known.labels if known else ()
