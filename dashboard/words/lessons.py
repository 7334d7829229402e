"""What the Learn page itself says, in every language that lessons have: a table of a language's own (lessons.toml)."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

WORDS: Mapping[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("lessons.toml").read_text(encoding="utf-8")
)
FIRST = "en"
MARKED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\(\S+?(?: \".*?\")?\)")


def words(lang: str) -> dict[str, str]:
    """Those of a language; English ones for a language that has no table."""
    return WORDS.get(lang, WORDS[FIRST])


def spelled(number: float, form: str, said: Mapping[str, str]) -> str:
    """A number in that format, as the language of these words writes it."""
    return format(number, form).replace("-", "−").replace(".", said["decimal"])


def unmarked(text: str) -> str:
    """The words of a line of Markdown without its marks: **bold**, *italic*, `code`, [a link](address)."""
    return MARKED.sub(lambda found: next(filter(None, found.groups())), text)
