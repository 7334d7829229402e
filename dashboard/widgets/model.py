"""The network and its weights."""

import streamlit as st

from actviz_core import ModelHandle, Spec, catalogue
from dashboard.actions import models
from dashboard.state import keys, services
from dashboard.state.messages import guarded
from dashboard.widgets import uploads
from dashboard.widgets.uploads import Holding

ENDINGS = ("pth", "pt", "ckpt", "bin", "tar", "safetensors")


def show(spec: Spec, model: ModelHandle) -> None:
    name, trained = st.columns([3, 2], vertical_alignment="bottom")
    names = [entry.name for entry in catalogue()]
    keys.MODEL.set(spec.model)
    name.selectbox(
        "Model",
        names if spec.model in names else [spec.model, *names],
        key=keys.MODEL.name,
        accept_new_options=True,
        help="The three EfficientNet-Lite models come with actviz; others are downloaded once. "
        "For a timm model type timm/NAME.",
        on_change=guarded(models.model_chosen),
    )
    with trained.popover(weights_word(spec.weights), use_container_width=True):
        weights_widgets(spec, model)


def weights_widgets(spec: Spec, model: ModelHandle) -> None:
    keys.UNTRAINED.set(spec.weights == "untrained")
    st.toggle(
        "Untrained",
        key=keys.UNTRAINED.name,
        help="Random weights, for comparison",
        on_change=guarded(models.untrained_switched),
        args=(spec.model,),
    )
    uploads.uploader(
        "Weights for this architecture",
        keys.WEIGHTS,
        Holding("weights", ENDINGS, st.get_option("server.maxUploadSize")),
        models.weights_given,
    )
    st.caption(f"Weights: {model.source}. Computed on {services.device()}.")


def weights_word(weights: str) -> str:
    return {"": "Trained", "untrained": "Untrained"}.get(weights, "Custom weights")
