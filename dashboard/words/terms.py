"""What the core calls settings, scores, targets and more, in the languages that lessons have (terms.toml)."""

import re
from collections.abc import Mapping
from functools import cache

from dashboard.words import tables

TERMS = tables.read("terms")
TARGETS = (
    *("channel", "class", "neuron", "at the middle", "at row", "column", "direction", "whole layer"),
    *("untrained", "repeats every"),
)
# Where a target's title has them: first in a part of it, or after a number; a class may be called by any of them.
IN_TITLE = re.compile(rf"(^|, |(?<=\d) )({'|'.join(TARGETS)})(?=[ ,]|$)")


def terms(lang: str) -> Mapping[str, str]:
    """By what they are in English; none where they are English already."""
    return TERMS.get(lang, {})


def term(english: str, lang: str) -> str:
    return terms(lang).get(english, english)


@cache
def titled(title: str, lang: str) -> str:
    """The title of a network and a target, "efficientnet_lite0, blocks.3.0, channel 24", in that language."""
    return IN_TITLE.sub(lambda found: found[1] + term(found[2], lang), title)
