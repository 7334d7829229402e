"""Curves: every point of a run, or of several, as CSV and as JSON beside the recipe."""

import csv
import io
import json
from contextlib import suppress
from dataclasses import asdict

from ..optimization.recipe import Recipe
from ..reading import LONGEST_JSON
from ..runs.history import Point

CURVES = '{"recipe": '  # how the file begins that holds a recipe and its curves


def curves_csv(points: list[Point]) -> str:
    """A line per iteration: score and gradient of each image, every penalty, learning rate, seconds."""
    images = range(len(points[0].score)) if points else ()
    penalties = list(dict.fromkeys(name for point in points for name, _ in point.penalties))
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(
        [
            "iteration",
            *(f"score_{i}" for i in images),
            *penalties,
            *(f"gradient_{i}" for i in images),
            "learning_rate",
            "seconds",
        ]
    )
    for point in points:
        by_name = dict(point.penalties)
        table.writerow(
            [
                point.iteration,
                *point.score,
                *(by_name.get(name, 0.0) for name in penalties),
                *point.gradient,
                point.learning_rate,
                point.seconds,
            ]
        )
    return file.getvalue()


def comparison_csv(columns: dict[str, list[Point]]) -> str:
    """A line per column and iteration, by the columns' labels."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["column", "iteration", "score", "penalties", "gradient", "learning_rate", "seconds"])
    for label, points in columns.items():
        for point in points:
            penalties = sum(value for _, value in point.penalties)
            table.writerow(
                [
                    label,
                    point.iteration,
                    point.score[0],
                    penalties,
                    point.gradient[0],
                    point.learning_rate,
                    point.seconds,
                ]
            )
    return file.getvalue()


def curves_json(points: list[Point], recipe: Recipe) -> str:
    """The recipe and every point, for other programs."""
    return f'{CURVES}{recipe.to_json()}, "points": {json.dumps([asdict(point) for point in points])}}}'


def without_points(text: str) -> str:
    """The recipe of what `curves_json` wrote, as it stands before the points; any other text as it is."""
    if not text.startswith(CURVES):
        return text
    with suppress(ValueError, RecursionError):
        _, end = json.JSONDecoder().raw_decode(text[: len(CURVES) + LONGEST_JSON], len(CURVES))
        return text[len(CURVES) : end]
    return text
