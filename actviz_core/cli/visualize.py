"""visualize: one picture, its curves and how it came about."""

import sys
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .. import export, origin
from ..evaluation.diagnosis import diagnose
from ..export.animation import FILMS, Film, encode
from ..export.script import script_of
from ..frames import Frame
from ..models.model import Model
from ..models.weights import weights_name
from ..optimization.loop import replay
from ..optimization.recipe import Recipe
from ..runs.history import Point
from .command import Command
from .files import check_film, check_paths, ending, keep
from .method import MethodOptions, changed, named, new_recipe, read_recipe, usual_model
from .network import ModelOptions, loaded
from .options import option
from .target import TargetOptions, is_given, objective_of


@dataclass(frozen=True)
class VisualizeOptions:
    """Of what, how, and into which files."""

    network: ModelOptions
    target: TargetOptions
    method: MethodOptions
    recipe: Path | None = option(None, help="a PNG or JSON saved earlier; other options change it")
    out: Path = option(Path("actviz.png"), help="PNG, with the recipe inside")
    json: Path | None = option(None, help="the curves and the recipe")
    csv: Path | None = option(None, help="the curves as a table")
    script: Path | None = option(None, help="a Python script that makes the same picture with torch alone")
    film: Path | None = option(None, help=f"the run as a film: {', '.join(FILMS)}")


@dataclass(frozen=True)
class Course:
    """What a run left behind: its last frame, all points, and the pictures by iteration where they are wanted."""

    last: Frame
    points: list[Point]
    pictures: dict[int, np.ndarray]


def make_picture(options: VisualizeOptions) -> None:
    """Makes the picture and writes the files; tells the scores, and why they are poor where they are."""
    check_paths(options.out, options.json, options.csv, options.script, options.film)
    check_film(options.film)
    model, recipe = described(options)
    script = script_of(model, recipe) if options.script else ""
    course = run(model, recipe, options.film is not None)
    recipe = replace(recipe, origin=origin.here(model.device))
    write_files(options, course, recipe, script)
    print(f"{options.out}: {' '.join(f'{score:.4g}' for score in course.last.score)} on {model.device}")
    trouble = diagnose(recipe, model, course.points, course.last.images)
    if trouble:
        print(f"actviz: {trouble.text} {trouble.label}.".replace(" .", ""), file=sys.stderr)


def described(options: VisualizeOptions) -> tuple[Model, Recipe]:
    """The network and the recipe; tells where one from a file was made elsewhere."""
    base = read_recipe(options.recipe)
    usual = base.spec.model if base else usual_model(options.method, is_given(options.target))
    model = loaded(usual, options.network, base.spec.weights if base else "")
    if base and (difference := origin.told([base.origin], model.device)):
        print(f"actviz: {difference}", file=sys.stderr)
    objective = objective_of(options.target)
    recipe = changed(base or new_recipe(options.method, objective, model), options.method, objective, model)
    return model, named(recipe, model.name, weights_name(options.network.weights))


def run(model: Model, recipe: Recipe, filmed: bool) -> Course:
    """The run as far as the recipe's picture, with a bar on a terminal."""
    points: list[Point] = []
    pictures: dict[int, np.ndarray] = {}
    end = recipe.picture or recipe.spec.iterations
    with tqdm(total=end, unit="it", disable=None) as bar, closing(replay(model, recipe)) as frames:
        for frame in islice(frames, end):
            points.append(Point.of(frame))
            if filmed:
                pictures[frame.iteration] = frame.images
            bar.update()
            bar.set_postfix(score=f"{sum(frame.score) / len(frame.score):.3g}")
    return Course(frame, points, pictures)


def write_files(options: VisualizeOptions, course: Course, recipe: Recipe, script: str) -> None:
    """The picture, and what else was asked for."""
    keep(options.out, export.png(course.last.images, recipe))
    if options.csv:
        keep(options.csv, export.curves_csv(course.points).encode())
    if options.json:
        keep(options.json, export.curves_json(course.points, recipe).encode())
    if options.script:
        keep(options.script, script.encode())
    if options.film:
        keep(options.film, encode(Film.of_run(course.pictures), ending(options.film)))


COMMAND = Command("visualize", "make a picture", VisualizeOptions, make_picture)
