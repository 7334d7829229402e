"""Tables of sentences, one for each language: `NAME.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

FIRST = "en"

Table = Mapping[str, dict[str, str]]


def read(name: str) -> Table:
    """By language."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def words_of(table: Table, lang: str) -> dict[str, str]:
    """Those of a language; English ones for a language that has no table."""
    return table.get(lang, table[FIRST])
