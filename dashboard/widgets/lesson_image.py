"""The image of a lesson's step with its maps: Explain's own component, with what the step lets one do."""

from dataclasses import replace
from functools import partial

import streamlit as st

from actviz_core import Step, samples
from dashboard.actions import explain as explaining
from dashboard.actions import lesson_image, lessons
from dashboard.components import explain
from dashboard.server.lessons import is_covered
from dashboard.state import keys, session
from dashboard.state.mapped import Mapped
from dashboard.state.messages import guarded
from dashboard.state.thumbnail import address, small
from dashboard.widgets import panels
from dashboard.words.lessons import words

WIDTH = 380  # px


def show(shown: lessons.Opened, step: Step, entries: list[Mapped]) -> None:
    """Before a prediction the image alone: neither maps nor what the network says of it."""
    if step.image is None:
        return
    if is_covered(step, session.learning().at(shown.place)):
        jpeg = small(samples.sample(step.image.sample), 2 * WIDTH)
        st.image(address(jpeg), alt=step.image.sample, width=WIDTH)
        st.caption(words(shown.lesson.lang)["covered_maps"])
        return
    picture, prediction = session.image(), explaining.known_prediction()
    if picture is None or prediction is None:  # the page says why
        return
    model = lesson_image.model_of(step.image)
    told = panels.shown(model, picture, prediction, entries)
    brush = "brush" in step.show
    told = replace(told, synthesized=None, saves=(), flip=False, mode="touch" if brush else "frame")
    with st.container(key=keys.STEP_IMAGE.name):
        explain.show(told, on_event=guarded(partial(lesson_image.hear, shown)))
