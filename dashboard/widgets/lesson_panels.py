"""What a step of a lesson shows beside its picture: numbers, photographs, other channels of the layer."""

from functools import partial

import streamlit as st

from actviz_core import ActvizError, Channel, Recipe, Step, labels
from dashboard.actions import gallery as galleries
from dashboard.actions import lessons
from dashboard.components import gallery, lesson_panels
from dashboard.state import keys, messages, services, session
from dashboard.state.messages import guarded
from dashboard.state.page_state import GalleryChoice, about
from dashboard.widgets import gained, unit
from dashboard.words.formula import formula
from dashboard.words.lessons import words
from dashboard.words.terms import titled

NUMBERS = ("gradient", "formula", "numbers")
TILE, ITERATIONS = 64, 32  # px, of each of the other channels: a sketch that is soon there
GALLERY_HEIGHT = "max(300px, calc(100vh - 200px))"


def show(shown: lessons.Opened, step: Step) -> None:
    recipes = session.learning().at(shown.place).recipes
    if any(panel in NUMBERS for panel in step.panels) and recipes:
        said = words(shown.lesson.lang)
        steps = formula(recipes[0].spec.optimizer)
        lesson_panels.show(session.visitor().token, step.id, step.panels, steps, said)
    if "gallery" in step.panels and recipes:
        st.caption(words(shown.lesson.lang)["previews"])
        channels(shown, recipes[step.steers[0]])
    if step.gained and recipes:
        gained.show(shown, step, recipes[step.steers[0]])
    if "patches" in step.panels:
        photographs([recipes[number] for number in step.steers if number < len(recipes)], shown.lesson.lang)


def photographs(recipes: list[Recipe], lang: str) -> None:
    """What the channels that are made visible answer to."""
    known = [(recipe, services.known_model(recipe.spec.model, recipe.spec.weights)) for recipe in recipes]
    pairs = [(objective, model) for recipe, model in known if model for objective in recipe.spec.objectives]
    with st.container(key=keys.STEP_PATCHES.name):
        # What padding does is no lesson's subject.
        unit.show(pairs, pictured=pairs[0][0] if pairs else None, folded=False, border=False, lang=lang)


def channels(shown: lessons.Opened, recipe: Recipe) -> None:
    """Every channel of the layer; a click on one chooses it."""
    model = services.known_model(recipe.spec.model, recipe.spec.weights)
    objective = recipe.spec.objectives[0]
    if model is None or not isinstance(objective, Channel):
        return
    choice = GalleryChoice(about(recipe), objective.layer, TILE, ITERATIONS)
    try:
        filling = services.filling(galleries.wanted(choice, Recipe(recipe.spec, recipe.final), model), model)
    except ActvizError as problem:
        st.error(messages.plain(str(problem)))
        return
    lang = shown.lesson.lang
    title = ", ".join(filter(None, (objective.layer, labels.repeats(filling.fine.gallery.spec))))
    with st.container(key=keys.STEP_GALLERY.name):
        gallery.show(
            session.visitor().token,
            filling,
            titled(title, lang),
            objective.channel,
            on_event=guarded(partial(lessons.hear_gallery, shown)),
            tall=GALLERY_HEIGHT,
            lang=lang,
        )
