"""visualize: one picture, its curves and how it came about."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from .. import export
from ..dataset import photographs
from ..errors import ActvizError
from ..evaluation.diagnosis import diagnose
from ..export.animation import FILMS, Film, encode
from ..models.model import Model
from ..models.weights import weights_name
from ..objectives import Channel, ClassLogit, Direction, LayerEnergy, Neuron, Objective
from ..optimization import origin
from ..optimization.loop import replay
from ..optimization.parametrizations import PhaseImage, spectrum_of
from ..optimization.presets import preset
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..runs.history import Point
from .files import check_paths, keep, read_bytes
from .options import PRESET_NAMES, add_model, loaded, pair, size


def add(commands) -> None:
    command = commands.add_parser("visualize", help="make a picture")
    add_model(command)
    add_target(command)
    add_method(command)
    command.set_defaults(command=make_picture)


def add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layer", help="a name from `layers`; alone: the energy of the whole layer")
    command.add_argument("--channel", type=int, help="a feature map of the layer")
    command.add_argument("--neuron", type=pair, metavar="ROW,COLUMN", help="one position of the channel")
    command.add_argument("--direction", metavar="CHANNEL:WEIGHT,...", help="several channels of the layer")
    command.add_argument("--class", dest="label", metavar="NAME_OR_INDEX", help="a class instead of a layer")


def add_method(command: argparse.ArgumentParser) -> None:
    command.add_argument("--recipe", type=Path, help="a PNG or JSON saved earlier; other options change it")
    command.add_argument("--preset", help=PRESET_NAMES)
    command.add_argument("--iterations", type=int)
    command.add_argument("--size", type=size, help="pixels a side, or HEIGHTxWIDTH")
    command.add_argument("--count", type=int, help="pictures made together")
    command.add_argument("--seed", type=int)
    command.add_argument("--photograph", type=Path, help="an image file to start from")
    command.add_argument(
        "--spectrum", type=Path, metavar="FOLDER", help="photographs whose spectrum phases are fitted to"
    )
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="such as total_variation=0.2 or scale.low=0.9"
    )
    command.add_argument("--out", type=Path, default=Path("actviz.png"), help="PNG, with the recipe inside")
    command.add_argument("--json", type=Path, help="the curves and the recipe")
    command.add_argument("--csv", type=Path, help="the curves as a table")
    command.add_argument("--film", type=Path, help="the run as a film: .gif, .webp or .mp4")


def make_picture(options) -> None:
    check_paths(options.out, options.json, options.csv, options.film)
    check_film(options.film)
    base = export.read_recipe(read_bytes(options.recipe)) if options.recipe else None
    model = loaded(base.spec.model if base else default_model(options), options, base)
    recipe = recipe_of(options, model, base)
    if base and (difference := origin.told([base.origin], model.device)):
        print(f"actviz: {difference}", file=sys.stderr)
    points, pictures = [], {}
    with tqdm(total=recipe.spec.iterations, unit="it", disable=None) as bar:
        for frame in replay(model, recipe):
            points.append(Point.of(frame))
            if options.film:
                pictures[frame.iteration] = frame.images
            bar.update()
            bar.set_postfix(score=f"{sum(frame.score) / len(frame.score):.3g}")
    recipe = replace(recipe, origin=origin.here(model.device))
    keep(options.out, export.png(frame.images, recipe))
    if options.csv:
        keep(options.csv, export.curves_csv(points).encode())
    if options.json:
        keep(options.json, export.curves_json(points, recipe).encode())
    if options.film:
        keep(options.film, encode(Film.of_run(pictures), kind_of(options.film)))
    print(f"{options.out}: {' '.join(f'{score:.4g}' for score in frame.score)} on {model.device}")
    trouble = diagnose(recipe, model, points, frame.images)
    if trouble:
        print(f"actviz: {trouble.text} {trouble.label}.".replace(" .", ""), file=sys.stderr)


def check_film(path: Path | None) -> None:
    if path is not None and kind_of(path) not in FILMS:
        raise ActvizError(f"a film is written as {', '.join(FILMS)}; {path.name} is none of these.")


def kind_of(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def default_model(options) -> str:
    """The network that a preset is famous for, when nothing else was asked for; else one that needs no download."""
    targeted = options.layer is not None or options.label is not None
    made_for = preset(options.preset or "good").made_for
    return made_for[0] if made_for and not targeted else "efficientnet_lite0"


def recipe_of(options, model: Model, base: Recipe | None) -> Recipe:
    """The recipe that the options describe, on top of one read from a file if there is one."""
    objective = objective_of(options)
    if base is None:
        height, width = model.height, model.width
        base = Recipe(Spec(model.name, objective or famous(options) or ClassLogit(0), height=height, width=width))
        base = preset(options.preset or "good").applied(base)
    elif options.preset:
        base = preset(options.preset).applied(base)
    given = {
        name: getattr(options, name) for name in ("iterations", "count", "seed") if getattr(options, name) is not None
    }
    if objective:
        given["objective"] = objective
    if options.size:
        given["height"], given["width"] = options.size
    if options.photograph:
        given |= dict(
            start="photograph", photograph=photographs.to_base64(photographs.read(read_bytes(options.photograph)))
        )
    if options.spectrum:
        given["parametrization"] = PhaseImage(measured_spectrum(options.spectrum))
    spec = replace(base.spec, model=model.name, weights=weights_name(options.weights) or base.spec.weights, **given)
    picture = base.picture if base.picture <= spec.iterations else 0
    return changed(replace(base, spec=spec, picture=picture), options.set)


def changed(recipe: Recipe, assignments: list[str]) -> Recipe:
    values = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ActvizError(f"--set {assignment!r} lacks a value; write NAME=VALUE.")
        values[name.strip()] = typed(text.strip())
    return replace(
        recipe, hyperparams=recipe.hyperparams.with_values(values), changes=() if assignments else recipe.changes
    )


def typed(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def objective_of(options) -> Objective | None:
    if options.label is not None:
        ignored = [
            f"--{name}"
            for name in ("layer", "channel", "neuron", "direction")
            if getattr(options, name) not in (None, "")
        ]
        if ignored:
            print(
                f"actviz: {' and '.join(ignored)} {'is' if len(ignored) == 1 else 'are'} ignored: "
                "--class is of the network's output.",
                file=sys.stderr,
            )
        return ClassLogit(int(options.label) if options.label.isdecimal() else options.label)
    if options.layer is None:
        if options.channel is not None or options.neuron or options.direction:
            raise ActvizError("a channel belongs to a layer; give --layer too.")
        return None
    if options.direction:
        return Direction.parse(options.layer, options.direction)
    if options.channel is None:
        if options.neuron:
            raise ActvizError("a neuron is one position of a channel; give --channel too.")
        return LayerEnergy(options.layer)
    if options.neuron:
        return Neuron(options.layer, options.channel, *options.neuron)
    return Channel(options.layer, options.channel)


def famous(options) -> Objective | None:
    made_for = preset(options.preset or "good").made_for
    if made_for:
        return made_for[1]
    raise ActvizError("say what to maximize: --layer (with --channel, --neuron or --direction), or --class.")


def measured_spectrum(folder: Path) -> tuple[float, ...]:
    files = sorted(
        file for file in folder.glob("*") if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".bmp")
    )
    if not folder.is_dir():
        raise ActvizError(f"there is no folder {folder} with photographs.")
    if not files:
        raise ActvizError(f"the folder {folder} holds no photographs.")
    return spectrum_of(photographs.read(read_bytes(file)) for file in files)
