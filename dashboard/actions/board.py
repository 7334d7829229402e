"""The board: runs that are watched together, all columns of a comparison or all pictures of a sweep."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count

from actviz_core import (
    BOARD_CHANGES,
    MOST_CHANGES,
    ActvizError,
    Column,
    Comparison,
    History,
    Judge,
    ModelHandle,
    Objective,
    Recipe,
    ReplayInStep,
    Result,
    Run,
    Sweep,
    label_of,
    sweep,
    together,
)
from dashboard.actions import runs
from dashboard.state import services, session
from dashboard.state.allowance import allowance
from dashboard.state.watched import Watched
from dashboard.words.labels import full, labels, shared

NO_COLUMN = -1
SNAPSHOTS = 1  # bytes of each run: nothing goes on from the middle here


def start(comparison: Comparison) -> None:
    """Starts all columns in step, in place of those that ran before. A sweep stays, and waits."""
    entries = [begun(column.recipe, column.number, len(comparison.columns)) for column in comparison.columns]
    name_all(entries)
    colour(entries, session.board())
    clear()
    session.set_board([entry.key for entry in entries])
    services.scheduler().start_team([entry.run for entry in entries], together)


def start_sweep(swept: Sweep) -> None:
    """Starts the pictures of a sweep in step, in place of the one before. The columns stay, and wait."""
    recipe, across, down = swept.recipe, swept.across, swept.down
    entries, cells = [], sweep(recipe, across, down)
    values = [(column, row) for row in down.values(recipe.hyperparams) for column in across.values(recipe.hyperparams)]
    for (label, cell), pair in zip(cells, values, strict=True):
        named = tuple((label_of(axis.address), f"{value:g}") for axis, value in zip((across, down), pair, strict=True))
        entry = begun(cell, NO_COLUMN, len(cells))
        name(entry, ", ".join(f"{each} {value}" for each, value in named))
        entry.captions, entry.swept = (label,), named
        entry.colour = len(entries)
        entries.append(entry)
    end(session.sweep())
    session.set_sweep([entry.key for entry in entries], swept)
    services.scheduler().start_team([entry.run for entry in entries], together)


def axes(entries: Sequence[Watched], across: int) -> list[dict]:
    """Name and values of what varies along the row and down the column of a sweep."""
    if not across or not entries or not entries[0].swept:
        return []
    sides = [entry.swept[0] for entry in entries[:across]], [entry.swept[1] for entry in entries[::across]]
    return [{"name": side[0][0], "values": [value for _, value in side]} for side in sides]


def title(entries: Sequence[Watched]) -> str:
    """What all have in common."""
    return shared([entry.recipe() for entry in entries])


def begun(recipe: Recipe, number: int, of: int, pictures: int = 0, uphill: bool = False) -> Watched:
    """A run that the scheduler does not know yet, as one of so many that share these bytes of pictures.

    pictures  0: as many as the board has
    uphill    whether its frames show the gradient too

    One that cannot start will say why and leave the others alone.
    """
    entry = runs.prepare_run(
        recipe, ReplayInStep(recipe, uphill), History((pictures or allowance().board) // of, SNAPSHOTS)
    )
    entry.column = number
    try:
        model = services.loaded(recipe.spec.model, recipe.spec.weights)
    except ActvizError as problem:
        entry.run.take(problem, None)
        return entry
    entry.examine, entry.evaluate = partial(runs.examine, recipe, entry.run, model), partial(judging, entry.run, recipe)
    return entry


def judging(run: Run, recipe: Recipe) -> Judge:
    """The task that evaluates the finished picture."""
    if run.newest is None:
        raise ActvizError("there is no picture yet.")
    return Judge(recipe.spec, run.newest.images[0])


def name_all(entries: Sequence[Watched]) -> None:
    """Columns are called by what their pictures are made with.

    What their sliders are set to since is another matter.
    """
    made = [replace(entry.recipe(), hyperparams=runs.obeyed(entry), changes=(), picture=0) for entry in entries]
    columns = [Column(recipe, number=entry.column) for entry, recipe in zip(entries, made, strict=True)]
    for entry, title in zip(entries, labels(columns), strict=True):
        name(entry, title)


def name(entry: Watched, title: str) -> None:
    entry.title, entry.captions, entry.about = title, (title,), f"{full(entry.recipe())}: {title}"


def colour(entries: Sequence[Watched], before: Sequence[Watched]) -> None:
    """A column keeps the colour that it had; a new one takes the first that none of them has."""
    had = {entry.column: entry.colour for entry in before}
    taken = {had[entry.column] for entry in entries if entry.column in had}
    free = (colour for colour in count() if colour not in taken)
    for entry in entries:
        entry.colour = had[entry.column] if entry.column in had else next(free)


def end(entries: Iterable[Watched]) -> None:
    for entry in entries:
        entry.run.cancel()


def clear() -> None:
    """Ends the columns' runs and takes them away."""
    end(session.board())
    session.set_board([])


