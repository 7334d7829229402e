"""What outlives a run of the script: models and scheduler for everybody, runs and recipe for one visitor.

The only file with st.cache_resource. What the pages are set to is the visitor's; st.session_state holds widgets, the
visitor, and what one drawing of a page leaves to the next.
"""

import hashlib
import re
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from actviz_core import (
    ActvizError,
    Comparison,
    Gallery,
    Model,
    Objective,
    Preset,
    Recipe,
    Scheduler,
    Store,
    Sweep,
    batch_size,
    choose_device,
    default_folder,
    load_model,
    origin,
    rendering,
)
from dashboard import closing, focus, links, tab
from dashboard.callbacks import whole
from dashboard.gallery.filling import FILLINGS, Filling
from dashboard.gallery.shelf import Shelf
from dashboard.page_state import GalleryChoice, Opened, PageState
from dashboard.turns import TURNS
from dashboard.visitors import KEPT_FOR, VISITORS, Visitor, Watched

MODELS_KEPT = 4
WEIGHTS_KEPT = 8  # uploaded files, of all visitors
KNOWN_MODELS: WeakValueDictionary[tuple[str, str], Model] = WeakValueDictionary()
NO_LONGER_KEPT = (
    "What this tab showed before is no longer kept: "
    f"runs and pictures stay for {KEPT_FOR / 60:.0f} minutes after you leave, or until the server restarts."
)


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


def plain(text: str) -> str:
    """Text that Markdown shows as it is: what a link or a file says must not become a picture or an address."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def loaded(name: str, weights: str) -> Model:
    """The model; while it loads the page says so, and shows how far a download is."""
    place, context = st.empty(), get_script_run_ctx()

    def show(fraction: float) -> None:
        add_script_run_ctx(threading.current_thread(), context)  # the download is watched from a thread of its own
        place.progress(fraction, f"Downloading {plain(name)} …")

    with st.spinner(f"Loading {plain(name)} …"), TURNS.given_up():
        found = model(name, weights, show)
    place.empty()
    return found


def visitor() -> Visitor:
    """This visitor's runs."""
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = VISITORS.new()
    return present(st.session_state["visitor"])


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
    return closing.passing_folder("actviz-weights-")


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
        return Filling(shelves, render, scheduler().submit, batch_size(model), able=lambda: known() is not None)

    return FILLINGS.open(gallery.key, new)


def state() -> PageState:
    """What the visitor's pages are set to and show: from the address at first."""
    known = visitor()
    if known.state is None:
        known.state = PageState()
        st.session_state["given"] = given()
        known.state = replace(known.state, **st.session_state["given"])
    return known.state


def given() -> dict:
    """What the address of this page holds, as changes of the page state; the page says what of it cannot be used."""
    found = {}
    reading = {
        "recipe": links.read,
        "comparison": links.read_comparison,
        "gallery": lambda address: links.read_gallery(address, found.get("recipe", recipe())),
    }
    for name, read in reading.items():
        try:
            value = read(st.query_params)
            found |= {name: value} if value is not None else {}
        except ActvizError as problem:
            complain(f"The address of this page does not contain a valid {name}: {problem}")
    return found


def change(**changes) -> None:
    visitor().state = replace(state(), **changes)


def arrive(page: str) -> bool:
    """The beginning of every page: whose it is, what it shows, what waits.

    True if what is set may no longer be what runs obey.
    """
    if st.session_state.get("leaves") == page:
        # Asked again at the next drawing, should a newer wish of this page come in between.
        st.switch_page(explore_page())
    st.session_state.pop("leaves", None)
    known = state()
    focus.show()
    adopt(tab.remembered(visitor().token, st.session_state.get("answered", ""), st.session_state.get("doubted", "")))
    wandered = st.session_state.pop("wandered", False)
    if get_script_run_ctx().is_history_navigation:
        wandered = True
        visitor().state = known = replace(known, **given())
    seen = {"explore": (known.run,), "compare": known.shown}.get(page, ())
    waiting = visitor().see(seen)
    if waiting:
        place = "Explore" if known.run in visitor().held else "Compare"
        what = (
            ("The columns" if known.sweeping else "The sweep")
            if place.lower() == page
            else f"{'The run' if waiting == 1 else f'The {waiting} runs'} on {place}"
        )
        st.toast(
            f"{what} will continue when you return to {'them' if what == 'The columns' else 'it'}.",
            icon=":material/pause:",
        )
    return wandered


