"""The image that is explained: a file, a still of the camera, a sample photograph, a picture that Explore has made."""

from typing import Any

import streamlit as st

from actviz_core import export, photographs, samples
from dashboard.actions import image as image_actions
from dashboard.actions import saved_maps
from dashboard.components import paste
from dashboard.state import keys, messages, session
from dashboard.state.messages import guarded
from dashboard.widgets.controls import tell
from dashboard.widgets.uploads import Holding, uploader

IMAGE = Holding("an image", photographs.ENDINGS, photographs.LARGEST_FILE >> 20)
SAVED = Holding("a saved map", ("png", "json"), export.LARGEST_FILE >> 20)
SOURCES = ("File", "Camera", "Sample", "Explore")


def show() -> None:
    paste.show()
    keys.SOURCE.set(keys.SOURCE.get() or image_actions.source())
    source = st.segmented_control("Image from", SOURCES, key=keys.SOURCE.name, width="stretch", required=True)
    match source:
        case "File":
            uploader("Image", keys.IMAGE_FILE, IMAGE, given, listed=False)
            with st.expander("Open a saved map"):
                uploader("Map or sheet of maps", keys.MAP_FILE, SAVED, saved_maps.open_saved)
        case "Camera":  # only when asked for: the browser asks for permission as soon as it is drawn
            st.camera_input("Photograph", key=keys.CAMERA.name, on_change=guarded(tell), args=(keys.CAMERA, taken))
        case "Sample":
            sample_widget()
        case "Explore":
            st.button(
                "Take the picture made on Explore",
                icon=":material/visibility:",
                key=keys.FROM_EXPLORE.name,
                use_container_width=True,
                on_click=guarded(image_actions.take_explores),
            )

    if session.image() is not None:
        st.caption(messages.plain(f"Image: {image_actions.words()}"))
        st.button(
            "Remove the image",
            icon=":material/delete:",
            key=keys.REMOVE_IMAGE.name,
            use_container_width=True,
            help="Nothing of it is kept, nor of its maps",
            on_click=guarded(image_actions.remove),
        )


def sample_widget() -> None:
    keys.SAMPLE.set(session.explanation().sample or None)
    titles = {each.name: each.title for each in samples.SAMPLES}
    st.selectbox(
        "Sample photograph",
        list(titles),
        index=None,
        key=keys.SAMPLE.name,
        format_func=titles.__getitem__,
        placeholder="choose one",
        on_change=guarded(tell),
        args=(keys.SAMPLE, sample_chosen),
    )


def sample_chosen(name: str | None) -> None:
    if name is not None:
        image_actions.take_sample(name)


def given(file: Any) -> None:
    """An image; or a saved map, which people give where they give images."""
    if saved_maps.is_saved(file.getvalue()):
        saved_maps.open_saved(file)
    else:
        image_actions.give(file.name, file.getvalue())
        keys.SOURCE.set("File")  # one is pasted whatever was chosen


def taken(still: Any) -> None:
    if still is not None:  # else it was taken away again
        image_actions.give("a photograph", still.getvalue())
