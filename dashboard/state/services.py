"""What serves all visitors: models, scheduler, the store of pictures, files of weights.

The only file with st.cache_resource.
"""

import hashlib
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from actviz_core import (
    ActvizError,
    Gallery,
    Model,
    Recipe,
    Scheduler,
    Store,
    batch_size,
    choose_device,
    default_folder,
    load_model,
    rendering,
)
from dashboard.jobs.filling import FILLINGS, Filling
from dashboard.jobs.shelf import Shelf
from dashboard.state import folders, messages
from dashboard.state.turns import TURNS
from dashboard.state.visitors import Visitor

MODELS_KEPT = 4
WEIGHTS_KEPT = 8  # uploaded files, of all visitors
KNOWN_MODELS: WeakValueDictionary[tuple[str, str], Model] = WeakValueDictionary()


@st.cache_resource
def scheduler() -> Scheduler:
    return Scheduler()


@st.cache_resource
def device() -> str:
    return str(choose_device())


@st.cache_resource(max_entries=MODELS_KEPT, show_spinner=False, on_release=lambda _: FILLINGS.rest())
def model(name: str, weights: str, _progress: Callable[[float], None] | None = None) -> Model:
    """Shared by all visitors; `weights` is "", "untrained" or "sha256:...", a file that somebody has given."""
    # A recipe comes from anywhere: it may name a file by its hash, never by a path.
    found = load_model(
        name, weights=weights if weights in ("", "untrained") else str(weights_file(weights)), progress=_progress
    )
    KNOWN_MODELS[name, weights] = found
    return found


def known_model(name: str, weights: str) -> Model | None:
    """The model where somebody uses it already: a name must not make it load."""
    return KNOWN_MODELS.get((name, weights))


def loaded(name: str, weights: str) -> Model:
    """The model; while it loads the page says so, and shows how far a download is."""
    place, context = st.empty(), get_script_run_ctx()

    def show(fraction: float) -> None:
        add_script_run_ctx(threading.current_thread(), context)  # the download is watched from a thread of its own
        place.progress(fraction, f"Downloading {messages.plain(name)} …")

    with st.spinner(f"Loading {messages.plain(name)} …"), TURNS.given_up():
        found = model(name, weights, show)
    place.empty()
    return found


@st.cache_resource(
    scope="session", on_release=lambda visitor: visitor.leave(), hash_funcs={Visitor: lambda visitor: visitor.token}
)
def present(known: Visitor) -> Visitor:
    """The visitor whose page is there.

    Gone, Streamlit releases it here: the runs pause, and end unless it returns soon.
    """
    known.come_back()
    return known


@st.cache_resource
def weights_folder() -> Path:
    return folders.passing_folder("actviz-weights-")


def keep_weights(name: str, data: bytes) -> str:
    """Stores an uploaded file under its hash and gives the name by which recipes call it."""
    digest = hashlib.sha256(data).hexdigest()
    suffix = ".safetensors" if name.lower().endswith(".safetensors") else ".pth"
    oldest_first = sorted(weights_folder().iterdir(), key=lambda file: file.stat().st_mtime)
    for file in oldest_first[: max(0, len(oldest_first) - WEIGHTS_KEPT + 1)]:
        file.unlink()
    (weights_folder() / f"{digest}{suffix}").write_bytes(data)
    return f"sha256:{digest}"


def weights_file(weights: str) -> Path:
    digest = weights.removeprefix("sha256:")
    found = [file for file in weights_folder().iterdir() if file.stem == digest]
    if not found:
        raise ActvizError("this recipe needs a file of weights that this server does not have; choose it beside Model.")
    return found[0]


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The pictures of all galleries, for all visitors."""
    return Store(default_folder())


def in_gallery(recipe: Recipe, model: Model) -> bytes | None:
    """The gallery's picture of the recipe's channel, made alike at any size.

    Takes its time with a model seen first: not for a page's script.
    """
    objective = recipe.spec.objectives[0]
    with suppress(ActvizError):  # a store that cannot be used is the gallery's to report
        return store().largest(Gallery.of(model, objective.layer, recipe), objective.channel)
    return None


def filling(gallery: Gallery, model: Model) -> Filling:
    """The gallery as it comes into being, the same one for all visitors. It keeps the model while it works."""
    known = weakref.ref(model)

    def render(part: Gallery, channels: tuple[int, ...], keep: Callable) -> Iterator:
        if known() is None:
            raise ActvizError("the network is no longer kept; open the gallery again.")
        return rendering(part, known(), channels, keep)

    def new() -> Filling:
        shelves = Shelf("coarse", gallery.coarse(model), store()), Shelf("fine", gallery, store())
        return Filling(shelves, render, scheduler().start, batch_size(model), able=lambda: known() is not None)

    return FILLINGS.open(gallery.key, new)
