"""What the Learn page itself says, in every language that lessons have: a table of a language's own (lessons.toml)."""

import re
from collections.abc import Mapping
from functools import partial

from actviz_core import written
from dashboard.words import tables

WORDS = tables.read("lessons")
words = partial(tables.words_of, WORDS)
MARKED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\(\S+?(?: \".*?\")?\)")


def spelled(number: float, form: str, said: Mapping[str, str]) -> str:
    """A number in that format, as the language of these words writes it."""
    return written(number, form).replace(".", said["decimal"])


def unmarked(text: str) -> str:
    """The words of a line of Markdown without its marks: **bold**, *italic*, `code`, [a link](address)."""
    return MARKED.sub(lambda found: next(filter(None, found.groups())), text)
