"""The board: runs that are watched together, all columns of a comparison or all pictures of a sweep."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from actviz_core import ActvizError, Column, Comparison, History, Preset, Recipe, Run, diagnose, export, judge, steps, together
from dashboard import session, steering, target
from dashboard.visitors import Watched

PICTURES, SNAPSHOTS = 96 * 2**20, 1  # bytes of history for all runs of the board; nothing goes on from the middle here


def start(recipes: Sequence[Recipe], labels: Sequence[str], across: int = 0) -> None:
    """Starts them in step, in place of what was there. One that cannot start says why and leaves the others alone."""
    for entry in session.board():
        entry.run.cancel()
    visitor, entries = session.visitor(), []
    for recipe, label in zip(recipes, labels):
        run, examine = prepared(recipe, PICTURES // len(recipes))
        entries.append(visitor.show(run, lambda recipe=recipe, run=run: steering.logged(recipe, run), label, [label], describe_mark=steering.told, examine=examine))
    session.set_board([entry.key for entry in entries], across)
    session.scheduler().submit_team([entry.run for entry in entries], together)


def prepared(recipe: Recipe, picture_bytes: int) -> tuple[Run, Callable | None]:
    """A run, and what examines it."""
    history = History(picture_bytes, SNAPSHOTS)
    try:
        model = session.loaded(recipe.spec.model, recipe.spec.weights)
    except ActvizError as problem:
        return Run(failing(problem), recipe.spec.iterations, history), None
    run = Run(steps(model, recipe), recipe.spec.iterations, history)
    return run, lambda: diagnose(recipe, model, run.history.points, run.newest.images if run.newest else None, run.error)


def failing(problem: ActvizError):
    raise problem
    yield


def steer(comparison: Comparison) -> None:
    """Takes changed sliders over; what is running obeys at its next iteration."""
    session.set_comparison(comparison)
    entries = session.board()
    if len(entries) == len(comparison.columns):
        for entry, column in zip(entries, comparison.columns):
            if not entry.run.ended and (entry.run.hyperparams or entry.recipe().hyperparams) != column.recipe.hyperparams:
                entry.run.update(column.recipe.hyperparams)


def labels(recipes: Sequence[Recipe]) -> list[str]:
    """A short name for each: its number and what tells it from the others."""
    if not recipes:
        return []
    parts = [parts_of(recipe) for recipe in recipes]
    telling = [place for place in range(len(parts[0])) if len({each[place] for each in parts}) > 1] or [1, 2]
    return [f"{index}. {', '.join(filter(None, (each[place] for place in telling)))}" for index, each in enumerate(parts, 1)]


def parts_of(recipe: Recipe) -> tuple[str, ...]:
    spec = recipe.spec
    weights = {"": "trained", "untrained": "untrained"}.get(spec.weights, "custom weights")
    # Without the model: a link must not make it load before anybody has pressed Start.
    layer, _, place = target.title(spec.objectives[0]).partition(", ")
    return spec.model, layer, place, weights, f"seed {spec.seed}", steering.preset_title(recipe), f"{spec.height} x {spec.width}"


# numbers


def numbers(entries: Sequence[Watched]) -> list[dict]:
    """A line of the table for each; what needs the finished picture is empty until then. Seconds are those of all: the columns go in step."""
    return [line(entry) for entry in entries]


def line(entry: Watched) -> dict:
    run, spec = entry.run, entry.recipe().spec
    frame = run.newest
    found = {"Column": entry.title, "Score": frame.score[0] if frame else None, "Held-out score": None, "Rank in layer": ""}
    found |= {"Iterations": run.iteration, "Total time (s)": sum(point.seconds for point in run.history.points)}
    if run.ended and frame is not None:
        judgement = session.judged(run.key, lambda: judge(session.model(spec.model, spec.weights), spec, frame.images[0]))
        found["Held-out score"] = judgement.score
        found["Rank in layer"] = f"{judgement.rank} of {judgement.of}" if judgement.rank else ""
    return found | ({"Error": run.error} if run.error else {})


# keeping


def preset_of(entry: Watched, title: str) -> Preset:
    """The settings of a picture under a name of the visitor's own."""
    title = title.strip()[:40]
    if not title:
        raise ActvizError("give the preset a name.")
    recipe = entry.recipe()
    method = {name: getattr(recipe.spec, name) for name in ("parametrization", "optimizer", "iterations", "octaves", "octave_factor", "redirected")}
    return Preset(title, title, "Yours, saved from a comparison until this page is closed", recipe.hyperparams, method)


def shown(entries: Sequence[Watched]) -> tuple[list[Watched], Comparison]:
    """Those with a picture, and them as a comparison to be written into a file."""
    pictured = [entry for entry in entries if entry.run.newest is not None]
    return pictured, Comparison(tuple(Column(replace(entry.recipe(), picture=0)) for entry in pictured))


def contact_sheet(entries: Sequence[Watched]) -> bytes:
    pictured, comparison = shown(entries)
    captions = [f"{entry.title}: {entry.run.newest.score[0]:.4g}" for entry in pictured]
    return export.contact_sheet([entry.run.newest.images[0] for entry in pictured], captions, comparison)


def film(entries: Sequence[Watched]) -> bytes:
    pictured, _ = shown(entries)
    return export.gif_in_step([entry.run.history for entry in pictured], [entry.title for entry in pictured])


def curves(entries: Sequence[Watched]) -> str:
    return export.comparison_csv({entry.title: list(entry.run.history.points) for entry in entries})
