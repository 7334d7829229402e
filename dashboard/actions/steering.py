"""What becomes of a wish: it changes the recipe of the page, steers the run that is shown, or starts another."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image

from actviz_core import (
    MOST_CHANGES,
    PRESETS,
    REMEDIES,
    ActvizError,
    Change,
    Channel,
    DownloadFailed,
    Hyperparams,
    ModelHandle,
    Objective,
    Recipe,
    Replay,
    Run,
    Spec,
    described,
    diagnose,
    export,
    label_of,
)
from dashboard.actions import neighbours
from dashboard.server.feed import jpeg
from dashboard.state import messages, services, session
from dashboard.state.page_state import Opened
from dashboard.state.visitors import Watched
from dashboard.words import target

OWN = "Custom settings"
LARGEST_STILL = 1024  # px


# changing what the page is set to


def edit(recipe: Recipe) -> None:
    """Takes a changed recipe over. Hyperparams steer what is running; another spec needs another run, at once."""
    before, entry = session.recipe(), session.watched()
    if recipe.spec != before.spec:
        check(recipe.spec)
    elif entry is not None:
        check_log(entry, MOST_CHANGES)
    session.set_recipe(recipe)
    if entry is None or entry.run.ended:
        return
    if recipe.spec != before.spec:
        start(recipe)
        names = changed_names(before.spec, recipe.spec).capitalize()
        st.toast(f"{names} cannot change during a run, so a new run has started.", icon=":material/restart_alt:")
    else:
        entry.run.update(recipe.final)


def follow() -> None:
    """The settings have changed by the browser's buttons: what runs obeys, or ends for a run of what is set now."""
    recipe, entry = session.recipe(), session.watched()
    if entry is None or entry.run.ended:
        return
    if entry.recipe().spec == recipe.spec:
        if obeyed(entry) != recipe.final:
            entry.run.update(recipe.final)
    else:
        messages.guarded(lambda: start(recipe))()


def check(spec: Spec) -> ModelHandle:
    """The spec's model; ActvizError if its picture is too small for it, or its target does not exist in it."""
    model = services.loaded(spec.model, spec.weights, spec.height, spec.width)
    for objective in spec.objectives:
        objective.checked(model, spec.height, spec.width)
    return model


def check_log(entry: Watched, most: int) -> None:
    """ActvizError where a running run has been changed too often.

    A saved file with one change more could not be opened again.
    """
    if not entry.run.ended and entry.marked >= most:
        raise ActvizError(
            f"the settings of this run have been changed {most:,} times, as often as a file can hold; "
            "start a new run to change them further."
        )


def edit_spec(**changes) -> None:
    recipe = session.recipe()
    edit(replace(recipe, spec=replace(recipe.spec, **changes), hyperparams=recipe.final, changes=(), picture=0))


def edit_number(address: str, value) -> None:
    """One number of the hyperparams as they are now; whoever draws its slider need not know the others."""
    recipe = session.recipe()
    edit(replace(recipe, hyperparams=recipe.final.with_value(address, value), changes=(), picture=0))


def step_to(objective: Objective) -> None:
    """Another target, started at once in place of what runs: stepping through channels needs no word about it."""
    recipe = session.recipe()
    if objective == recipe.spec.objective:  # there is nothing further on
        return
    stepped = replace(recipe, spec=replace(recipe.spec, objective=objective), hyperparams=recipe.final, changes=())
    check(stepped.spec)
    session.set_recipe(stepped)
    start(stepped)


