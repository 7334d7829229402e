"""The tab Open: recipes and photographs that people bring."""

import streamlit as st

from actviz_core import export, photographs
from dashboard.actions import opened
from dashboard.state import keys
from dashboard.widgets.uploads import Holding, uploader

RECIPE = Holding("a recipe", ("png", "json"), export.LARGEST_FILE >> 20)
PHOTOGRAPH = Holding("a photograph", ("png", "jpg", "jpeg", "webp"), photographs.LARGEST_FILE >> 20)


def show() -> None:
    uploader("Recipe", keys.RECIPE_FILE, RECIPE, opened.open_file)
    uploader("Photograph to start from", keys.PHOTOGRAPH, PHOTOGRAPH, opened.photograph_given)
    uploader(
        "Photographs that set the spectrum of a phase image",
        keys.SPECTRUM,
        PHOTOGRAPH,
        opened.spectrum_given,
        several=True,
    )
    st.caption(
        "The address of this page contains the current settings, except photographs. "
        "It makes the picture shown again unless settings were changed during its run: "
        "Copy link, under Save, gives an address with those changes, and the saved picture and recipe contain them too."
    )
