"""Verdicts: whether a check is met, and in a sentence what is still missing, in the lesson's language."""

from dataclasses import dataclass

from ..optimization.hyperparams import label_of
from .phrases import Phrases
from .work import is_address


@dataclass(frozen=True)
class Verdict:
    """Whether a check is met, and a sentence that says what is, and what is asked."""

    met: bool
    said: str


def name_of(name: str, title: str, phrases: Phrases) -> str:
    """What a check looks at is called; with the title of its run where there are several."""
    plain = phrases.names.get(name) or (label_of(name) if is_address(name) else name)
    return phrases.of.format(name=plain, title=title) if title else plain


def said_of(name: str, value: str, asked: str, phrases: Phrases) -> str:
    """The sentence; `value` is "" where it is not known."""
    text = (phrases.asked if value else phrases.unknown).format(name=name, value=value, asked=asked)
    return text[:1].upper() + text[1:]
