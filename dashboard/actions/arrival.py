"""The beginning of every page: whose it is, what it shows, what waits elsewhere; and the way to another page."""

from collections.abc import Iterable
from dataclasses import fields, replace

import streamlit as st

from actviz_core import samples
from dashboard.components import focus, tab
from dashboard.state import keys, lent, links, session, streamlit_private
from dashboard.state.absence import KEPT_FOR
from dashboard.state.callbacks import draw_anew
from dashboard.state.classroom import CLASSROOM
from dashboard.state.learning import Learning
from dashboard.state.page_state import PageState
from dashboard.state.turns import TURNS
from dashboard.state.visitors import VISITORS, Visitor
from dashboard.words.classroom import words
from dashboard.words.tables import FIRST

WORDS = ("gallery", "layer")  # which stand in an address in words
OF_IMAGE = ("image", "explanation", "seen", "explained")  # what a page state knows of the visitor's image
NO_LONGER_KEPT = (
    "What this tab showed before is no longer kept: "
    f"runs, pictures and your image stay for {KEPT_FOR / 60:.0f} minutes after you leave, or until the server "
    "restarts. An image of your own has to be given again."
)


def arrive(page: str) -> bool:
    """The beginning of every page: whose it is, what it shows, what waits.

    True if what is set may no longer be what runs obey.
    """
    left, destination = keys.LEAVES.get()
    if left == page:
        # Asked again at the next drawing, should a newer wish of this page come in between. Streamlit sleeps for two
        # rounds of its messages before it goes there, and thirty of a class may wait for their turn meanwhile.
        TURNS.give()
        st.switch_page(keys.PAGES.get()[destination])
    keys.LEAVES.pop()
    if page != "learn":
        lent.give_back()
    known = session.state()
    if page != "explore":
        session.visitor().welcome.withdraw()
    focus.show()
    adopt(tab.remembered(session.visitor().token, keys.ANSWERED.get(), keys.DOUBTED.get()))
    wandered = keys.WANDERED.pop()
    if streamlit_private.is_history_navigation():
        wandered = True
        listed = {"learning": known.learning.closed()} if page == "learn" else {}  # where the address names no lesson
        session.visitor().state = known = replace(known, **listed | session.given())
    visitor = session.visitor()
    visitor.page = page
    seen = {
        "explore": (known.run,),
        "compare": known.shown,
        "explain": visitor.on_explain,
        "learn": (*known.learning.runs, *(visitor.on_explain if known.lent else ())),
    }.get(page, ())
    waiting = visitor.see(seen)
    place = place_of(waiting, known)
    if waiting and (page, place) != ("learn", "Learn"):  # from step to step it goes without saying
        st.toast(waits(page, place, len(waiting)), icon=":material/pause:")
    return wandered


def waits(page: str, place: str, count: int) -> str:
    """That runs of another place wait; in a class in its member's language."""
    member = CLASSROOM.of(session.visitor().token)
    said = words(session.learning().lang if member else FIRST)
    if place.lower() == page:
        return said["waits_columns" if session.state().sweeping else "waits_sweep"]
    return said["waits_run" if count == 1 else "waits_runs"].format(n=count, place=place)


def place_of(held: Iterable[str], known: PageState) -> str:
    """The page that shows the runs that wait."""
    if known.run in held:
        return "Explore"
    if {*known.board, *known.sweep} & set(held):
        return "Compare"
    return "Learn" if set(known.learning.kept_runs) & set(held) else "Explain"


def adopt(token: str) -> None:
    """This tab was that visitor before: it is again, with all that was kept.

    What its address says otherwise is a link, and wins.
    """
    if token in ("", session.visitor().token):  # told twice
        return
    fresh, known, found = session.visitor(), VISITORS.get(token), keys.GIVEN.get()
    if known is not None and known.there and keys.DOUBTED.get() != token:
        keys.DOUBTED.set(token)  # another tab's, or this one's connection of before has not been missed yet
        draw_anew()
    if known is None:
        st.toast(NO_LONGER_KEPT, icon=":material/history:")
        keys.ANSWERED.set(token)
    else:
        with streamlit_private.uninterrupted():  # else a click meanwhile would leave half of it undone
            be(known, fresh, found)
    draw_anew()


def be(known: Visitor, fresh: Visitor, found: dict) -> None:
    """Whoever was somebody new until now is that visitor; `found` was in the address."""
    keys.VISITOR.set(known)
    known.take_over(fresh)
    resume_with(found)
    done = changed(replace(session.untouched(), **found), fresh.state)
    if session.state().image is not None and "explanation" not in found and is_sample(fresh.state):
        done = {name: value for name, value in done.items() if name not in OF_IMAGE}
    go_on_with(done)


def is_sample(fresh: PageState) -> bool:
    """Whether its image is the one that Layers begins with by itself."""
    return fresh.explanation.sample == samples.SAMPLES[0].name


def changed(before: PageState, after: PageState) -> dict:
    """What differs, by name."""
    return {
        field.name: value
        for field in fields(PageState)
        if (value := getattr(after, field.name)) != getattr(before, field.name)
    }


def go_on_with(done: dict) -> None:
    """Takes over what was done on this page before it was known whose it is, as if it had been done now."""
    known = session.state()
    if "opened" in done:
        done["run"] = ""
    left = [known.run] * ("run" in done) + [*known.board] * ("board" in done) + [*known.sweep] * ("sweep" in done)
    for entry in filter(None, map(session.visitor().get, left)):
        entry.run.cancel()
    for name in ("targets", "wish"):  # the recipe brings its own
        done.pop(name, None)
    if "lent" in done:  # its image is a lesson's, and what Explain is about is known already
        for name in ("lent", *OF_IMAGE):
            done.pop(name, None)
    if "learning" in done:
        join(done.pop("learning"))
    if "recipe" in done:
        session.set_recipe(done.pop("recipe"))
        keys.WANDERED.set(True)
    session.change(**done)
    session.pin()


def join(fresh: Learning) -> None:
    """What was begun of lessons before it was known whose page it is."""
    known = session.learning().joined(fresh)
    session.learn(known)
    for entry in session.entries(set(fresh.kept_runs).difference(known.kept_runs)):
        entry.run.cancel()


def resume_with(found: dict) -> None:
    """Takes over what the address holds where it is not what was kept.

    Runs of other settings are not shown as if they were of these.
    """
    known = session.state()
    others = {name: value for name, value in found.items() if name != "learning"}
    linked = {
        name: value for name, value in others.items() if name in WORDS or not links.same(getattr(known, name), value)
    }
    if "learning" in found:
        opened = found["learning"]
        session.learn(known.learning.in_quiz() if opened.quiz else known.learning.opened(*opened.place))
    left = [known.run] * ("recipe" in linked) + [*known.board] * ("comparison" in linked)
    for entry in filter(None, map(session.visitor().get, left)):
        entry.run.cancel()
    cleared = ({"run": "", "opened": None} if "recipe" in linked else {}) | (
        {"board": (), "sweeping": False} if "comparison" in linked else {}
    )
    session.change(**linked, **cleared)


def leave(page: str, destination: str = "explore") -> None:
    """That page leads to another one at its next drawing, for a callback cannot.

    Nothing comes of it where another one is drawn.
    """
    keys.LEAVES.set((page, destination))


def set_pages(pages: dict[str, st.Page]) -> None:
    """The pages by their names, as the navigation knows them."""
    keys.PAGES.set(pages)
