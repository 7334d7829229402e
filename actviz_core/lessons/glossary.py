"""The glossary: the words of the field, each told in a sentence or two, in every language that lessons have."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIRST = "en"
OTHERS = ("formula", "source", "kinds")  # what a word has besides its languages


@dataclass(frozen=True)
class Word:
    """A word of the field.

    name     by which links lead to it, `glossary:name`
    told     (what it is called, what it means), by language
    formula  in LaTeX, "" where there is none
    source   where it is told at length, https or ""
    kinds    classes of modules that are a case of it, as the chart of layers names them
    """

    name: str
    told: Mapping[str, tuple[str, str]]
    formula: str = ""
    source: str = ""
    kinds: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        """What it is called in that language, or else in English."""
        return self.told.get(lang, self.told[FIRST])[0]

    def text(self, lang: str) -> str:
        """What it means, likewise."""
        return self.told.get(lang, self.told[FIRST])[1]


@cache
def glossary() -> Mapping[str, Word]:
    """All words by their names."""
    tables = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8"))
    return {name: word(name, table) for name, table in tables.items()}


def word(name: str, table: Mapping[str, Any]) -> Word:
    told = {lang: (told[0], told[1]) for lang, told in table.items() if lang not in OTHERS}
    return Word(name, told, table.get("formula", ""), table.get("source", ""), tuple(table.get("kinds", ())))


def word_of_kind(kind: str) -> Word | None:
    """The word for modules of that class; None where there is none."""
    return next((word for word in glossary().values() if kind in word.kinds), None)
