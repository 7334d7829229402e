"""explain: where in an image a score comes from, as an overlay, its numbers, or several methods on one sheet."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32, UInt8
from tqdm import tqdm

from .. import export, origin
from ..attribution.attribute import attributed, tensor_of
from ..attribution.cams import GradCam
from ..attribution.explanation import Explanation, image_hash
from ..attribution.maps import Maps
from ..attribution.method import Method
from ..attribution.placement import resized
from ..attribution.prediction import predict
from ..attribution.scale import NOT_POSITIVE, ColourScale, words_of
from ..dataset import framing, photographs
from ..errors import ActvizError, NotAllowed
from ..models.model import Model
from ..models.weights import weights_name
from ..objectives import ClassLogit, Objective, class_name
from ..registry import kind
from .command import Command
from .files import check_paths, keep, read_bytes
from .maps import ALL, MapOptions, methods_of, show_methods
from .network import USUAL, ModelOptions, loaded
from .options import frame as rectangle
from .options import option, size
from .target import TargetOptions, class_of, objective_of

SMALLEST, LARGEST = 448, 1024  # px, of the longest side of what is drawn
LARGEST_SEEN = 2048  # px, of a side of the network's picture
LEAST_TOP = 1e-30  # of a scale; numbers of 32 bits end near it


@dataclass(frozen=True)
class ExplainOptions:
    """What in which image, how, and into which files."""

    network: ModelOptions
    target: TargetOptions
    map: MapOptions
    photo: Path | None = option(None, metavar="IMAGE", words="?", help="JPEG, PNG, WebP, GIF, BMP, or HEIC")
    against: str | None = option(
        None,
        metavar="NAME_OR_INDEX",
        help="a class: why the target and not that one, by the difference of their scores",
    )
    size: tuple[int, int] | None = option(
        None,
        metavar="64x96",
        parse=size,
        help="of the picture that the network sees; what it was trained for if not given",
    )
    frame: tuple[int, int, int, int] | None = option(
        None,
        metavar="TOP,LEFT,HEIGHT,WIDTH",
        parse=rectangle,
        help="the part that it sees, in pixels; the middle if not given",
    )
    explanation: Path | None = option(None, help="a PNG or JSON saved earlier; other options change it")
    out: Path = option(Path("explained.png"), help="PNG: the map over the image, with all that makes it again inside")
    values: Path | None = option(None, help="NPZ: map, resized (to the image), target_score, completeness")
    csv: Path | None = option(None, help="the map as a table")
    top: float | None = option(
        None, help="number at the end of the scale, for maps to be compared; what the map itself has if not given"
    )
    plain: bool = option(False, help="resize the map, and do not draw its cells where their receptive fields lie")
    opacity: float = option(export.OPACITY, help="of the map over the image, 0 to 1")
    methods: bool = option(False, help="list the methods, what they cost and say")


@dataclass(frozen=True, eq=False)
class Asked:
    """The image as it was read, the part of it that the network sees, and what all maps are to explain."""

    model: Model
    image: UInt8[np.ndarray, "h w 3"]
    picture: UInt8[np.ndarray, "height width 3"]
    explanation: Explanation

    def drawn(self) -> UInt8[np.ndarray, "_ _ 3"]:
        """What the network sees, at a size to look at."""
        frame, seen = self.explanation.frame, self.explanation.size
        factor = min(LARGEST, max(SMALLEST, *frame[2:])) / max(seen)
        height, width = (max(1, round(side * factor)) for side in seen)
        return framing.framed(self.image, frame, (height, width))

    def on_image(self, maps: Maps) -> Float32[np.ndarray, "h w"]:
        """A map at the size of the image, zero beyond the frame."""
        top, left, height, width = self.explanation.frame
        whole = np.zeros(self.image.shape[:2], np.float32)
        whole[top : top + height, left : left + width] = resized(maps, size=(height, width))[0]
        return whole


def explain(options: ExplainOptions) -> None:
    """Makes the maps and writes the files; tells target, score, cost, and where a map shows nothing."""
    if options.methods:
        model = loaded(USUAL, options.network)
        show_methods(model, *(options.size or (model.height, model.width)))
        return
    check(options)
    asked, methods = asked_for(options)
    made = [(method, maps) for method in methods if (maps := made_by(asked, method, options.map.method == ALL))]
    if options.plain:
        made = [(method, replace(maps, centres=None)) for method, maps in made]
    if not made:
        raise NotAllowed(f"{asked.model.name} allows none of the methods for that target.")
    if options.map.method == ALL:
        write_sheet(options, asked, made)
    else:
        write_files(options, asked, *made[0])


def check(options: ExplainOptions) -> None:
    """ActvizError for options that do not fit together."""
    outputs = options.out, options.values, options.csv
    check_paths(*outputs)
    if options.photo is None:
        raise ActvizError("name an image file, as in: explain photo.jpg --class tabby (--methods lists the methods).")
    if (named := options.out.suffix[1:].lower()) in photographs.ENDINGS and named != "png":
        raise ActvizError(f"--out is written as PNG; {options.out.name} names another kind of file.")
    if options.map.method == ALL and (options.values or options.csv):
        raise ActvizError("--values and --csv hold the numbers of one map; name its --method.")
    if options.explanation and any(path and path.resolve() == options.explanation.resolve() for path in outputs):
        raise ActvizError(f"{options.explanation} is the saved map itself; give the output another name.")
    if lost := next((path for path in outputs if path and path.resolve() == options.photo.resolve()), None):
        raise ActvizError(f"{lost} is the image itself, which would be lost; give the output another name.")
    if options.size:
        check_size("--size", options.size)
    if options.frame and min(options.frame[2:]) < 1:
        raise ActvizError(
            f"--frame is {','.join(map(str, options.frame))}; its height and width must be at least 1 px."
        )
    if options.map.method == ALL and options.top is not None:
        raise ActvizError("--top is for the maps of one method: those of others have units of their own.")
    if options.top is not None and not LEAST_TOP <= options.top <= 1 / LEAST_TOP:
        raise ActvizError(f"--top is {options.top:g}; it must be {LEAST_TOP:g} to {1 / LEAST_TOP:g}.")
    if not 0 <= options.opacity <= 1:
        raise ActvizError(f"--opacity is {options.opacity:g}; it must be between 0 and 1.")


def check_size(name: str, seen: framing.Size) -> None:
    """ActvizError for pictures that would take all memory, or none."""
    if not 1 <= min(seen) <= max(seen) <= LARGEST_SEEN:
        raise ActvizError(f"{name} is {'x'.join(map(str, seen))}; sides must be 1 to {LARGEST_SEEN} px.")


def asked_for(options: ExplainOptions) -> tuple[Asked, list[Method]]:
    """What the options, and the explanation that they change, ask for."""
    assert options.photo
    base = saved_in(options.explanation) if options.explanation else None
    if base and not options.size:
        check_size("the size in --explanation", base.size)
    methods = methods_of(options.map, base.method if base else GradCam())
    image = image_of(options.photo)
    model = loaded(base.model if base else USUAL, options.network, base.weights if base else "")
    known = image_hash(image)
    if base and base.image not in ("", known):
        print("actviz: this is another image than the one that was explained before.", file=sys.stderr)
    seen = options.size or (base.size if base else (model.height, model.width))
    frame = frame_of(options, base, image, seen)
    picture = framing.framed(image, frame, seen)
    objective = objective_of(options.target) or (base.objective if base else likeliest(model, picture))
    if options.against is not None:
        objective = objective - class_of(options.against)
    explanation = Explanation(
        model.name,
        objective,
        methods[0],
        height=seen[0],
        width=seen[1],
        frame=frame,
        image=known,
        image_name=options.photo.name,
        weights=weights_name(options.network.weights) or (base.weights if base else ""),
        origin=origin.here(model.device),
    )
    return Asked(model, image, picture, explanation), methods


def saved_in(path: Path) -> Explanation:
    """The explanation in a file of one map."""
    found = export.read_explanations(read_bytes(path))
    if len(found) > 1:
        raise ActvizError(
            f"{path} is a sheet of {len(found)} maps; --explanation takes the file of one. "
            "Name what is to be explained and the --method, or open the sheet on the Explain page."
        )
    return next(iter(found))


def image_of(path: Path) -> UInt8[np.ndarray, "h w 3"]:
    """The image in a file; says which part of an animation that is."""
    data = read_bytes(path)
    image = photographs.read(data)
    if photographs.is_animated(data):
        print(f"actviz: {path} is animated: its first frame is taken.", file=sys.stderr)
    return image


def frame_of(
    options: ExplainOptions, base: Explanation | None, image: UInt8[np.ndarray, "h w 3"], seen: framing.Size
) -> framing.Rectangle:
    """The part of the image that the network sees; says where the one that was asked for does not fit."""
    height, width, _ = image.shape
    asked = options.frame or (base.frame if base else None)
    if asked is None:
        return framing.whole(height, width, seen)
    frame = framing.fitted(asked, height, width, seen)
    if frame != asked:
        told = ",".join(map(str, frame))
        print(
            f"actviz: the frame is {told}, to lie in the image with the sides of the network's picture.",
            file=sys.stderr,
        )
    return frame


def likeliest(model: Model, picture: UInt8[np.ndarray, "h w 3"]) -> Objective:
    """The class that the network finds likeliest, and says which."""
    found = predict(model, picture)
    if not len(found.probabilities):
        raise ActvizError(f"{model.name} has no classes: say what to explain, by --layer and --channel.")
    label = found.ranked[0]
    share = f"{100 * found.probabilities[label]:.1f} %"
    print(f"explaining the likeliest class, {class_name(label, model.labels)} ({share}); --class names another")
    return ClassLogit(label)


def made_by(asked: Asked, method: Method, one_of_all: bool) -> Maps | None:
    """The map of the image, with a bar on a terminal; None where the network does not allow one of all methods."""
    model, objective, images = asked.model, asked.explanation.objective, tensor_of(asked.picture[None])
    try:
        method.check(model, *asked.explanation.size)
        total = method.passes(model, *asked.explanation.size)
        with tqdm(total=total, unit="pass", desc=method.title, disable=None) as bar:
            for maps in attributed(model, images, objective, method):
                bar.update(maps.passes - bar.n)
    except NotAllowed as problem:
        if not one_of_all:
            raise
        print(f"actviz: {kind(type(method))} is left out: {problem}", file=sys.stderr)
        return None
    return maps


def write_files(options: ExplainOptions, asked: Asked, method: Method, maps: Maps) -> None:
    """The overlay, and what else was asked for."""
    explanation, labels = replace(asked.explanation, method=method), asked.model.labels
    scale = ColourScale(options.top, method.signed) if options.top else None
    keep(options.out, export.map_png(asked.drawn(), maps, 0, explanation, labels, scale, options.opacity))
    if options.values:
        keep(options.values, export.map_npz(maps, 0, explanation, asked.on_image(maps)))
    if options.csv:
        keep(options.csv, export.map_csv(maps, 0).encode())
    title = export.title_of(explanation, maps.layer, labels)
    print(f"{options.out}: {title}: score {maps.score[0]:.4g}, {maps.passes:,} passes on {asked.model.device}")
    words = words_of(maps, 0)
    if words == NOT_POSITIVE:
        print(f"actviz: {words}: --set signed=true shows what speaks against the target.", file=sys.stderr)
    elif words:
        print(f"actviz: the map is {words}: it tells no place from another.", file=sys.stderr)


def write_sheet(options: ExplainOptions, asked: Asked, made: Sequence[tuple[Method, Maps]]) -> None:
    """All maps side by side, each on a scale of its own: their units differ."""
    picture = asked.drawn()
    scales = [ColourScale.of(maps, 0, method.signed) for method, maps in made]
    figures = [
        export.figure(picture, maps, 0, scale, options.opacity) for (_, maps), scale in zip(made, scales, strict=True)
    ]
    labels = [
        f"{method.title}{f' at {maps.layer}' if maps.layer else ''}, {maps.passes:,} passes" for method, maps in made
    ]
    explanations = [replace(asked.explanation, method=method) for method, _ in made]
    told = asked.explanation.objective.describe(asked.model.labels)
    title = f"{told}, {asked.model.name}, {asked.explanation.image_name}"
    keep(options.out, export.maps_sheet(figures, labels, explanations, title))
    print(f"{options.out}: {len(made)} maps of {title}")


COMMAND = Command("explain", "show where in an image a score comes from", ExplainOptions, explain)
