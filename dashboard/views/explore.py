"""Explore: pick a network, a layer and a neuron, and watch the picture form."""

from functools import partial

import streamlit as st

from actviz_core import (
    OPTIMIZERS,
    PARAMETRIZATIONS,
    PRESETS,
    REGULARIZERS,
    TRANSFORMS,
    ActvizError,
    Hyperparams,
    ModelHandle,
    Objective,
    PhaseImage,
    Recipe,
    Spec,
    catalogue,
    described,
    export,
    find_layer,
    kind,
    label_of,
    list_layers,
    photographs,
    spectrum_of,
)
from dashboard.actions import arrival, board, neighbours, steering
from dashboard.components import architecture, viewer
from dashboard.state import links, messages, services, session
from dashboard.state.page_state import START, Opened
from dashboard.widgets import controls, uploads
from dashboard.widgets import target as target_widgets
from dashboard.widgets.uploads import Holding
from dashboard.words import target
from dashboard.words.names import spoken

OUTDATED = "The settings have changed since this picture was made. Start makes a new one."
MOST_PHOTOGRAPHS = 64  # read for one spectrum
RECIPE = Holding("a recipe", ("png", "json"), export.LARGEST_FILE >> 20)
PHOTOGRAPH = Holding("a photograph", ("png", "jpg", "jpeg", "webp"), photographs.LARGEST_FILE >> 20)
METHOD_FIELDS = (
    "iterations",
    "schedule",
    "height",
    "width",
    "count",
    "seed",
    "octaves",
    "octave_factor",
    "start",
    "redirected",
    "precision",
)


def page() -> None:
    if arrival.arrive("explore"):
        steering.follow()
    steering.take_wanted_model()
    model = usable_model()
    recipe = session.recipe()
    # What a step or a start changes first: the sidebar's many widgets take most of the drawing's time.
    layer_chart(recipe, model)
    say_complaint()
    show_run(recipe, model)
    with st.sidebar:
        model_widgets(recipe, model)
        start_buttons(recipe)
        settings_tabs(recipe, model)
    share(session.recipe())
    architecture.answer()


def share(recipe: Recipe) -> None:
    session.share({links.PARAMETER: links.write(recipe)})


def usable_model() -> ModelHandle:
    """The model of the page's recipe. Where that cannot be used, the page says why and goes back to the start."""
    try:
        return steering.check(session.recipe().spec)
    except ActvizError as problem:
        messages.complain(str(problem))
        session.set_recipe(START)
        return steering.check(START.spec)


def say_complaint() -> None:
    sentence = messages.complaint()
    if sentence:
        st.error(messages.plain(sentence), icon=":material/error:")


