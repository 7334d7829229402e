"""The controls of a lesson's step: those that it shows, at most two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from actviz_core import (
    METHODS,
    PRESETS,
    ClassLogit,
    ModelHandle,
    Recipe,
    Setting,
    Spec,
    Step,
    class_layer,
    class_name,
    described,
    find_layer,
    label_of,
    list_layers,
    preset_of,
)
from dashboard.actions import lesson_image, lessons
from dashboard.server.lessons import is_covered
from dashboard.state import keys, services, session
from dashboard.state.keys import Key
from dashboard.state.messages import guarded
from dashboard.widgets import controls, neutral, sliders
from dashboard.words.lessons import words
from dashboard.words.terms import term

OF_IMAGES = ("brush", "method")  # the brush stands on the image itself


@dataclass(frozen=True)
class Control:
    """One of a step: its name, what its runs are set to by now, and the page's words."""

    shown: lessons.Opened
    name: str
    recipe: Recipe
    words: Mapping[str, str]

    @property
    def picked(self) -> int:
        return session.learning().at(self.shown.place).picked

    @property
    def key(self) -> Key[Any]:
        """Another one after each choice in the gallery: what the browser still says of the one before is not heard."""
        step = "-".join((*self.shown.place, *([str(self.picked)] if self.picked else [])))
        return keys.control(step, self.name, session.visitor().token)

    @property
    def args(self) -> tuple[lessons.Opened, int, str]:
        """Of `choose_by_control`."""
        return self.shown, self.picked, self.name

    @property
    def label(self) -> str:
        return self.words[self.name]

    @property
    def lang(self) -> str:
        return self.shown.lesson.lang


def show(shown: lessons.Opened, step: Step) -> None:
    """Those of its runs."""
    recipes, said = session.learning().at(shown.place).recipes, words(shown.lesson.lang)
    names = [name for name in step.show if name not in OF_IMAGES]
    if not names or not recipes:
        return
    for spot, name in zip(st.columns(len(names)), names, strict=True):
        control = Control(shown, name, recipes[step.steers[0]], said)
        with spot:
            WIDGETS.get(name, number)(control)


def show_method(shown: lessons.Opened, step: Step) -> None:
    """Which map is drawn last, where the step lets one choose."""
    if "method" not in step.show or is_covered(step, session.learning().at(shown.place)):
        return
    said = words(shown.lesson.lang)
    key = keys.control("-".join(shown.place), "method", session.visitor().token)
    maps = session.explanation().maps
    key.set(type(maps[-1].method) if maps else None)
    st.selectbox(
        said["method"],
        METHODS,
        index=None,
        key=key.name,
        format_func=lambda kind: kind.title,
        on_change=guarded(controls.tell),
        args=(key, lesson_image.choose_method, shown),
    )


def number(control: Control) -> None:
    """A number of the hyperparams of the runs that it acts on."""
    hyperparams, address = control.recipe.final, control.name
    settings = dict(sliders.numbers_of(hyperparams))
    said = replace(settings[address], help=neutral.told(address, settings[address], control.lang))
    if control.shown.step and address in control.shown.step.ranges:
        low, high = control.shown.step.ranges[address]
        said = replace(said, low=low, high=high, most=None)
    value, args = hyperparams.value(address), (control.shown, address)
    label, decimal = term(label_of(address), control.lang), control.words["decimal"]
    controls.number(label, said, value, control.key, lessons.set_number, args, decimal=decimal)


def model_of(control: Control) -> ModelHandle | None:
    """The network, where it could be loaded; else the run says why."""
    spec = control.recipe.spec
    return services.known_model(spec.model, spec.weights)


def channel(control: Control) -> None:
    model, spec = model_of(control), control.recipe.spec
    objective = spec.objectives[0]
    layer = getattr(objective, "layer", "")
    if model is None or not layer:
        return
    last = find_layer(model, layer, spec.height, spec.width).channels - 1
    typed(control, objective.main_channel, Setting(0, last, 1, help=control.words["within_range"].format(last=last)))


def seed(control: Control) -> None:
    typed(control, control.recipe.spec.seed, replace(described(Spec)["seed"], help=""))


def typed(control: Control, value: object, setting: Setting) -> None:
    controls.typed(control.label, setting, value, control.key, lessons.choose_by_control, control.args)


def layer(control: Control) -> None:
    model, spec = model_of(control), control.recipe.spec
    if model is None:
        return
    layers = [layer.name for layer in list_layers(model, spec.height, spec.width) if layer.block]
    present = getattr(spec.objectives[0], "layer", "")
    select(control, layers if present in layers else [present, *layers], present, str)


def class_(control: Control) -> None:
    model, spec = model_of(control), control.recipe.spec
    objective = spec.objectives[0]
    if model is None or not isinstance(objective, ClassLogit):
        return
    checked = objective.checked(model, spec.height, spec.width)
    present = int(checked.label) if isinstance(checked, ClassLogit) else 0
    count = class_layer(model).channels
    select(control, list(range(count)), present, lambda index: class_name(index, model.labels))


def preset(control: Control) -> None:
    titles = {known.name: term(known.title, control.lang) for known in PRESETS}
    known = preset_of(control.recipe)
    select(control, list(titles), known.name if known else None, titles.__getitem__)


def select(control: Control, options: list[Any], present: Any, name: Callable[[Any], str]) -> None:
    control.key.set(present)
    st.selectbox(
        control.label,
        options,
        index=None,
        key=control.key.name,
        format_func=name,
        on_change=guarded(controls.tell),
        args=(control.key, lessons.choose_by_control, *control.args),
    )


WIDGETS: Mapping[str, Callable[[Control], None]] = {
    "channel": channel,
    "seed": seed,
    "layer": layer,
    "class": class_,
    "preset": preset,
}
