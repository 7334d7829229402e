"""The image of a lesson's step with its maps: Explain's own component, with what the step lets one do."""

from dataclasses import replace
from functools import partial

import streamlit as st

from actviz_core import Step
from dashboard.actions import explain as explaining
from dashboard.actions import lesson_image, lessons
from dashboard.components import explain
from dashboard.server.lessons import is_covered
from dashboard.state import keys, session
from dashboard.state.mapped import Mapped
from dashboard.state.messages import guarded
from dashboard.widgets import panels
from dashboard.words.lessons import words


def show(shown: lessons.Opened, step: Step, entries: list[Mapped]) -> None:
    """Before a prediction the image alone, where it stays: neither maps nor what the network says of it."""
    if step.image is None:
        return
    picture, prediction = session.image(), explaining.known_prediction()
    if picture is None or prediction is None:  # the page says why
        return
    model = lesson_image.model_of(step.image)
    told = panels.shown(model, picture, prediction, entries)
    brush = "brush" in step.show
    told = replace(told, synthesized=None, saves=(), flip=False, mode="touch" if brush else "frame")
    if is_covered(step, session.learning().at(shown.place)):
        covered = words(shown.lesson.lang)["covered_maps"]
        told = replace(told, explained=explain.Explained(""), maps=(), classes=(), covered=covered)
    with st.container(key=keys.STEP_IMAGE.name):
        explain.show(told, on_event=guarded(partial(lesson_image.hear, shown)))
