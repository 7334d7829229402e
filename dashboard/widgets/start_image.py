"""The image that a run starts from, where it is not noise, and the way back to noise."""

import streamlit as st

from actviz_core import ActvizError, Spec, photographs
from dashboard.actions import opened, steering
from dashboard.state import keys
from dashboard.state.messages import guarded

WORDS = "Starts from this image, not from noise."


def of(spec: Spec) -> bytes:
    """As the run begins with it, a JPEG; b"" where it is noise, or the image is damaged, which Start says."""
    if spec.start != "photograph":
        return b""
    try:
        return opened.still(photographs.from_base64(spec.photograph, spec.height, spec.width))
    except ActvizError:
        return b""


def show(spec: Spec) -> None:
    """In a container that is there without an image too: what follows is not built anew when one comes."""
    with st.container(key=keys.START_IMAGE.name):
        image = of(spec)
        if not image:
            return
        picture, said = st.columns([1, 3], vertical_alignment="center")
        picture.image(image, width="stretch", alt="the image that the run starts from")
        with said:
            st.caption(WORDS)
            st.button(
                "Start from noise instead",
                key=keys.FROM_NOISE.name,
                on_click=guarded(steering.edit_part),
                args=("start", "noise"),
                use_container_width=True,
            )
