"""Kinds of modules: one sentence about each, for who knows a network but not its words."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from actviz_core import Layer, word_of_kind
from dashboard.words import glossary

MOST = 3  # kinds of layers that a sentence counts


@dataclass(frozen=True)
class Sentence:
    """About a kind; where `inside` says so, only of modules with a layer inside whose kind has that in its name."""

    text: str
    inside: str = ""

    def fits(self, inner: Sequence[Layer]) -> bool:
        return not self.inside or any(self.inside in layer.kind for layer in inner)


@cache
def sentences() -> Mapping[str, Sentence]:
    """By the class of the module."""
    tables = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    return {
        kind: Sentence(table["en"], table.get("inside", "")) for table in tables.values() for kind in table["kinds"]
    }


def told(layer: Layer, inner: Sequence[Layer]) -> tuple[str, str, str]:
    """The sentence about a layer's kind, and the glossary's word for it with its address, "" where it has none."""
    word, known = word_of_kind(layer.kind), sentences().get(layer.kind)
    if known is not None and not known.fits(inner):
        return plain(inner), "", ""
    text = known.text if known else word.text("en") if word else plain(inner)
    return (text, word.title("en"), glossary.address(word.name, "en")) if word else (text, "", "")


def plain(inner: Sequence[Layer]) -> str:
    """All that can be said of a kind that has no sentence: what lies inside."""
    if not inner:
        return "A part of this network that no sentence is written for yet; no layers are known inside of it."
    counts = Counter(layer.kind for layer in inner).most_common()
    said = ", ".join(f"{count} {kind}" for kind, count in counts[:MOST])
    more = " and others" if len(counts) > MOST else ""
    return f"A part of this network that no sentence is written for yet; inside of it: {said}{more}."
