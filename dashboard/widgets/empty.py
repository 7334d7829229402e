"""The Explain page without an image: what is missing, a place to drop one, and samples to begin with."""

import io
from functools import cache, partial

import streamlit as st
from PIL import Image, ImageOps

from actviz_core import ActvizError, samples
from dashboard.actions import image as image_actions
from dashboard.state import keys, session
from dashboard.state.messages import guarded
from dashboard.state.thumbnail import address
from dashboard.widgets import image
from dashboard.widgets.uploads import uploader

MISSING = "What in an image makes the network say what it says? Give it one, or begin with a sample."
LINKED = "What was opened is about an image that it cannot contain. Give the same one here."
ACROSS = 4
SIZE = (264, 176)  # px, width and height


def show() -> None:
    with st.container(key=keys.NO_IMAGE.name):
        st.markdown(LINKED if session.explanation().image else MISSING)
    uploader("Drop or paste an image here", keys.DROPPED, image.IMAGE, image.given)
    shown = [(each, picture) for each in samples.SAMPLES if (picture := thumbnail(each.name))]
    with st.container(key=keys.SAMPLES.name):
        for start in range(0, len(shown), ACROSS):
            for place, (each, picture) in zip(st.columns(ACROSS), shown[start : start + ACROSS], strict=False):
                with place:
                    st.image(address(picture), alt=each.title, width="stretch")
                    st.button(
                        each.title,
                        key=keys.sample(each.name).name,
                        use_container_width=True,
                        on_click=guarded(partial(image_actions.take_sample, each.name)),
                    )


@cache
def thumbnail(name: str) -> bytes:
    """A JPEG of the sample photograph; b"" where it is not there."""
    try:
        picture = Image.fromarray(samples.sample(name))
    except ActvizError:
        return b""
    file = io.BytesIO()
    ImageOps.fit(picture, SIZE).save(file, "JPEG", quality=85)
    return file.getvalue()