def follow() -> None:
    """Lets the board show the columns that there are now.

    A removed one ends and disappears, an added one starts; the others go on.
    """
    entries, comparison = session.board(), session.comparison()
    if not entries or session.sweeping():  # nothing has been started, or nobody sees it
        return
    known, shown, added = {entry.column: entry for entry in entries}, [], []
    for column in comparison.columns:
        entry = known.pop(column.number, None)
        if entry is None:
            entry = begun(column.recipe, column.number, len(comparison.columns))
            added.append(entry.run)
        shown.append(entry)
    name_all(shown)
    end(known.values())
    colour(shown, entries)
    if known or added:
        session.set_board([entry.key for entry in shown])
    if added:
        services.scheduler().start_team(added, together)


def steer(comparison: Comparison) -> None:
    """Takes changed sliders over; what is running obeys at its next iteration."""
    wanted, entries = {column.number: column.recipe.final for column in comparison.columns}, session.board()
    moved = [
        entry
        for entry in entries
        if entry.column in wanted and not entry.run.ended and runs.obeyed(entry) != wanted[entry.column]
    ]
    for entry in moved:
        runs.check_log(entry, min(MOST_CHANGES, BOARD_CHANGES // len(entries)))
    session.set_comparison(comparison)
    for entry in moved:
        entry.run.update(wanted[entry.column])


def by_column() -> dict[int, Watched]:
    """The runs by the numbers of their columns."""
    return {entry.column: entry for entry in session.board()}


def to_come(columns: Sequence[Column]) -> set[int]:
    """The iterations of the recorded changes that the columns have yet to replay."""
    entries = by_column()
    return {each for column in columns for each in runs.to_come(column.recipe, entries.get(column.number))}


def outdated() -> int:
    """How many of the pictures were made with other settings than their columns have by now."""
    made = {entry.column: entry for entry in session.board() if entry.run.newest is not None}
    columns = [column for column in session.comparison().columns if column.number in made]
    return sum(not runs.is_made_with(made[column.number], column.recipe) for column in columns)


# numbers


def evaluate(entries: Sequence[Watched]) -> None:
    """Has the pictures evaluated once all of them have finished, each once.

    Nobody waits for that: those who watch are told as the numbers come.
    """
    if not all(entry.run.ended for entry in entries):
        return
    for entry in entries:
        if entry.run.newest is not None and entry.evaluate is not None:
            task, entry.evaluate = entry.evaluate(), None
            services.door().submit(task).then(partial(judged, entry))


def judged(entry: Watched, result: Result) -> None:
    """One that cannot be evaluated has no number; the others have theirs."""
    if result.problem is None:
        entry.judgement = result.value


def units(comparison: Comparison) -> list[tuple[Objective, ModelHandle]]:
    """What the columns maximize, each once, where their network is known."""
    found = {}
    for recipe in comparison.recipes:
        model = services.known_model(recipe.spec.model, recipe.spec.weights)
        if model is not None:
            found |= {(objective, model.network): model for objective in recipe.spec.objectives}
    return [(objective, model) for (objective, _), model in found.items()]
