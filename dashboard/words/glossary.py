"""The glossary's words in texts of the page: links to its page, which open in a tab of their own, and help."""

import re
from urllib.parse import urlencode

from actviz_core import Word, glossary, word_of_kind

PAGE, WORD, LANGUAGE = "glossary", "word", "lang"  # its page's address, and what an address of it may say
LINK = re.compile(r"\]\(glossary:([a-z0-9-]+)\)")


def address(name: str, lang: str) -> str:
    """Where that word is told, seen from any page."""
    return f"{PAGE}?{urlencode({WORD: name, LANGUAGE: lang})}"


def linked(text: str, lang: str) -> str:
    """Markdown whose links `glossary:word` lead to the glossary, and say what the word means where one points at it."""
    return LINK.sub(lambda found: f']({address(found[1], lang)} "{glossary()[found[1]].text(lang)}")', text)


def help_of_kind(kind: str) -> str | None:
    """What such a module is, for those who know a network but not this one's words."""
    word = word_of_kind(kind)
    return help_of(word) if word else None


def help_of(word: Word, lang: str = "en") -> str:
    """What it means, and where more is told."""
    return f"[{word.title(lang)}]({address(word.name, lang)}): {word.text(lang)}"
