"""Contact sheets: several pictures made in step, as options and as files."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .. import export
from ..export.animation import FILMS, Film, encode
from ..models.model import Model
from ..numerals import written
from ..optimization.recipe import Recipe
from ..studies.column_runs import ColumnRun, LoadHere, run_in_step
from ..studies.comparison import Column, Comparison
from ..studies.labels import shared
from ..studies.sheet import contact_sheet
from .files import check_film, check_paths, ending, keep
from .options import option

GREY = 128  # of a picture that could not be made


@dataclass(frozen=True)
class SheetOptions:
    """The files of several pictures."""

    out: Path = option(Path("actviz.png"), help="PNG with all pictures, labelled, and all recipes inside")
    json: Path | None = option(None, help="all recipes; Compare opens it, as it opens the PNG")
    csv: Path | None = option(None, help="all curves as a table")
    film: Path | None = option(None, help=f"the runs in step as a film: {', '.join(FILMS)}")


def check_files(options: SheetOptions) -> None:
    """ActvizError where a file cannot be written, before anything is computed."""
    check_paths(options.out, options.json, options.csv, options.film)
    check_film(options.film)


def make_sheet(
    options: SheetOptions, columns: Sequence[Column], names: Sequence[str], load: LoadHere, across: int = 0
) -> None:
    """Makes the pictures and writes the files; so many across, or as square as it gets.

    Tells the scores, and what failed; raises the first problem where everything did.
    """
    results = run([column.recipe for column in columns], load)
    made = Comparison(tuple(replace(c, recipe=result.recipe) for c, result in zip(columns, results, strict=True)))
    models = [load(result.recipe.spec.model, result.recipe.spec.weights) for result in results]
    write_files(options, made, results, names, models, across)
    scores = " ".join(scores_of(result) for result in results)
    print(f"{options.out}: {scores} on {models[0].device}")
    for name, result in zip(names, results, strict=True):
        if result.problem is not None:
            print(f"actviz: {name} failed: {result.problem}", file=sys.stderr)


def run(recipes: Sequence[Recipe], load: LoadHere) -> list[ColumnRun]:
    """All results, with a bar on a terminal."""
    total = sum(recipe.picture or recipe.spec.iterations for recipe in recipes)
    with tqdm(total=total, unit="it", disable=None) as bar:
        results = run_in_step(recipes, load, bar.update)
    problems = [result.problem for result in results if result.problem is not None]
    if len(problems) == len(results):
        raise problems[0]
    return results


def write_files(
    options: SheetOptions,
    made: Comparison,
    results: Sequence[ColumnRun],
    names: Sequence[str],
    models: Sequence[Model],
    across: int,
) -> None:
    """The sheet, and what else was asked for."""
    pictures = [picture_of(result) for result in results]
    captions = [f"{name}: {scores_of(result)}" for name, result in zip(names, results, strict=True)]
    title = shared(made.recipes, models)
    keep(options.out, contact_sheet(pictures, captions, made, title=title, across=across))
    if options.json:
        keep(options.json, made.to_json().encode())
    done = {name: result.history for name, result in zip(names, results, strict=True) if result.problem is None}
    if options.csv:
        points = {name: history.points for name, history in done.items()}
        keep(options.csv, export.comparison_csv(points).encode())
    if options.film:
        keep(options.film, encode(Film.in_step(list(done.values()), list(done)), ending(options.film)))


def picture_of(result: ColumnRun) -> np.ndarray:
    """What a column shows, uint8 [h, w, 3]: grey where it failed."""
    spec = result.recipe.spec
    if result.frame is None or result.problem is not None:
        return np.full((spec.height, spec.width, 3), GREY, np.uint8)
    return export.sheet(result.frame.images)


def scores_of(result: ColumnRun) -> str:
    """Of each picture of a column."""
    if result.frame is None or result.problem is not None:
        return "failed"
    return ", ".join(written(score, ".4g") for score in result.frame.score)
