"""The controls of a lesson's step: those that it shows, at most two."""

from dataclasses import replace

import streamlit as st

from actviz_core import Step, label_of
from dashboard.actions import lessons
from dashboard.state import keys, session
from dashboard.widgets import controls, neutral, sliders


def show(shown: lessons.Opened, step: Step) -> None:
    recipes = session.learning().at(shown.place).recipes
    if not step.show or not recipes:
        return
    for spot, name in zip(st.columns(len(step.show)), step.show, strict=True):
        with spot:
            number(shown, step, name)


def number(shown: lessons.Opened, step: Step, address: str) -> None:
    """A number of the hyperparams of the runs that it acts on."""
    hyperparams = session.learning().at(shown.place).recipes[step.steers[0]].final
    settings = dict(sliders.numbers_of(hyperparams))
    said = replace(settings[address], help=neutral.told(address, settings[address]))
    key = keys.control("-".join(shown.place), address)
    controls.number(label_of(address), said, hyperparams.value(address), key, lessons.set_number, (shown, address))
