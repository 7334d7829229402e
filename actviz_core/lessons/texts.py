"""Texts of a lesson: how long they are, where their links lead, and that no image goes without words."""

import re
from collections.abc import Iterator

from ..errors import near
from .glossary import glossary
from .problems import Findings

MOST_WORDS = 60  # of a step's text and what to look for
MOST_ASKED, MOST_ANSWERED, MOST_TOLD = 30, 20, 40  # of a question, an answer; of feedback and hints
MOST_LETTERS = 3000  # of a paragraph, a quote or a fence: what is no word is not counted, and takes its time to read
LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\(([^()\s]*)\)")
OTHER_LINK = re.compile(
    r"\]\(|\]\s*\[|^\s*\[[^\]]*\]:"
)  # in links, over lines, by reference: how it is read is not told
WORD, LESSON = "glossary:", ".md"
LEADS = re.compile(r"https://[^\s]+|glossary:[a-z][a-z0-9-]*|[a-z0-9][a-z0-9-]*(?:\.[a-z]{2})?\.md")
PICTURE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:png|jpg|jpeg|webp|gif)")
BARE = re.compile(r"https?://|\bwww\.|[\w.+-]@[\w-]+\.\w", re.IGNORECASE)  # what a page makes a link by itself
CODE = re.compile(r"`[^`]*`")
HTML = re.compile(r"<[A-Za-z/!?]")


def words(text: str) -> int:
    """How many words a reader reads; of a link its text, of an image none."""
    plain = LINK.sub(lambda found: "" if found[1] else found[2], text)
    return sum(any(map(str.isalnum, word)) for word in plain.split())


def check_text(text: str, line: int, findings: Findings) -> Iterator[tuple[str, int]]:
    """Finds what is wrong with links, images and marks of a text; gives the files that it names, with their lines."""
    for number, one in enumerate(text.split("\n"), line):
        if HTML.search(one):
            findings.add(number, "There is HTML in the text.", "Write Markdown, and < followed by a space.")
        if OTHER_LINK.search(LINK.sub("", one)):
            findings.add(number, "A link cannot be read.", "Write it on one line, as [words](https://...).")
        if BARE.search(CODE.sub("", LINK.sub("", one))):
            findings.add(number, "There is a bare address.", "Write [words](https://...), or `the address` as code.")
        for found in LINK.finditer(one):
            image, told, target = found.groups()
            if not image and not LEADS.fullmatch(target):
                findings.add(
                    number,
                    f"The link leads to {target[:80] or 'nothing'}.",
                    "Let it lead to https://..., glossary:WORD, or another lesson's file beside this one.",
                )
            elif not image and target.startswith(WORD):
                check_word(target.removeprefix(WORD), number, findings)
            elif not image and target.endswith(LESSON) and not target.startswith("https:"):
                yield target, number
            if not told.strip():
                what, mend = ("image", "Describe the image") if image else ("link", "Say where it leads")
                findings.add(number, f"The {what} {target[:80]} has no text.", f"{mend} between the square brackets.")
            if image and PICTURE.fullmatch(target):
                yield target, number
            elif image:
                findings.add(
                    number,
                    f"The image {target[:80]} cannot be shown.",
                    "Put a PNG, JPEG, WebP or GIF beside the lesson and write its name.",
                )


def check_word(word: str, line: int, findings: Findings) -> None:
    """Finds a link to a word that the glossary does not have."""
    if word not in glossary():
        what = f"The glossary has no word {word[:80]}{near(word, glossary())}."
        findings.add(line, what, "Link to one of those that the Glossary page lists, or do without.")


def check_size(text: str, what: str, line: int, findings: Findings) -> None:
    """Finds a paragraph, a quote or a fence of more letters than the page reads at once."""
    if len(text) > MOST_LETTERS:
        findings.add(line, f"The {what} has {len(text):,} letters.", f"Write at most {MOST_LETTERS:,}.")


def check_length(text: str, most: int, what: str, line: int, findings: Findings) -> None:
    """Finds a text that is longer than so many words."""
    if (count := words(text)) > most:
        findings.add(line, f"The {what} has {count} words.", f"Say it in at most {most}, or make two of it.")
