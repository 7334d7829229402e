"""The tab Optimization: what is optimized, how, how large, how long."""

from functools import partial
from typing import Any

import streamlit as st

from actviz_core import OPTIMIZERS, PARAMETRIZATIONS, Spec, described
from dashboard.actions import steering
from dashboard.state import keys, session
from dashboard.widgets import controls
from dashboard.words.names import spoken

FIELDS = (
    "iterations",
    "schedule",
    "height",
    "width",
    "count",
    "seed",
    "tile",
    "octaves",
    "octave_factor",
    "start",
    "redirected",
    "precision",
)


def show(spec: Spec) -> None:
    st.caption("During a run, a change to anything below ends it and starts a new one.")
    part("Image parametrization", "parametrization", PARAMETRIZATIONS)
    part("Optimizer", "optimizer", OPTIMIZERS)
    settings = described(Spec)
    for row in range(0, len(FIELDS), 2):
        for place, name in zip(st.columns(2), FIELDS[row : row + 2], strict=False):
            with place:
                controls.number(
                    settings[name].label or spoken(name),
                    settings[name],
                    getattr(spec, name),
                    keys.field("spec", name),
                    steering.edit_part,
                    (name,),
                )


def part(label: str, name: str, catalogue: tuple[type, ...]) -> None:
    """A part of the spec that is one of several kinds."""
    controls.kind_and_form(label, partial(present, name), catalogue, name, partial(steering.edit_part, name))


def present(name: str) -> Any:
    return getattr(session.recipe().spec, name)
