"""What becomes of a wish: it changes the recipe of the page, steers the run that is shown, or starts another."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from actviz_core import (
    MOST_CHANGES,
    REMEDIES,
    ActvizError,
    Channel,
    ModelHandle,
    Objective,
    Preset,
    Recipe,
    ReplayInStep,
    Spec,
    alike,
    find_layer,
    followed,
    together,
)
from dashboard.actions import neighbours, runs
from dashboard.components.architecture import ArchitectureEvent
from dashboard.components.viewer.events import ViewerEvent
from dashboard.state import messages, newcomer, services, session
from dashboard.state.page_state import START, WELCOME
from dashboard.state.watched import Watched
from dashboard.words.changes import changed_names
from dashboard.words.outdated import told_of_a_run, told_of_the_welcome
from dashboard.words.presets import presets

# changing what the page is set to


def edit(recipe: Recipe) -> None:
    """Takes a changed recipe over. Hyperparams steer what is running; another spec needs another run, at once."""
    before, entry = session.recipe(), session.watched()
    if recipe.spec != before.spec:
        check(recipe.spec)
    elif entry is not None:
        runs.check_log(entry, MOST_CHANGES)
    gone = runs.to_come(before, entry)
    session.set_recipe(recipe)
    if entry is None or entry.run.ended:
        return
    if recipe.spec != before.spec:
        start(recipe)
        names = changed_names(before.spec, recipe.spec).capitalize()
        st.toast(f"{names} cannot change during a run, so a new run has started.", icon=":material/restart_alt:")
    else:
        entry.run.update(recipe.final)
        runs.tell_given_up(gone)


def follow() -> None:
    """The settings have changed by the browser's buttons: what runs obeys, or ends for a run of what is set now."""
    recipe, entry = session.recipe(), session.watched()
    if entry is None or entry.run.ended:
        return
    if entry.recipe().spec == recipe.spec or newcomer.is_welcome(entry):
        if runs.obeyed(entry) != recipe.final:
            entry.run.update(recipe.final)
    else:
        messages.guarded(start)(recipe)


def use_model() -> ModelHandle:
    """The model of the page's recipe. Where that cannot be used, the page says why and goes back to the start."""
    try:
        return check(session.recipe().spec)
    except ActvizError as problem:
        messages.complain(str(problem))
        session.set_recipe(START)
        return check(START.spec)


def check(spec: Spec) -> ModelHandle:
    """The spec's model; ActvizError if its picture is too small for it, or its target does not exist in it."""
    model = services.loaded(spec.model, spec.weights, spec.height, spec.width)
    for objective in spec.objectives:
        objective.checked(model, spec.height, spec.width)
    return model


FOLLOWED = {"objective", "model", "weights", "height", "width", "start"}  # what a preset's settings may depend on


def edit_spec(**changes: Any) -> None:
    edit(with_spec(**changes))


def with_spec(**changes: Any) -> Recipe:
    """The recipe of the page with another spec; a preset's settings are then those that it has for the new target."""
    recipe = session.recipe()
    spec = replace(recipe.spec, **changes)
    if changes.keys() & FOLLOWED:
        return followed(recipe, spec, check(spec), presets())
    return replace(recipe, spec=spec, hyperparams=recipe.final, changes=(), picture=0)


def edit_number(address: str, value: object) -> None:
    """One number of the hyperparams as they are now; whoever draws its slider need not know the others."""
    entry = session.watched()
    recipe = runs.by_now(session.recipe(), entry)
    edit(replace(recipe, hyperparams=recipe.final.with_value(address, value), changes=(), picture=0))
    if entry is not None and not entry.run.ended:
        newcomer.close(["slider"])


def edit_part(name: str, value: object) -> None:
    """One field of the spec."""
    if name == "start" and value == "photograph" and not session.recipe().spec.photograph:
        raise ActvizError("choose a photograph first, in the Open tab.")
    edit_spec(**{name: value})


def set_target(objective: Objective) -> None:
    edit_spec(objective=objective)


def take_preset(preset: Preset) -> None:
    recipe = session.recipe()
    edit(preset.applied(recipe, check(recipe.spec)))


def step_to(objective: Objective) -> None:
    """Another target, started at once in place of what runs: who steps from one to the next needs no word about it."""
    if objective == session.recipe().spec.objective:  # there is nothing further on
        return
    stepped = with_spec(objective=objective)
    session.set_recipe(stepped)
    start(stepped)


def walk(event: ArchitectureEvent) -> None:
    """What was asked for on the chart: a run of it starts at once."""
    spec = session.recipe().spec
    model, size, objective = check(spec), (spec.height, spec.width), spec.objectives[0]
    match event.kind:
        case "layer":
            layer = find_layer(model, event.name, *size)
            step_to(neighbours.taken_to(objective, layer, session.targets()))
        case "step":
            move = neighbours.taken_to
            step_to(neighbours.stepped(objective, model, size, event.channels, event.layers, move=move))
        case "random":
            step_to(neighbours.at_random(objective, model, size))
    if event.kind == "layer" or event.layers:
        newcomer.close(["chart"])


# runs


def start(recipe: Recipe, entry_before: Watched | None = None, iteration: int = 0) -> None:
    """Starts a run in place of the one shown; with an earlier entry, goes on from that iteration of it."""
    model = check(recipe.spec)
    old = session.watched()
    if old is not None:
        old.run.cancel()
    snapshot = entry_before.run.history.snapshot_before(iteration) if entry_before else None
    entry = runs.prepare_run(recipe, ReplayInStep(recipe, snapshot=snapshot))
    if entry_before is not None and snapshot is not None:
        entry.run.inherit(entry_before.run.history, snapshot.iteration)
    runs.describe(entry, recipe, model)
    spec = recipe.spec
    if snapshot is None and not recipe.changes and spec.count == 1 and isinstance(spec.objectives[0], Channel):
        entry.preview = partial(services.in_gallery, recipe, model)
    session.watch(entry)
    services.scheduler().start_team([entry.run], together, alike=alike([recipe]))


def outdated() -> bool:
    """Whether the picture that is shown was made with other settings than those of the page."""
    recipe, entry, opened = session.recipe(), session.watched(), session.opened()
    if opened is not None and opened.picture:
        return opened.recipe != recipe
    if entry is None or entry.run.newest is None:
        return False
    return not runs.is_made_with(entry, recipe)


def notes() -> list[str]:
    """What is said beside Start."""
    entry = session.watched()
    if entry is not None and newcomer.is_welcome(entry):
        return told_of_the_welcome(entry.recipe().spec, session.recipe().spec)
    return told_of_a_run(outdated(), max(runs.to_come(session.recipe(), session.watched()), default=0))


def welcome_to_come() -> list[str]:
    """What will be said there once the first picture has begun that is offered; the page is not drawn anew for it."""
    offered = session.visitor().welcome.offered
    return told_of_the_welcome(WELCOME.spec, session.recipe().spec) if offered else []


def start_clicked() -> None:
    start(session.recipe())


def new_seed() -> None:
    edit_spec(seed=session.recipe().spec.seed + 1)
    entry = session.watched()
    if entry is None or entry.run.ended:
        start_clicked()


def obey(model: ModelHandle, event: ViewerEvent) -> None:
    """What was asked for on the viewer: a branch, a remedy, or what the page is set to once more."""
    if event.kind == "again":
        start(session.recipe())
        return
    entry = session.visitor().get(event.run)
    if entry is None:  # forgotten meanwhile
        return
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
