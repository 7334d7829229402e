"""What one visitor's pages are set to and show: reads and replaces the visitor's page state.

What the pages are set to is the visitor's; the session's state holds widgets, the visitor, and what one drawing of a
page leaves to the next.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from actviz_core import ActvizError, Comparison, Objective, Preset, Recipe, Sweep, origin
from dashboard.state import animals, keys, links, messages, services, streamlit_private
from dashboard.state.explaining import Explaining, Picture
from dashboard.state.learning import Learning, Tried
from dashboard.state.left import left_of
from dashboard.state.page_state import GalleryChoice, LayersChoice, Opened, PageState
from dashboard.state.visitors import VISITORS, Visitor
from dashboard.state.watched import Watched

PRESENT = threading.local()  # whom this thread has found to be there, in which drawing


def visitor() -> Visitor:
    """This visitor's runs."""
    known = keys.VISITOR.get()
    if known is None:
        known = VISITORS.new()
        keys.VISITOR.set(known)
    drawing = streamlit_private.drawing()
    seen = getattr(PRESENT, "seen", (None, None))
    if drawing is None or seen[0] is not drawing or seen[1] is not known:  # it is asked eighty times in a drawing
        services.present(known)
        PRESENT.seen = drawing, known
    return known


def state() -> PageState:
    """What the visitor's pages are set to and show: from the address at first."""
    known = visitor()
    if known.state is None:
        known.state = untouched()
        keys.GIVEN.set(given())
        known.state = replace(known.state, **keys.GIVEN.get())
    if welcomed := known.welcome.take():
        known.state = replace(known.state, run=welcomed)
    return known.state


def untouched() -> PageState:
    """What the pages of a newcomer are set to: lessons are read in the browser's language, where they have it."""
    lang = (st.context.locale or "")[:2].lower()
    begun = PageState()
    return replace(begun, learning=replace(begun.learning, lang=lang)) if lang in animals.LANGUAGES else begun


def given() -> dict:
    """What the address of this page holds, as changes of the page state; the page says what of it cannot be used."""
    found = {}
    reading = {
        "recipe": links.read,
        "comparison": links.read_comparison,
        "gallery": lambda address: links.read_gallery(address, found.get("recipe", recipe())),
        "layer": lambda address: links.read_layers(address, found.get("recipe", recipe())),
        "explanation": links.read_explanation,
        "learning": lambda address: links.read_learning(address, learning()),
    }
    for name, read in reading.items():
        try:
            value = read(st.query_params)
            found |= {name: value} if value is not None else {}
        except ActvizError as problem:
            messages.complain(f"The address of this page does not contain a valid {name}: {problem}")
    return found


def change(**changes: Any) -> None:
    visitor().state = replace(state(), **changes)


def share(address: dict[str, str]) -> None:
    """Puts what the page is set to into its address, at once.

    Only another page, or another step of a lesson, is another entry of the browser's history (tab.js). What the browser
    says of its address may be older than what it has been told last and not heard yet.
    """
    if address != st.query_params.to_dict() or keys.SHARED.get() not in (None, address):
        st.query_params.from_dict(address)
    keys.SHARED.set(address)


def gallery_choice() -> GalleryChoice | None:
    """What the gallery's page was set to, None at first."""
    return state().gallery


def choose_gallery(choice: GalleryChoice) -> None:
    change(gallery=choice)


def layers_choice() -> LayersChoice | None:
    """What the Layers page was set to, None at first."""
    return state().layer


def choose_layers(choice: LayersChoice) -> None:
    change(layer=choice)


def learning() -> Learning:
    """What was done of the lessons, and which one is open."""
    return state().learning


def learn(new: Learning) -> None:
    """Runs that one can no longer return to end, and leave a small picture and their scores."""
    gone = set(learning().kept_runs).difference(new.kept_runs)
    steps = {place: with_left(tried) if gone.intersection(tried.runs) else tried for place, tried in new.steps.items()}
    for entry in entries(gone):
        entry.run.cancel()
    change(learning=replace(new, steps=steps))
    pin()


def with_left(tried: Tried) -> Tried:
    """With what its runs leave, as long as they are all there."""
    found = entries(tried.runs)
    if len(found) < len(tried.runs):
        return tried
    return replace(tried, left=tuple(left_of(entry.run) for entry in found))


def explanation() -> Explaining:
    """What the Explain page is set to."""
    return state().explanation


def explain(new: Explaining) -> None:
    change(explanation=new)


def image() -> Picture | None:
    """The image that Explain and Layers are about; None where there is none, or the link opened is about another."""
    known = state()
    there = known.image is not None and known.explanation.image in ("", known.image.version)
    return known.image if there else None


def take_image(picture: Picture, sample: str = "") -> None:
    """In place of the one before."""
    change(image=picture, explanation=explanation().of(picture, sample))


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
    visitor().welcome.close(visitor().get)
    change(run=entry.key, opened=None)


def opened() -> Opened | None:
    """What the page shows in place of a run: a file, or a channel of the Gallery."""
    return state().opened


def show_opened(opened: Opened) -> None:
    """In place of the run that was shown, which ends."""
    visitor().welcome.close(visitor().get)
    if entry := watched():
        entry.run.cancel()
    change(run="", opened=opened)


def linked() -> bool:
    """Whether Explore is set to what the address said when the page was opened."""
    return keys.GIVEN.get().get("recipe") == recipe()


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


def entries(keys: Iterable[str]) -> list[Watched]:
    return [entry for key in keys if (entry := visitor().get(key)) is not None]


def pin() -> None:
    """What Compare and Learn can show stays, ended or not."""
    visitor().pin((*state().board, *state().sweep, *state().learning.kept_runs))


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
    return state().presets if keys.VISITOR.held else ()


def keep_preset(preset: Preset) -> None:
    change(presets=(*(known for known in own_presets() if known.title != preset.title), preset))


def brought(recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes of a file, to be set here; a line says where they were made, if that was elsewhere."""
    line = origin.told([recipe.origin for recipe in recipes], services.models().device)
    if line:
        st.toast(line, icon=":material/travel_explore:", duration="long")
    return [replace(recipe, origin=None) for recipe in recipes]