def adopt(token: str) -> None:
    """This tab was that visitor before: it is again, with all that was kept.

    What its address says otherwise is a link, and wins.
    """
    if not token:
        return
    fresh, known, found = visitor(), VISITORS.get(token), st.session_state.get("given", {})
    if known is not None and known.there and st.session_state.get("doubted") != token:
        st.session_state["doubted"] = token  # another tab's, or this one's connection of before has not been missed yet
        st.rerun()
    if known is None:
        st.toast(NO_LONGER_KEPT, icon=":material/history:")
    if known is None:
        st.session_state["answered"] = token
    else:
        st.session_state["visitor"] = known
        known.take_over(fresh)
        resume_with(found)
        go_on_with(changed(replace(PageState(), **found), fresh.state))
    st.rerun()


def changed(before: PageState, after: PageState) -> dict:
    """What differs, by name."""
    return {
        field.name: value
        for field in fields(PageState)
        if (value := getattr(after, field.name)) != getattr(before, field.name)
    }


def go_on_with(done: dict) -> None:
    """Takes over what was done on this page before it was known whose it is, as if it had been done now."""
    known = state()
    if "opened" in done:
        done["run"] = ""
    left = [known.run] * ("run" in done) + [*known.board] * ("board" in done) + [*known.sweep] * ("sweep" in done)
    for entry in filter(None, map(visitor().get, left)):
        entry.run.cancel()
    for name in ("targets", "wish"):  # the recipe brings its own
        done.pop(name, None)
    if "recipe" in done:
        set_recipe(done.pop("recipe"))
        st.session_state["wandered"] = True
    change(**done)
    pin()


def resume_with(found: dict) -> None:
    """Takes over what the address holds where it is not what was kept.

    Runs of other settings are not shown as if they were of these.
    """
    known = state()
    linked = {
        name: value for name, value in found.items() if name == "gallery" or not links.same(getattr(known, name), value)
    }
    left = [known.run] * ("recipe" in linked) + [*known.board] * ("comparison" in linked)
    for entry in filter(None, map(visitor().get, left)):
        entry.run.cancel()
    cleared = ({"run": "", "opened": None} if "recipe" in linked else {}) | (
        {"board": (), "sweeping": False} if "comparison" in linked else {}
    )
    change(**linked, **cleared)


def share(address: dict[str, str]) -> None:
    """Puts what the page is set to into its address, at once.

    Only another page is another entry of the browser's history (tab.js).
    """
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)


def gallery_choice() -> GalleryChoice | None:
    """What the gallery's page was set to, None at first."""
    return state().gallery


def choose_gallery(choice: GalleryChoice) -> None:
    change(gallery=choice)


def recipe() -> Recipe:
    """What the page is set to: from its address at first, from its widgets afterwards."""
    return state().recipe


def set_recipe(new: Recipe) -> None:
    visitor().state = state().set_to(new)


def targets() -> tuple[Objective, ...]:
    """What was maximized before, the newest at the end."""
    return state().targets


def wished(objective: Objective) -> Objective:
    """The target that was wanted where this one stands in for it: its layer has too few channels."""
    return state().wished(objective)


def wish(objective: Objective, channel: int) -> None:
    """This target, which the page is set to next, stands in for a channel that its layer does not have."""
    change(wish=(objective, channel))


def watched() -> Watched | None:
    """The run that the page shows."""
    return visitor().get(state().run)


def watch(entry: Watched) -> None:
    change(run=entry.key, opened=None)


def opened() -> Opened | None:
    """What the page shows in place of a run: a file, or a channel of the Gallery."""
    return state().opened


def show_opened(opened: Opened) -> None:
    """In place of the run that was shown, which ends."""
    if entry := watched():
        entry.run.cancel()
    change(run="", opened=opened)


