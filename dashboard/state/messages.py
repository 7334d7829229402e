"""Sentences that the next drawing of the page shows, and callbacks whose errors become such."""

import re
from collections.abc import Callable
from typing import Any

from actviz_core import ActvizError
from dashboard.state import keys
from dashboard.state.callbacks import whole


def plain(text: str) -> str:
    """Text that Markdown shows as it is: what a link or a file says must not become a picture or an address."""
    # Streamlit looks for emoji and its logo in what is left when backslashes were read: a word joiner parts them.
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", re.sub(r":(?=[\w+-]*[a-z_+-][\w+-]*:)", ":\u2060", text))


def begun(sentence: str) -> str:
    """With a capital letter, unless its first word is the name of a setting or network."""
    first = sentence.partition(" ")[0]
    return first.title() + sentence[len(first) :] if first.isalpha() and first.islower() else sentence


def complain(sentence: str) -> None:
    """A sentence to be shown by the next drawing of the page, once."""
    keys.COMPLAINT.set(begun(sentence))


def notify(sentence: str) -> None:
    """A sentence to be shown by the next drawing of the page, in passing: a slider's callback can draw nothing."""
    keys.NOTICE.set(begun(sentence))


def waits() -> bool:
    """Whether there is a sentence that only a drawing of the whole page shows."""
    return keys.COMPLAINT.held or keys.NOTICE.held


def notice() -> str:
    return keys.NOTICE.pop()


def complaint() -> str:
    return keys.COMPLAINT.pop()


def guarded(act: Callable[..., Any]) -> Callable[..., None]:
    """A widget's callback whose ActvizError becomes a sentence on the page; nothing that runs is touched by it."""

    def callback(*given: Any) -> None:
        try:
            act(*given)
        except ActvizError as problem:
            complain(str(problem))

    return whole(callback)
