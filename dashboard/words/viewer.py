"""What the viewer says of runs, in every language that lessons have: a table of a language's own (viewer.toml)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from dashboard.words.lessons import FIRST

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("viewer.toml").read_text(encoding="utf-8")
)


def words(lang: str) -> Mapping[str, str]:
    """Those of a language; English ones for a language that has no table."""
    return WORDS.get(lang, WORDS[FIRST])