def linked() -> bool:
    """Whether Explore is set to what the address said when the page was opened."""
    return st.session_state.get("given", {}).get("recipe") == recipe()


def comparison() -> Comparison:
    """What the Compare page is set to: from its address at first."""
    return state().comparison


def set_comparison(new: Comparison) -> None:
    change(comparison=new)


def fill() -> str:
    """Which columns the Compare page offers to create."""
    return state().fill


def choose_fill(name: str) -> None:
    change(fill=name)


def board() -> list[Watched]:
    """The runs of the columns, in their order."""
    return entries(state().board)


def set_board(keys: Sequence[str]) -> None:
    change(board=tuple(keys), sweeping=False)
    pin()


def sweep() -> list[Watched]:
    """The runs of the sweep, row by row."""
    return entries(state().sweep)


def set_sweep(keys: Sequence[str], swept: Sweep) -> None:
    """Shown in place of the columns, which stay."""
    change(sweep=tuple(keys), swept=swept, picked="", sweeping=True)
    pin()


def show_sweep(whether: bool) -> None:
    """Compare shows the sweep, or the columns."""
    change(sweeping=whether)


def sweeping() -> bool:
    return state().sweeping


def across() -> int:
    """How many pictures of what Compare shows stand side by side; 0: as it fits."""
    known = state()
    return known.swept.across.steps if known.sweeping and known.swept else 0


def swept() -> Sweep | None:
    """What the sweep is of."""
    return state().swept


def entries(keys: Sequence[str]) -> list[Watched]:
    return [entry for key in keys if (entry := visitor().get(key)) is not None]


def pin() -> None:
    """What Compare can show stays, ended or not."""
    visitor().pin((*state().board, *state().sweep))


def pick(key: str) -> None:
    """The picture of a sweep that was clicked."""
    change(picked=key)


def picked() -> Watched | None:
    return visitor().get(state().picked)


def difference() -> tuple[str, ...]:
    """The keys of the runs of the board that were chosen to be compared."""
    return state().difference


def set_difference(keys: Sequence[str]) -> None:
    change(difference=tuple(keys))


def own_presets() -> tuple[Preset, ...]:
    return state().presets if "visitor" in st.session_state else ()


def keep_preset(preset: Preset) -> None:
    change(presets=(*(known for known in own_presets() if known.title != preset.title), preset))


def explore_page() -> st.Page:
    return st.session_state["explore_page"]


def leave_for_explore(page: str) -> None:
    """That page leads to Explore at its next drawing, for a callback cannot.

    Nothing comes of it where another one is drawn.
    """
    st.session_state["leaves"] = page


def set_explore_page(explore) -> None:
    """The page that others lead to, as the navigation knows it."""
    st.session_state["explore_page"] = explore


def want_model(name: str, weights: str) -> None:
    """The next drawing of the page loads this model; a callback could not show how far it is."""
    st.session_state["wanted_model"] = (name, weights)


def brought(recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes of a file, to be set here; a line says where they were made, if that was elsewhere."""
    line = origin.told([recipe.origin for recipe in recipes], choose_device())
    if line:
        st.toast(line, icon=":material/travel_explore:", duration="long")
    return [replace(recipe, origin=None) for recipe in recipes]


def wanted_model() -> tuple[str, str] | None:
    return st.session_state.pop("wanted_model", None)


def complain(sentence: str) -> None:
    """A sentence to be shown by the next drawing of the page, once."""
    first = sentence.partition(" ")[0]
    word = first.isalpha() and first.islower()  # not the name of a setting or network
    st.session_state["complaint"] = first.title() + sentence[len(first) :] if word else sentence


def complains() -> bool:
    return "complaint" in st.session_state


def complaint() -> str:
    return st.session_state.pop("complaint", "")


def guarded(act):
    """A widget's callback whose ActvizError becomes a sentence on the page; nothing that runs is touched by it."""

    def callback(*given):
        try:
            act(*given)
        except ActvizError as problem:
            complain(str(problem))

    return whole(callback)