def changed_names(before: Spec, after: Spec) -> str:
    """The fields of a spec that differ, as the page calls them."""
    labels = {name: setting.label.lower() for name, setting in described(Spec).items() if setting.label} | {
        "objective": "target"
    }
    changed = [name for name in Spec.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
    return " and ".join(labels.get(name, name.replace("_", " ")) for name in changed)


def open_file(file) -> None:
    """The page is set to the file's recipe, and shows its picture in place of a run's: picture and settings agree."""
    data = file.getvalue()
    recipe = export.read_recipe(data)
    check(recipe.spec)
    picture = export.read_picture(data, recipe)
    (recipe,) = session.brought([recipe])
    session.set_recipe(recipe)
    session.show_opened(Opened(file.name, recipe, b"" if picture is None else still(picture)))


def open_tile(recipe: Recipe, model: ModelHandle) -> None:
    """The page is set to a channel of the Gallery, and shows its picture until there is a run's."""
    session.set_recipe(recipe)
    tile = services.in_gallery(recipe, model)
    if tile is None:
        session.show_opened(Opened("the Gallery", recipe))
        return
    picture = np.asarray(Image.open(io.BytesIO(tile)).convert("RGB"))
    session.show_opened(Opened("the Gallery", recipe, still(picture), picture.shape[1]))


def still(picture: np.ndarray) -> bytes:
    """A JPEG for the page, no larger than it is shown."""
    image = Image.fromarray(picture)
    image.thumbnail((LARGEST_STILL, LARGEST_STILL))
    return jpeg(np.asarray(image))


def preset_title(recipe: Recipe) -> str:
    bare = replace(recipe, hyperparams=recipe.final, changes=())
    return next((preset.title for preset in (*PRESETS, *session.own_presets()) if preset.applied(recipe) == bare), OWN)


def take_wanted_model() -> None:
    wanted = session.wanted_model()
    if wanted is not None:
        messages.guarded(lambda: set_model(*wanted))()


def set_model(name: str, weights: str) -> None:
    """Another network: its own size, and the same target if it has it."""
    try:
        model = services.loaded(name, weights)
    except DownloadFailed as problem:
        if weights:
            raise
        raise ActvizError(
            f"{problem} Untrained, {name} needs no download: switch on Untrained beside Model, then choose it again."
        ) from None
    recipe = session.recipe()
    natural = (recipe.spec.height, recipe.spec.width) == natural_size(recipe.spec)
    size = (model.height, model.width) if natural or model.fixed_size else (recipe.spec.height, recipe.spec.width)
    objectives = tuple(neighbours.fitted(objective, model, size) for objective in recipe.spec.objectives)
    objective = objectives if isinstance(recipe.spec.objective, tuple) else objectives[0]
    edit_spec(model=name, weights=weights, objective=objective, height=size[0], width=size[1])


def natural_size(spec: Spec) -> tuple[int, int]:
    model = services.model(spec.model, spec.weights)
    return model.height, model.width


# runs


def start(recipe: Recipe, entry_before=None, iteration: int = 0) -> None:
    """Starts a run in place of the one shown; with an earlier entry, goes on from that iteration of it."""
    model = check(recipe.spec)
    old = session.watched()
    if old is not None:
        old.run.cancel()
    snapshot = entry_before.run.history.snapshot_before(iteration) if entry_before else None
    run = Run.of(Replay(recipe, snapshot), recipe.spec.iterations)
    if snapshot is not None:
        run.inherit(entry_before.run.history, snapshot.iteration)
    if recipe.picture:
        run.limit = recipe.picture
    names = [target.title(objective, model) for objective in recipe.spec.objectives]
    several = recipe.spec.count > 1 and len(names) == 1
    captions = [f"picture {index + 1}" for index in range(recipe.spec.count)] if several else names

    entry = session.visitor().show(
        run,
        lambda: logged(recipe, run),
        title(recipe, model),
        captions,
        describe_mark=told,
        examine=examining(recipe, run, model),
    )
    if (
        snapshot is None
        and not recipe.changes
        and recipe.spec.count == 1
        and isinstance(recipe.spec.objectives[0], Channel)
    ):
        entry.preview = partial(services.in_gallery, recipe, model)
    entry.earlier = marks_of(recipe)
    session.watch(entry)
    services.scheduler().start(run)


def examining(recipe: Recipe, run: Run, model: ModelHandle) -> Callable:
    """What tells why the run's picture fails."""
    return lambda: diagnose(
        logged(recipe, run), model, run.history.points, run.newest.images if run.newest else None, run.problem
    )


def title(recipe: Recipe, model: ModelHandle) -> str:
    """Network and target, as it stands above the picture."""
    first, *rest = (target.title(objective, model) for objective in recipe.spec.objectives)
    more = [f"and {len(rest)} more"] if rest else []
    return ", ".join(filter(None, (recipe.spec.model, target.weights_words(recipe.spec.weights), first, *more)))


def marks_of(recipe: Recipe) -> tuple[tuple[int, str], ...]:
    """What each of the recipe's changes is called beside the curves."""
    befores = [recipe.hyperparams, *(change.hyperparams for change in recipe.changes)]
    return tuple(
        (change.iteration, told(before, change.hyperparams) if before != change.hyperparams else "continued from here")
        for before, change in zip(befores, recipe.changes, strict=False)
    )


def logged(recipe: Recipe, run: Run) -> Recipe:
    """The recipe with the changes that the run has obeyed so far."""
    if not run.marks:
        return recipe
    kept = tuple(change for change in recipe.changes if change.iteration < run.marks[0][0])
    return replace(recipe, changes=kept + tuple(Change(*mark) for mark in run.marks))


def told(before: Hyperparams, after: Hyperparams) -> str:
    """What changed between two Hyperparams, in words."""
    changes = []
    if before.learning_rate != after.learning_rate:
        changes.append(f"Learning rate {before.learning_rate:g} to {after.learning_rate:g}")
    for name, value in after.addresses().items():
        for field in described(type(value)):
            address, new = f"{name}.{field}", getattr(value, field)
            old = before.value(address)
            if old != new:
                changes.append(f"{label_of(address)} {old} to {new}")
    return ", ".join(changes) or "settings changed"


def outdated() -> bool:
    """Whether the picture that is shown was made with other settings than those of the page."""
    recipe, entry, opened = session.recipe(), session.watched(), session.opened()
    if opened is not None and opened.picture:
        return opened.recipe != recipe
    if entry is None or entry.run.newest is None:
        return False
    return (entry.recipe().spec, obeyed(entry)) != (recipe.spec, recipe.final)


def obeyed(entry: Watched) -> Hyperparams:
    """What the newest picture was made with, or what the run will obey.

    One that goes on from another may still be replaying that one's changes.
    """
    run, made = entry.run, entry.recipe()
    if run.ended:
        return made.hyperparams_at(run.iteration)
    return run.hyperparams or made.final


def start_clicked() -> None:
    start(session.recipe())


def new_seed() -> None:
    edit_spec(seed=session.recipe().spec.seed + 1)
    entry = session.watched()
    if entry is None or entry.run.ended:
        start_clicked()


def kept_in_going_on(made: Spec, wanted: Spec) -> str:
    """What a run that is continued does not take over of what is set by now, in a sentence."""
    names = changed_names(made, replace(wanted, iterations=made.iterations))
    return f"Going on keeps the {names} of this run; Start uses what is set now." if names else ""


def obey(event, model: ModelHandle) -> None:
    """What was asked for on the viewer: a branch, a remedy, or what the page is set to once more."""
    if event.kind == "again":
        start(session.recipe())
        return
    entry = session.visitor().get(event.run)
    if event.kind == "branch":
        hyperparams = session.recipe().final
        recipe = entry.recipe().until(event.iteration, hyperparams)
        recipe = replace(recipe, spec=recipe.spec.ending(event.until or recipe.spec.iterations), picture=0)
        session.set_recipe(Recipe(recipe.spec, hyperparams))
        start(recipe, entry, event.iteration)
    elif event.remedy in REMEDIES:
        recipe = REMEDIES[event.remedy].apply(entry.recipe(), model)
        session.set_recipe(recipe)
        start(recipe)
