"""Marks: a lesson's text as Streamlit's Markdown, of which those of lessons act and no others (lesson/inline.js)."""

import re

from dashboard.state.messages import plain
from dashboard.words.glossary import linked

# As the check of lessons reads them: on one line, with no brackets in them. No pattern looks far for an end that is not
# there, for a text of brackets would take minutes.
IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\s]*)\)")
LESSON = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\([\w.-]+\.md\)")  # a link to another one, which no page has an address for
FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})[\w+-]*\n(?:.*?\n)??(?P=marks)$", re.DOTALL | re.MULTILINE)
MARKED = re.compile(
    r"(?P<code>`.+?`)|(?P<mark>\*\*|\*)(?P<told>.+?)(?P=mark)"
    r'|\[(?P<words>[^\[\]]+)\](?P<to>\(\S+?(?: "[^"]*")?\))',
    re.DOTALL,
)
ITEM = re.compile(r"^( *)(\d*)\\([-+*.)])(?= )", re.MULTILINE)  # of a list, as `plain` leaves it


def marked(text: str, lang: str) -> str:
    """**Bold**, *italic*, `code`, links, lists and fences are what they are; all else is shown as it is written.

    Links lead to the glossary's page in that language, and of an image its words are told.
    """
    text = linked(LESSON.sub(r"**\1**", IMAGE.sub(r"\1", text)), lang)
    parts, at = [], 0
    for fence in FENCE.finditer(text):
        parts += [lines(text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join((*parts, lines(text[at:])))


def lines(text: str) -> str:
    """Paragraphs, each by itself: no mark goes on in the next one."""
    return "\n\n".join(ITEM.sub(r"\1\2\3", within(paragraph)) for paragraph in text.split("\n\n"))


def within(text: str) -> str:
    """What is between marks is plain."""
    parts, at = [], 0
    for found in MARKED.finditer(text):
        parts += [plain(text[at : found.start()]), again(found)]
        at = found.end()
    return "".join((*parts, plain(text[at:])))


def again(found: re.Match[str]) -> str:
    """The mark as it is, with plain words, or others' marks, in it."""
    if found["code"]:
        return found["code"]
    if found["mark"]:
        return f"{found['mark']}{within(found['told'])}{found['mark']}"
    return f"[{within(found['words'])}]{found['to']}"
