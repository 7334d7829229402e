"""Which channels of a run's layer gained most between the photographs of a lesson's step; a click chooses one."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from actviz_core import ActvizError, ChannelGains, Recipe, Step, class_name, find_gained
from dashboard.actions import lessons
from dashboard.components import gained
from dashboard.components.gained import ShownGain, ShownGains
from dashboard.state import messages, services
from dashboard.state.messages import guarded
from dashboard.words.lessons import spelled, words

MOST = 8


def show(shown: lessons.Opened, step: Step, recipe: Recipe) -> None:
    model, question = services.known_model(recipe.spec.model, recipe.spec.weights), find_gained(step, recipe)
    if model is None or question is None:
        return
    try:
        found = services.door().ask(question)
    except ActvizError as problem:
        st.error(messages.plain(str(problem)))
        return
    label = question.gained.label
    name = class_name(label, model.labels) if isinstance(label, int) else label
    told = told_of(found, name, recipe.spec.objectives[0].main_channel, words(shown.lesson.lang))
    gained.show(told, on_chosen=guarded(partial(lessons.pick, shown)))


def told_of(found: ChannelGains, name: str, chosen: int | None, said: Mapping[str, str]) -> ShownGains:
    """The strongest in words; bars are parts of the longest, and nothing has a share where nothing rose."""
    strongest = found.strongest(MOST)
    largest = max((float(found.gains[channel]) for channel in strongest), default=0.0)
    rows = [
        ShownGain(
            channel,
            said["gained_channel"].format(n=channel),
            gain_in_words(found, channel, said),
            max(0.0, float(found.gains[channel]) / largest) if largest > 0 else 0.0,
            said["gained_hint"].format(n=channel),
        )
        for channel in strongest
    ]
    ends = {"before": spelled(found.before, ".2f", said), "after": spelled(found.after, ".2f", said)}
    told = {"sum": spelled(float(found.gains.sum()), "+.2f", said), "rise": spelled(found.rise, "+.2f", said)}
    return ShownGains(
        said["gained_about"].format(name=name, channels=len(found.gains), layer=found.layer, **ends),
        said["gained_head"] if found.rise > 0 else said["gained_head_fell"],
        said["gained_note"].format(**told),
        tuple(rows),
        chosen,
    )


def gain_in_words(found: ChannelGains, channel: int, said: Mapping[str, str]) -> str:
    """Its share of the rise; where nothing rose what it gained."""
    share = found.share(channel)
    return spelled(float(found.gains[channel]), "+.2f", said) if share is None else f"{100 * share:.0f} %"
