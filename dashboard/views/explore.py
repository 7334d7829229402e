"""Explore: pick a network, a layer and a neuron, and watch the picture form."""

import streamlit as st

from actviz_core import REGULARIZERS, TRANSFORMS, ModelHandle, Objective, Recipe
from dashboard.actions import arrival, columns, models, steering
from dashboard.components import architecture
from dashboard.state import keys, links, messages, session, streamlit_private
from dashboard.state.callbacks import draw_anew
from dashboard.state.classroom import CLASSROOM
from dashboard.state.messages import guarded
from dashboard.state.page_state import START
from dashboard.state.turns import TURNS
from dashboard.widgets import (
    chart,
    files,
    message,
    optimization,
    preset,
    run,
    settled,
    sliders,
    start,
    start_image,
    tab_title,
    tips,
    unit,
)
from dashboard.widgets import model as model_widgets
from dashboard.widgets import target as target_widgets
from dashboard.words import target
from dashboard.words.outdated import UNMOVED
from dashboard.words.presets import full_title


def page() -> None:
    if arrival.arrive("explore"):
        steering.follow()
    models.take_wanted_model()
    model = steering.use_model()
    recipe = session.recipe()
    tab_title.set_to(target.full_title(recipe.spec, model))
    # What a step or a start changes first: the sidebar's many widgets take most of the drawing's time.
    chart.show(recipe, model)
    message.show()
    tips.show()
    run.show(recipe, model)
    unit.show((objective, model) for objective in recipe.spec.objectives)
    if CLASSROOM.open:  # what is pushed to thirty is on every screen before the sidebar of any
        TURNS.let_others_first()
    with st.sidebar:
        model_widgets.show(recipe.spec, model)
        preset.show(recipe)
        start_buttons()
        settings_tabs(recipe, model)
    share(session.recipe())
    architecture.answer()


def share(recipe: Recipe) -> None:
    # What one begins with needs no address: it would be an entry of the browser's history before the first click.
    session.share({} if recipe == START else {links.PARAMETER: links.write(recipe)})


def start_buttons() -> None:
    start.show(steering.start_clicked, steering.new_seed, help="The same target from different starting noise")
    keys.NOTES.set(steering.notes())
    # There with the line or without, and as high (page.css): what follows would be built anew in another place with the
    # open tab forgotten, and would move away under the pointer.
    welcome = steering.welcome_to_come()
    inner = keys.WELCOME_NOTE if welcome else keys.PLAIN_NOTE
    with st.container(key=keys.OUTDATED_NOTE.name):
        with st.container(key=inner.name):
            st.caption("".join(keys.NOTES.get() or welcome) or "&nbsp;")
        if welcome:
            st.container(key=keys.UNMOVED_NOTE.name).caption(f"{UNMOVED} Press Start.")
    start_image.show(session.recipe().spec)
    # No help: it would appear over Start.
    st.button(
        "Add to comparison",
        icon=":material/view_column:",
        key=keys.TO_COMPARISON.name,
        use_container_width=True,
        on_click=guarded(columns.add_explores_and_tell),
    )


def settings_tabs(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    goal, method, seen, penalties, file = st.tabs(["Target", "Optimization", "Transforms", "Regularization", "Open"])
    with goal:
        target_widgets.show(target_now, model, (spec.height, spec.width), spec.count, steering.set_target)
    with method:
        rate_slider()
        optimization.show(spec)
    with seen:
        part_sliders(TRANSFORMS)
    with penalties:
        part_sliders(REGULARIZERS)
    with file:
        files.show()


def target_now() -> Objective:
    return session.recipe().spec.objectives[0]


# What steers a running picture is drawn in fragments: a slider that moves redraws its neighbours and not the page,
# which would hold the loop up (the interpreter is shared) and the browser too.


@st.fragment
def rate_slider() -> None:
    hyperparams = session.recipe().final
    sliders.slider(hyperparams, *sliders.numbers_of(hyperparams)[0], steering.edit_number)
    steered()


@st.fragment
def part_sliders(catalogue: tuple[type, ...]) -> None:
    hyperparams = session.recipe().final
    sliders.show(hyperparams, sliders.parts_of(hyperparams, catalogue), steering.edit_number)
    steered()


def steered() -> None:
    """After a fragment: the address follows; the rest of the page only where it has something to say."""
    if not streamlit_private.is_fragment_only():
        return
    recipe = session.recipe()
    now = full_title(recipe), steering.notes()
    if messages.waits() or now != (settled.current(keys.PRESET).get(), keys.NOTES.get()):
        draw_anew()
    share(recipe)
