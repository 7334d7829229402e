"""What serves all visitors: the owner of the device and the door to it, the store of pictures, files of weights.

The only file with st.cache_resource.
"""

import hashlib
import math
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from actviz_core import (
    OUTPUT,
    ActvizError,
    Describe,
    FieldOf,
    Folder,
    Gallery,
    History,
    Index,
    IndexImages,
    KeptModels,
    ModelHandle,
    ReceptiveField,
    Recipe,
    RenderTiles,
    Result,
    Run,
    Samples,
    Scheduler,
    Store,
    batch_size,
    default_folder,
    find_index,
    index_folder,
    list_layers,
)
from dashboard.jobs.block_pictures import BLOCK_PICTURES, BlockPictures
from dashboard.jobs.filling import FILLINGS, Filling
from dashboard.jobs.indexing import FOLDER, INDEXINGS, Indexing
from dashboard.jobs.shelf import Shelf
from dashboard.jobs.synthesizing import Synthesizings
from dashboard.state import folders, messages
from dashboard.state.door import Door
from dashboard.state.page_state import START, GalleryChoice
from dashboard.state.visitors import Visitor

MODELS_KEPT = 4
WEIGHTS_KEPT = 8  # uploaded files, of all visitors


@st.cache_resource
def models() -> KeptModels:
    """The networks, for whoever owns the device; `weights` is "", "untrained" or "sha256:...", as in a recipe."""
    return KeptModels(MODELS_KEPT, file_of, FILLINGS.rest)


@st.cache_resource
def scheduler() -> Scheduler:
    """The owner of the device."""
    return Scheduler(models())


@st.cache_resource
def door() -> Door:
    return Door(scheduler())


def device() -> str:
    return str(models().device)


def model(name: str, weights: str) -> ModelHandle:
    """What pages know of a network, the same for all visitors."""
    return door().model(name, weights)


def known_model(name: str, weights: str) -> ModelHandle | None:
    """The same where somebody uses it already: a name must not make it load."""
    return door().known_model(name, weights)


def known_field(network: tuple[str, str], layer: str) -> ReceptiveField | None:
    """A layer's receptive field, where somebody has asked for it before."""
    return door().known(FieldOf(network, layer))


def loaded(name: str, weights: str, *size: int) -> ModelHandle:
    """The model, with its layers at its own size and at that one; meanwhile the page says so.

    It shows how far a download is. What tells later why a picture fails need not ask any more.
    """
    place = st.empty()

    def show(result: Result) -> None:
        if result.fraction:
            place.progress(result.fraction, f"Downloading {messages.plain(name)} …")

    with st.spinner(f"Loading {messages.plain(name)} …"):
        door().ask(Describe((name, weights)), show)
    place.empty()
    found = model(name, weights)
    with st.spinner(f"Listing the layers of {messages.plain(name)} …"):
        list_layers(found)
        list_layers(found, *size)
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


def file_of(weights: str) -> str:
    """A recipe comes from anywhere: it may name a file by its hash, never by a path."""
    return weights if weights in ("", "untrained") else str(weights_file(weights))


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


def in_gallery(recipe: Recipe, model: ModelHandle) -> bytes | None:
    """The gallery's picture of the recipe's channel, made alike at any size."""
    objective = recipe.spec.objectives[0]
    channel = objective.main_channel
    if channel is None:
        return None
    with suppress(ActvizError):  # a store that cannot be used is the gallery's to report
        return store().largest(Gallery.of(model, objective.layer, recipe), model, channel)
    return None


@st.cache_resource
def synthesizings() -> Synthesizings:
    """The pictures of units, each made once for all who look at it."""
    return Synthesizings()


def filling(gallery: Gallery, model: ModelHandle) -> Filling:
    """The gallery as it comes into being, the same one for all visitors."""
    coarse = gallery.coarse(model)  # asked before anybody waits for the list of fillings

    def new() -> Filling:
        shelves = Shelf("coarse", coarse, store()), Shelf("fine", gallery, store())
        together = partial(batch_size, model=model)
        return Filling(shelves, partial(RenderTiles, model.network), scheduler().start, together)

    return FILLINGS.open(gallery.key, new)


def block_pictures(model: ModelHandle) -> BlockPictures:
    """Small pictures of a network's blocks as they come into being, the same ones for all visitors."""

    def galleries(layer: str) -> tuple[Gallery, Gallery]:
        """Those that the Gallery shows where nothing was set, and its previews."""
        spec = replace(START.spec, model=model.name, weights=model.network[1])
        for side in ((GalleryChoice.size, GalleryChoice.size), (model.height, model.width)):
            small = replace(spec, height=side[0], width=side[1], iterations=GalleryChoice.iterations)
            with suppress(ActvizError):  # too small for it
                fine = Gallery.of(model, layer, replace(START, spec=small))
                return fine, fine.coarse(model)
        raise ActvizError("no small picture can be made of it.")

    def held() -> bool:
        return any(run not in BLOCK_PICTURES.runs for run in scheduler().patient_runs)

    blocks = [layer.name for layer in list_layers(model) if layer.block]  # asked before anybody waits for the list

    def new() -> BlockPictures:
        render = partial(RenderTiles, model.network)
        return BlockPictures(blocks, galleries, render, partial(scheduler().start, patient=True), store, held)

    return BLOCK_PICTURES.open(model.network, new)


def indexing(model: ModelHandle, of: str) -> Indexing:
    """The index of the samples, or of the owner's folder, as it comes into being, the same one for all visitors."""
    source = Folder(INDEXINGS.folder) if of == FOLDER else Samples()
    layers = tuple(layer.name for layer in list_layers(model) if layer.block or layer.module == OUTPUT)

    def find() -> Index | None:
        return find_index(index_folder(), model, source)

    def make() -> Run:
        work = IndexImages(model.network, source, layers)
        return Run.of(work, math.inf, History(0, 0))

    return INDEXINGS.open((model.network, of), lambda: Indexing(find, make, scheduler().start, layers))