def model_widgets(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    name, trained = st.columns([3, 2], vertical_alignment="bottom")
    names = [entry.name for entry in catalogue()]
    st.session_state["model"] = spec.model
    name.selectbox(
        "Model",
        names if spec.model in names else [spec.model, *names],
        key="model",
        accept_new_options=True,
        help="The three EfficientNet-Lite models come with actviz; others are downloaded once. "
        "For a timm model type timm/NAME.",
        on_change=messages.guarded(model_chosen),
    )
    with trained.popover(weights_word(spec.weights), use_container_width=True):
        weights_widgets(spec, model)


def weights_widgets(spec: Spec, model: ModelHandle) -> None:
    st.session_state["untrained"] = spec.weights == "untrained"
    st.toggle(
        "Untrained",
        key="untrained",
        help="Random weights, for comparison",
        on_change=messages.guarded(
            lambda: session.want_model(spec.model, "untrained" if st.session_state["untrained"] else "")
        ),
    )
    uploads.uploader(
        "Weights for this architecture",
        "weights",
        Holding("weights", ("pth", "pt", "ckpt", "bin", "tar", "safetensors"), st.get_option("server.maxUploadSize")),
        weights_given,
    )
    st.caption(f"Weights: {model.source}. Computed on {services.device()}.")


def model_chosen() -> None:
    """An untrained network stays one: it needs no download."""
    untrained = session.recipe().spec.weights == "untrained"
    session.want_model(st.session_state["model"], "untrained" if untrained else "")


def weights_word(weights: str) -> str:
    return {"": "Trained", "untrained": "Untrained"}.get(weights, "Custom weights")


def weights_given(file) -> None:
    session.want_model(session.recipe().spec.model, services.keep_weights(file.name, file.getvalue()))


def preset_widget(recipe: Recipe) -> None:
    choices = {preset.title: preset for preset in (*PRESETS, *session.own_presets())}
    st.session_state["preset"] = present = steering.preset_title(recipe)
    about = "The settings as you have changed them."
    if present in choices:
        about = f"{choices[present].source}. {choices[present].note}"
    st.selectbox(
        "Preset",
        [*choices, steering.OWN] if present == steering.OWN else list(choices),
        key="preset",
        help=about,
        on_change=messages.guarded(lambda: take_preset(choices.get(st.session_state["preset"]))),
    )


def start_buttons(recipe: Recipe) -> None:
    preset_widget(recipe)
    go, seed = st.columns([3, 2])
    go.button(
        "Start",
        icon=":material/play_arrow:",
        key="start",
        type="primary",
        use_container_width=True,
        on_click=messages.guarded(steering.start_clicked),
    )
    st.session_state["outdated"] = steering.outdated()
    # There with the line or without, and as high (page.css): what follows would be built anew in another place with the
    # open tab forgotten, and would move away under the pointer.
    with st.container(key="outdated_note"):
        st.caption(OUTDATED if st.session_state["outdated"] else "&nbsp;")
    # No help: it would appear over Start.
    st.button(
        "Add to comparison",
        icon=":material/view_column:",
        key="to_comparison",
        use_container_width=True,
        on_click=messages.guarded(lambda: compare(session.recipe())),
    )
    seed.button(
        "New seed",
        icon=":material/casino:",
        key="new_seed",
        use_container_width=True,
        on_click=messages.guarded(steering.new_seed),
        help="The same target from different starting noise",
    )


def compare(recipe: Recipe) -> None:
    """One more column on the Compare page."""
    board.add(recipe)
    session.show_sweep(False)
    count = len(session.comparison().columns)
    st.toast(f"Compare has {count} column{'s' * (count > 1)} now.", icon=":material/view_column:")


def take_preset(preset) -> None:
    if preset is not None:
        steering.edit(preset.applied(session.recipe()))


def settings_tabs(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    goal, method, seen, penalties, file = st.tabs(["Target", "Optimization", "Transforms", "Regularization", "Open"])
    with goal:
        target_widgets.show(
            target_now,
            model,
            (spec.height, spec.width),
            spec.count,
            lambda objective: steering.edit_spec(objective=objective),
        )
    with method:
        rate_slider()
        method_widgets(spec)
    with seen:
        sliders(TRANSFORMS)
    with penalties:
        sliders(REGULARIZERS)
    with file:
        open_widgets()


def target_now() -> Objective:
    return session.recipe().spec.objectives[0]


# What steers a running picture is drawn in fragments: a slider that moves redraws its neighbours and not the page,
# which would hold the loop up (the interpreter is shared) and the browser too.


@st.fragment
def rate_slider() -> None:
    rate, setting = session.recipe().final.learning_rate, described(Hyperparams)["learning_rate"]
    controls.number("Learning rate", setting, rate, "learning_rate", partial(steering.edit_number, "learning_rate"))
    steered()


@st.fragment
def sliders(catalogue: tuple[type, ...]) -> None:
    """A slider for every number of every kind; those that are off stand at zero."""
    hyperparams = session.recipe().final
    present = hyperparams.addresses()
    # In the catalogue's order, whatever is on: a slider that leaves zero stays where it is.
    names = [
        name for cls in catalogue for name in ([n for n, value in present.items() if type(value) is cls] or [kind(cls)])
    ]
    numbers = [
        (name, field, setting) for name in names for field, setting in described(type(hyperparams.part(name))).items()
    ]
    for row in range(0, len(numbers), 2):
        for place, (name, field, setting) in zip(st.columns(2), numbers[row : row + 2], strict=False):
            with place:
                address = f"{name}.{field}"
                controls.number(
                    label_of(address),
                    setting,
                    hyperparams.value(address),
                    address,
                    partial(steering.edit_number, address),
                )
    steered()


def steered() -> None:
    """After a fragment: the address follows; the rest of the page only where it has something to say."""
    recipe = session.recipe()
    if (
        messages.complains()
        or steering.preset_title(recipe) != st.session_state["preset"]
        or steering.outdated() != st.session_state["outdated"]
    ):
        st.rerun()
    share(recipe)


def method_widgets(spec: Spec) -> None:
    st.caption("During a run, a change to anything below ends it and starts a new one.")
    part("Image parametrization", "parametrization", PARAMETRIZATIONS)
    part("Optimizer", "optimizer", OPTIMIZERS)
    settings = described(Spec)
    for row in range(0, len(METHOD_FIELDS), 2):
        for place, name in zip(st.columns(2), METHOD_FIELDS[row : row + 2], strict=False):
            with place:
                controls.number(
                    settings[name].label or spoken(name),
                    settings[name],
                    getattr(spec, name),
                    f"spec.{name}",
                    partial(spec_given, name),
                )


def part(label: str, name: str, catalogue: tuple[type, ...]) -> None:
    """A part of the spec that is one of several kinds."""
    controls.kind_and_form(
        label,
        lambda: getattr(session.recipe().spec, name),
        catalogue,
        name,
        lambda value: steering.edit_spec(**{name: value}),
    )


def spec_given(name: str, value) -> None:
    if name == "start" and value == "photograph" and not session.recipe().spec.photograph:
        raise ActvizError("choose a photograph first, in the Open tab.")
    steering.edit_spec(**{name: value})


def open_widgets() -> None:
    uploads.uploader("Recipe", "recipe_file", RECIPE, steering.open_file)
    uploads.uploader("Photograph to start from", "photograph", PHOTOGRAPH, photograph_given)
    uploads.uploader(
        "Photographs that set the spectrum of a phase image", "spectrum", PHOTOGRAPH, spectrum_given, several=True
    )
    st.caption(
        "The address of this page contains the current settings, except photographs. "
        "It makes the picture shown again unless settings were changed during its run: "
        "Copy link, under Save, gives an address with those changes, and the saved picture and recipe contain them too."
    )


def photograph_given(file) -> None:
    steering.edit_spec(start="photograph", photograph=photographs.to_base64(photographs.read(file.getvalue())))


def spectrum_given(files) -> None:
    steering.edit_spec(
        parametrization=PhaseImage(spectrum_of(photographs.read(file.getvalue()) for file in files[:MOST_PHOTOGRAPHS]))
    )


def layer_chart(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    objective, size = spec.objectives[0], (spec.height, spec.width)
    layers = [layer for layer in list_layers(model, *size) if layer.block]
    names = [name for each in spec.objectives for name in each.layers]
    around = neighbours.neighbours(objective, model, size)
    architecture.show(
        layers,
        names,
        around,
        key="architecture",
        on_event=messages.guarded(partial(walk, [layer.name for layer in layers])),
    )


def walk(layers: list[str], event: architecture.ArchitectureEvent) -> None:
    """What was asked for on the chart.

    Steps start at once; a layer that is chosen is only set, unless something runs.
    """
    spec = session.recipe().spec
    model, size, objective = steering.check(spec), (spec.height, spec.width), spec.objectives[0]
    match event.kind:
        case "layer":
            steering.edit_spec(
                objective=neighbours.taken_to(
                    objective, find_layer(model, layers[event.index], *size), session.targets()
                )
            )
        case "step":
            steering.step_to(
                neighbours.stepped(objective, model, size, event.channels, event.layers, move=neighbours.taken_to)
            )
        case "random":
            steering.step_to(neighbours.at_random(objective, model, size))


def show_run(recipe: Recipe, model: ModelHandle) -> None:
    entry, opened = session.watched(), session.opened()
    made = entry.recipe().spec if entry else recipe.spec  # of what is shown, whatever the page is set to by now
    pictured = opened.recipe if opened and opened.picture else recipe
    view = viewer.View(
        device=services.device(),
        height="max(400px, calc(100vh - 196px))",
        score_label=target.score_label(made.objectives[0]),
        title="" if entry else steering.title(pictured, model),
        placeholder=waiting(recipe, opened),
        still=opened.picture if opened else b"",
        iterations=recipe.spec.iterations,
        kept=steering.kept_in_going_on(made, recipe.spec) if entry else "",
    )
    viewer.show(
        session.visitor().token,
        [entry] if entry else [],
        "viewer",
        view,
        on_event=messages.guarded(lambda event: steering.obey(event, model)),
    )


def waiting(recipe: Recipe, opened: Opened | None) -> str:
    """What is said where no run is shown: where settings and picture come from."""
    if opened is not None and opened.sketch:
        return (
            f"The Gallery's small picture ({opened.sketch} px). "
            f"Press Start to make it at full size ({opened.recipe.spec.width} px)."
        )
    if opened is not None and (opened.picture or opened.recipe == recipe):
        at = f", iteration {opened.recipe.picture} of {opened.recipe.spec.iterations}" if opened.recipe.picture else ""
        return f"Opened from {opened.name}{at}; press Start{' to make it again' if opened.picture else ''}."
    return (
        "Opened from the address of this page; press Start."
        if session.linked()
        else "Press Start and watch the picture form."
    )
