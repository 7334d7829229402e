"""Maps of images as files: overlays with the explanation inside, their values, several on one sheet."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image, ImageDraw

from ..attribution.explanation import Explanation, Explanations
from ..attribution.maps import Maps
from ..attribution.placement import resized
from ..attribution.scale import ColourScale, words_of
from ..numerals import written
from .pictures import FONT, LABEL, MARGIN, labelled, length_of, line, sheet, text_of, widened, with_text

OPACITY = 0.6
BAR = 12  # px, the scale below a map


def overlay(
    picture: UInt8[np.ndarray, "h w 3"], maps: Maps, index: int, scale: ColourScale, opacity: float = OPACITY
) -> UInt8[np.ndarray, "h w 3"]:
    """One of the maps over its image, which may have any size; the image alone where words stand for the map.

    It is in its own colours, as on the page: one recognizes in it what the map marks.
    """
    if words_of(maps, index):
        return picture
    colours = scale.coloured(resized(maps, size=picture.shape[:2])[index])
    return np.round(opacity * colours + (1 - opacity) * picture).astype(np.uint8)


def figure(
    picture: UInt8[np.ndarray, "h w 3"], maps: Maps, index: int, scale: ColourScale, opacity: float = OPACITY
) -> UInt8[np.ndarray, "_ w 3"]:
    """The overlay above its scale with numbers at the ends, and a line on the score and what is to be said of it."""
    drawn, width = overlay(picture, maps, index, scale, opacity), picture.shape[1]
    bar = np.linspace(-scale.top if scale.signed else 0, scale.top, width, dtype=np.float32)
    beyond = scale.cuts_off(maps.values[index])
    strip = np.broadcast_to(scale.coloured(bar), (BAR, width, 3))
    return np.concatenate((drawn, strip, numbers(scale, beyond, width), line(told_of(maps, index), width)))


def numbers(scale: ColourScale, beyond: bool, width: int) -> UInt8[np.ndarray, "_ width 3"]:
    """The line below a scale: what its ends stand for, and zero in the middle of a signed one."""
    image = Image.new("RGB", (width, LABEL), (255, 255, 255))
    pen, middle = ImageDraw.Draw(image), LABEL / 2
    top = f"{scale.top:.3g}"
    pen.text((width - MARGIN, middle), f"{top} and more" if beyond else top, (0, 0, 0), FONT, "rm")
    pen.text((MARGIN, middle), f"−{top}" if scale.signed and scale.top else "0", (0, 0, 0), FONT, "lm")
    if scale.signed and scale.top:
        pen.text((width / 2, middle), "0", (0, 0, 0), FONT, "mm")
    return np.asarray(image)


def told_of(maps: Maps, index: int) -> str:
    """The score of an image, and of its map what words say, or what it adds up to where it promises that."""
    told = [f"score {written(maps.score[index], '.4g')}"]
    if maps.completeness:
        sums = float(maps.values[index].sum()), maps.completeness[index]
        told.append("adds up to {} of {}".format(*(written(each, ".4g") for each in sums)))
    return ", ".join([*told, *filter(None, [words_of(maps, index)])])


def title_of(explanation: Explanation, layer: str, labels: Sequence[str] = ()) -> str:
    """Method, layer, target and network, in words; `labels` are the names of its classes."""
    at = f" at {layer}" if layer else ""
    return f"{explanation.method.title}{at}: {explanation.objective.describe(tuple(labels))}, {explanation.model}"


def map_png(
    picture: UInt8[np.ndarray, "h w 3"],
    maps: Maps,
    index: int,
    explanation: Explanation,
    labels: Sequence[str] = (),
    scale: ColourScale | None = None,
    opacity: float = OPACITY,
) -> bytes:
    """A map over what the network saw of the image, below a title, as a PNG whose text chunk holds the explanation.

    picture  that part of the image, at any size
    labels   the names of the network's classes
    scale    that of the map by itself if not given
    """
    scale = scale or ColourScale.of(maps, index, explanation.method.signed)
    drawn, title = figure(picture, maps, index, scale, opacity), title_of(explanation, maps.layer, labels)
    width = max(drawn.shape[1], length_of(title))
    return with_text(np.concatenate((line(title, width), widened(drawn, width))), explanation.to_json())


def maps_sheet(
    figures: Sequence[UInt8[np.ndarray, "h w 3"]],
    labels: Sequence[str],
    explanations: Sequence[Explanation],
    title: str = "",
    across: int = 0,
) -> bytes:
    """Several maps, as `figure` draws them, each over its label, as one PNG with all explanations inside.

    They are below a title if there is one; so many across, or as square as it gets.
    """
    whole = sheet(labelled(figures, labels), across)
    if title:
        width = max(whole.shape[1], length_of(title))
        whole = np.concatenate((line(title, width), widened(whole, width)))
    return with_text(whole, Explanations(tuple(explanations)).to_json())


def map_npz(maps: Maps, index: int, explanation: Explanation, drawn: Float32[np.ndarray, "h w"] | None = None) -> bytes:
    """A map's numbers, as NumPy opens them without unpickling.

    map           [rows, columns], as computed
    rows, columns the centres of its cells in the network's picture, in pixels; where they are a layer's
    resized       [h, w], `drawn` as it is given, else at the size of the network's picture
    target_score  what the target gives for the image
    completeness  [what the map adds up to, what it should], where the method promises that
    explanation   its JSON
    """
    arrays = {
        "map": maps.values[index],
        "resized": resized(maps)[index] if drawn is None else drawn,
        "target_score": np.float64(maps.score[index]),
        "explanation": np.str_(explanation.to_json()),
    }
    if maps.completeness:
        arrays["completeness"] = np.array([maps.values[index].sum(dtype=np.float64), maps.completeness[index]])
    if maps.centres:
        arrays["rows"], arrays["columns"] = map(np.array, maps.centres)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def map_csv(maps: Maps, index: int) -> str:
    """A line for each cell: its row and column, the pixel of the network's picture that it lies at, its value."""
    values = maps.values[index]
    centres = maps.centres or tuple(
        [(place + 0.5) * side / count - 0.5 for place in range(count)]
        for side, count in zip((maps.height, maps.width), values.shape, strict=True)
    )
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["row", "column", "pixel_row", "pixel_column", "value"])
    for (row, column), value in np.ndenumerate(values):
        table.writerow([row, column, centres[0][row], centres[1][column], float(value)])
    return file.getvalue()


def read_explanation(data: bytes) -> Explanation:
    """That inside a PNG saved by `map_png`, or of a JSON text; ActvizError saying what is wrong with the file."""
    return Explanation.from_json(text_of(data))


def read_explanations(data: bytes) -> tuple[Explanation, ...]:
    """Those inside a sheet, or the one of a single map; ActvizError saying what is wrong with the file."""
    return Explanations.from_json(text_of(data)).explanations
