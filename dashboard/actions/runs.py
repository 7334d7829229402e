"""A run as it begins, with all that its visitor is told of it."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial

from actviz_core import (
    ActvizError,
    Change,
    Diagnosis,
    History,
    Hyperparams,
    ModelHandle,
    Recipe,
    ReplayInStep,
    Run,
    diagnose,
)
from dashboard.state import messages, session
from dashboard.state.allowance import allowance
from dashboard.state.visitors import Visitor
from dashboard.state.watched import Watched
from dashboard.words import target
from dashboard.words.changes import describe_change, given_up


def prepare_run(recipe: Recipe, work: ReplayInStep, history: History | None = None) -> Watched:
    """A run that the scheduler does not know yet, as its visitor sees it."""
    run = Run.of(work, recipe.spec.iterations, history or allowance().history)
    if recipe.picture:
        run.limit = recipe.picture
    return watch(session.visitor(), recipe, run)


def watch(visitor: Visitor, recipe: Recipe, run: Run) -> Watched:
    """The recipe's run, as this visitor sees it."""
    entry = visitor.show(run, partial(logged, recipe, run), describe_mark=describe_change)
    entry.earlier = marks_of(recipe)
    return entry


def describe(entry: Watched, recipe: Recipe, model: ModelHandle) -> None:
    """What Explore calls the recipe's run and its pictures, and what explains it where it fails."""
    spec, entry.examine = recipe.spec, partial(examine, recipe, entry.run, model)
    names = [target.title(objective, model) for objective in spec.objectives]
    several = spec.count > 1 and len(names) == 1
    entry.title = target.full_title(spec, model)
    entry.captions = tuple(f"picture {index + 1}" for index in range(spec.count)) if several else tuple(names)


def examine(recipe: Recipe, run: Run, model: ModelHandle) -> Diagnosis | None:
    """Why the run's picture fails; None where it does not, or where its network cannot be asked any more."""
    images = run.newest.images if run.newest else None
    with suppress(ActvizError):
        return diagnose(logged(recipe, run), model, run.history.points, images, run.problem)
    return None


def marks_of(recipe: Recipe) -> tuple[tuple[int, str], ...]:
    """What each of the recipe's changes is called beside the curves."""
    befores = [recipe.hyperparams, *(change.hyperparams for change in recipe.changes)]
    return tuple(
        (
            change.iteration,
            describe_change(before, change.hyperparams) if before != change.hyperparams else "continued from here",
        )
        for before, change in zip(befores, recipe.changes, strict=False)
    )


def logged(recipe: Recipe, run: Run) -> Recipe:
    """The recipe with the changes that the run has obeyed so far."""
    if not run.marks:
        return recipe
    kept = tuple(change for change in recipe.changes if change.iteration < run.marks[0][0])
    return replace(recipe, changes=kept + tuple(Change(*mark) for mark in run.marks))


def obeyed(entry: Watched) -> Hyperparams:
    """What the newest picture was made with, or what the run will obey.

    One that goes on from another may still be replaying that one's changes.
    """
    run, made = entry.run, entry.recipe()
    if run.ended:
        return made.hyperparams_at(run.iteration)
    return run.hyperparams or made.final


def to_come(recipe: Recipe, entry: Watched | None) -> tuple[int, ...]:
    """The iterations of the recorded changes that the recipe's run has yet to replay: none once it has been steered."""
    if entry is None or entry.run.ended or entry.run.hyperparams is not None or entry.recipe() != recipe:
        return ()
    return tuple(change.iteration for change in recipe.changes if change.iteration > entry.run.iteration)


def by_now(recipe: Recipe, entry: Watched | None) -> Recipe:
    """The recipe without the changes that its run has yet to replay: with what that obeys by now."""
    if entry is None or not to_come(recipe, entry):
        return recipe
    return Recipe(recipe.spec, recipe.hyperparams_at(entry.run.iteration))


def tell_given_up(iterations: Collection[int]) -> None:
    """Says that the recorded changes of these iterations are not replayed any more."""
    if iterations:
        messages.notify(given_up(iterations))


def is_made_with(entry: Watched, recipe: Recipe) -> bool:
    """Whether the picture that is there is the recipe's."""
    reached = recipe.hyperparams_at(entry.run.iteration) if entry.run.ended else recipe.final
    return (entry.recipe().spec, obeyed(entry)) == (recipe.spec, reached)


def check_log(entry: Watched, most: int) -> None:
    """ActvizError where a running run has been changed too often.

    A saved file with one change more could not be opened again.
    """
    if not entry.run.ended and entry.marked >= most:
        raise ActvizError(
            f"the settings of this run have been changed {most:,} times, as often as a file can hold; "
            "start a new run to change them further."
        )
