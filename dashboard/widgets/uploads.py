"""Files that people bring: taken, or refused in one sentence, and then the place for them is as empty as before.

Streamlit would refuse by itself, in its own words, and keep each refusal in the list; so it is asked to take any file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from actviz_core import ActvizError, OtherKind
from dashboard.components import focus
from dashboard.state import keys, messages
from dashboard.state.callbacks import whole
from dashboard.state.keys import Key
from dashboard.words.names import elsewhere


@dataclass(frozen=True)
class Holding:
    """Which files hold what, by their endings, and how large they may be in MB."""

    what: str
    endings: tuple[str, ...]
    largest: int

    def check(self, name: str, size: int) -> None:
        *_, ending = name.lower().rpartition(".")
        if ending not in self.endings:
            *most, last = (each.upper() for each in self.endings)
            known = f"{', '.join(most)} and {last}"
            this = ending.upper() if ending.isalnum() and "." in name else "file"
            raise ActvizError(f"Only {known} files hold {self.what}; this {this} does not.")
        if size > self.largest * 2**20:
            raise ActvizError(
                f"{name} has {size / 2**20:.0f} MB; a file with {self.what} has at most {self.largest} MB."
            )


def uploader(
    label: str,
    key: Key[Any],
    holding: Holding,
    take: Callable[[Any], object],
    several: bool = False,
    listed: bool = True,
) -> None:
    """A place for one file or several, with what may be put there in its label.

    take    is called with the file, or the list of them
    listed  whether what was taken goes on standing there; else the same file can be given again
    """
    drawn = keys.place_of(key, keys.emptied(key).get())
    ask = f"{label} ({', '.join(holding.endings).upper()}; at most {holding.largest} MB{' each' if several else ''})"
    st.file_uploader(
        ask,
        accept_multiple_files=several,
        key=drawn.name,
        on_change=whole(given),
        args=(key, drawn, holding, take, listed),
    )


def given(key: Key[Any], drawn: Key[Any], holding: Holding, take: Callable[[Any], object], listed: bool) -> None:
    files = drawn.get()
    if not files:  # taken away again, or about to be replaced
        return
    try:
        for file in files if isinstance(files, list) else [files]:
            holding.check(file.name, file.size)
        take(files)
    except ActvizError as problem:
        sentence = elsewhere(problem, holding.what) if isinstance(problem, OtherKind) else str(problem)
        messages.complain(sentence)
        messages.notify(sentence)  # seen where the page's beginning is scrolled away
    else:
        if listed:
            return
    done = keys.emptied(key).get() + 1
    keys.emptied(key).set(done)
    focus.move(keys.place_of(key, done))
