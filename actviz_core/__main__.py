"""python -m actviz_core {models, layers, visualize, gallery}: the core from a shell."""

import argparse
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from . import export, machine
from .optimization import origin
from .dataset import photographs
from .models.catalogue import catalogue, register
from .studies.sheet import gallery_sheet, gallery_table
from .evaluation.diagnosis import diagnose
from .errors import ActvizError
from .export.animation import FILMS, Film, encode
from .studies.gallery import FAILED, Gallery
from .runs.history import Point
from .models.layers import list_layers
from .models.model import Model, load_model
from .objectives import Channel, ClassLogit, Direction, LayerEnergy, Neuron, Objective
from .optimization.loop import replay
from .optimization.parametrizations import PhaseImage, spectrum_of
from .optimization.presets import PRESETS, preset
from .optimization.recipe import Recipe, Spec
from .studies.store import Store, default_folder, replaced
from .models.weights import weights_name


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0, or 2 with a sentence on stderr when something was asked for wrongly."""
    options = parser().parse_args(arguments)
    machine.keep_memory()
    try:
        options.command(options)
    except ActvizError as problem:
        print(f"actviz: {problem}", file=sys.stderr)
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        return 130
    except OSError as problem:
        print(f"actviz: {problem.filename or 'a file'} cannot be written: {problem.strerror}.", file=sys.stderr)
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="actviz_core", description="Activation maximization: what a network's neurons look for.")
    commands = top.add_subparsers(required=True, metavar="models | layers | visualize | gallery")

    models = commands.add_parser("models", help="list the networks that can be loaded")
    models.add_argument("--timm", action="store_true", help="timm's networks too (over a thousand)")
    models.set_defaults(command=show_models)

    layers = commands.add_parser("layers", help="list a network's layers with their real shapes")
    add_model(layers)
    layers.add_argument("--size", type=size, help="pixels a side, or HEIGHTxWIDTH; the network's own if not given")
    layers.set_defaults(command=show_layers)

    visualize = commands.add_parser("visualize", help="make a picture")
    add_model(visualize)
    add_target(visualize)
    add_method(visualize)
    visualize.set_defaults(command=make_picture)

    gallery = commands.add_parser("gallery", help="make a small picture of every channel of a layer; goes on where it stopped")
    add_model(gallery)
    add_gallery(gallery)
    gallery.set_defaults(command=make_gallery)
    return top


def add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", help="a name from `models`, timm/NAME, or package.module:function of your own")
    command.add_argument("--weights", default="", help="untrained, or a file of weights for that architecture")
    command.add_argument("--input-size", default="", metavar="64x96", help="what a network of your own takes, in pixels; 224 if not given")
    command.add_argument("--mean", default="", metavar="0.5,0.4,0.3", help="of each channel of its input, of images in [0, 1]; 0 if not given")
    command.add_argument("--std", default="", metavar="0.2,0.2,0.2", help="the same; 1 if not given")
    command.add_argument("--labels", default="", metavar="FILE", help="the names of its classes, one a line")
    command.add_argument("--device", default="auto", help="auto, cpu, cuda, mps")


def add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layer", help="a name from `layers`; alone: the energy of the whole layer")
    command.add_argument("--channel", type=int, help="a feature map of the layer")
    command.add_argument("--neuron", type=pair, metavar="ROW,COLUMN", help="one position of the channel")
    command.add_argument("--direction", metavar="CHANNEL:WEIGHT,...", help="several channels of the layer")
    command.add_argument("--class", dest="label", metavar="NAME_OR_INDEX", help="a class instead of a layer")


def add_method(command: argparse.ArgumentParser) -> None:
    command.add_argument("--recipe", type=Path, help="a PNG or JSON saved earlier; other options change it")
    command.add_argument("--preset", help=", ".join(known.name for known in PRESETS))
    command.add_argument("--iterations", type=int)
    command.add_argument("--size", type=size, help="pixels a side, or HEIGHTxWIDTH")
    command.add_argument("--count", type=int, help="pictures made together")
    command.add_argument("--seed", type=int)
    command.add_argument("--photograph", type=Path, help="an image file to start from")
    command.add_argument("--spectrum", type=Path, metavar="FOLDER", help="photographs whose spectrum phases are fitted to")
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="such as total_variation=0.2 or scale.low=0.9")
    command.add_argument("--out", type=Path, default=Path("actviz.png"), help="PNG, with the recipe inside")
    command.add_argument("--json", type=Path, help="the curves and the recipe")
    command.add_argument("--csv", type=Path, help="the curves as a table")
    command.add_argument("--film", type=Path, help="the run as a film: .gif, .webp or .mp4")


def add_gallery(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layer", required=True, help="a name from `layers`")
    command.add_argument("--channels", default="", metavar="0-63,70", help="all of the layer's if not given")
    command.add_argument("--preset", default="good", help=", ".join(known.name for known in PRESETS))
    command.add_argument("--iterations", type=int, default=64)
    command.add_argument("--size", type=size, default=(128, 128), help="pixels a side, or HEIGHTxWIDTH")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--store", type=Path, help="folder to keep the pictures in; ACTVIZ_STORE, or one among your caches, if not given")
    command.add_argument("--sheet", type=Path, help="PNG with all of them, labelled")
    command.add_argument("--table", type=Path, help="CSV: channel, score, state")


# the commands


def show_models(options) -> None:
    for entry in catalogue():
        if entry.family != "timm" or options.timm:
            size = f"{entry.megabytes:.0f} MB to download" if entry.megabytes else ""
            print(f"{entry.name:32} {entry.family:12} {size}".rstrip())
    if not options.timm:
        print("timm/NAME                        timm         (--timm lists them)")


def show_layers(options) -> None:
    model = loaded("efficientnet_lite0", options)
    height, width = options.size or (model.height, model.width)
    print(f"{'layer':34} {'kind':22} {'channels':>8} {'rows':>5} {'columns':>7}")
    for layer in list_layers(model, height, width):
        print(f"{layer.name:34} {layer.kind:22} {layer.channels:8} {layer.height:5} {layer.width:7}")


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


def make_gallery(options) -> None:
    check_paths(options.sheet, options.table)
    model = loaded("efficientnet_lite0", options)
    gallery = gallery_of(options, model)
    wanted, store = gallery.chosen(options.channels), Store(options.store or default_folder())
    tiles = {channel: tile for channel, tile in store.tiles(gallery).items() if channel in wanted}
    with tqdm(total=len(wanted), initial=len(tiles), unit="channel", disable=None) as bar:
        for tile in store.fill(gallery, model, wanted - tiles.keys()):
            tiles[tile.channel] = tile
            bar.update()
    if options.sheet:
        keep(options.sheet, gallery_sheet(gallery, dict(sorted(tiles.items()))))
    if options.table:
        keep(options.table, gallery_table(tiles).encode())
    print(f"{store.place(gallery)}: {len(tiles)} of {gallery.channels} channels of {gallery.layer}")
    for tile in (tile for tile in tiles.values() if tile.flag == FAILED):
        print(f"actviz: channel {tile.channel} failed: {tile.reason}", file=sys.stderr)


def check_paths(*paths: Path | None) -> None:
    given = [path.resolve() for path in paths if path]
    twice = next((path for path in given if given.count(path) > 1), None)
    if twice:
        raise ActvizError(f"{twice.name} is to be written twice; give each output a file of its own.")
    for path in filter(None, paths):
        if not path.resolve().parent.is_dir():
            raise ActvizError(f"there is no folder {path.resolve().parent} to write {path.name} into.")
        if path.is_dir():
            raise ActvizError(f"{path} is a folder; name a file in it.")
        if not os.access(path if is_special(path) else path.resolve().parent, os.W_OK):
            raise ActvizError(f"{path} cannot be written: the folder is read-only, or somebody else's.")


def is_special(path: Path) -> bool:
    """A device or a pipe, that no file can take the place of."""
    return path.exists() and not path.is_file()


def keep(path: Path, data: bytes) -> None:
    """A full disk costs nobody the file that was there before."""
    try:
        if is_special(path):
            path.write_bytes(data)
        else:
            replaced(path.resolve(), data)
    except OSError as problem:
        raise ActvizError(f"{path} cannot be written: {problem.strerror or problem}.") from None


def check_film(path: Path | None) -> None:
    if path is not None and kind_of(path) not in FILMS:
        raise ActvizError(f"a film is written as {', '.join(FILMS)}; {path.name} is none of these.")


# options as values


def kind_of(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def loaded(usual: str, options, base: Recipe | None = None) -> Model:
    """The network that the options name, else the usual one. What a recipe says is neither imported nor opened."""
    if options.model and ":" in options.model:
        register(options.model, options.input_size, options.mean, options.std, options.labels)
    recorded = base.spec.weights if base else ""
    if not options.weights and recorded not in ("", "untrained"):
        raise ActvizError(f"the recipe needs a file of weights ({recorded:.24}...); name it with --weights.")
    return load_model(options.model or usual, options.device, options.weights or recorded)


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
    given = {name: getattr(options, name) for name in ("iterations", "count", "seed") if getattr(options, name) is not None}
    if objective:
        given["objective"] = objective
    if options.size:
        given["height"], given["width"] = options.size
    if options.photograph:
        given |= dict(start="photograph", photograph=photographs.to_base64(photographs.read(read_bytes(options.photograph))))
    if options.spectrum:
        given["parametrization"] = PhaseImage(measured_spectrum(options.spectrum))
    spec = replace(base.spec, model=model.name, weights=weights_name(options.weights) or base.spec.weights, **given)
    picture = base.picture if base.picture <= spec.iterations else 0
    return changed(replace(base, spec=spec, picture=picture), options.set)


def gallery_of(options, model: Model) -> Gallery:
    spec = Spec(model.name, Channel(options.layer, 0), height=options.size[0], width=options.size[1], seed=options.seed, weights=weights_name(options.weights))
    recipe = preset(options.preset).applied(Recipe(spec))
    return Gallery.of(model, options.layer, replace(recipe, spec=replace(recipe.spec, iterations=options.iterations)))


def changed(recipe: Recipe, assignments: list[str]) -> Recipe:
    values = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ActvizError(f"--set {assignment!r} lacks a value; write NAME=VALUE.")
        values[name.strip()] = typed(text.strip())
    return replace(recipe, hyperparams=recipe.hyperparams.with_values(values), changes=() if assignments else recipe.changes)


def typed(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def objective_of(options) -> Objective | None:
    if options.label is not None:
        ignored = [f"--{name}" for name in ("layer", "channel", "neuron", "direction") if getattr(options, name) not in (None, "")]
        if ignored:
            print(f"actviz: {' and '.join(ignored)} {'is' if len(ignored) == 1 else 'are'} ignored: --class is of the network's output.", file=sys.stderr)
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
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".bmp"))
    if not folder.is_dir():
        raise ActvizError(f"there is no folder {folder} with photographs.")
    if not files:
        raise ActvizError(f"the folder {folder} holds no photographs.")
    return spectrum_of(photographs.read(read_bytes(file)) for file in files)


def read_bytes(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(export.LARGEST_FILE + 1)  # readers refuse what is longer; a device has no end
    except OSError as problem:
        raise ActvizError(f"{path} cannot be read: {problem.strerror}.") from None


def size(text: str) -> tuple[int, int]:
    height, _, width = text.partition("x")
    return int(height), int(width or height)


def pair(text: str) -> tuple[int, int]:
    row, column = text.split(",")
    return int(row), int(column)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as usual again, after the imports (__init__.py)
    sys.exit(main())
