"""The Markdown of a lesson, line by line: its head, and sections of paragraphs, fences, quotes and answers.

Only what lessons are made of is read; every block knows its line, so that errors can name it.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from .problems import Findings

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([\w+-]*)")
MARKS = ("```", "~~~")
ANSWER = re.compile(r"[-*+] \[([ xX])\]\s+(.*)")
QUOTE = re.compile(r"(\s*)>\s?(.*)")


@dataclass
class Block:
    """A paragraph, a fence, a quote or an answer, from its line on.

    text      without its marks; paragraphs keep their lines
    marks     of a fence: those that opened it
    word      of a fence: what stands behind them
    right     of an answer: whether it is ticked
    feedback  of an answer: the quote below it, from its own line on
    """

    kind: Literal["paragraph", "fence", "quote", "answer"]
    line: int
    lines: list[str]
    marks: str = ""
    word: str = ""
    right: bool = False
    feedback: list[str] = field(default_factory=list[str])
    feedback_line: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass
class Section:
    """A heading and what follows; that before the first heading has no title."""

    title: str
    line: int
    blocks: list[Block] = field(default_factory=list[Block])


@dataclass
class Document:
    """A file: the TOML between its +++ lines, which begins at head_line, and the sections."""

    head: str = ""
    head_line: int = 2
    sections: list[Section] = field(default_factory=list[Section])


def parse(text: str, findings: Findings) -> Document:
    """The parts of a file; what cannot be read is among the findings, and the rest is read on."""
    lines = text.replace("\r\n", "\n").split("\n")
    document = Document()
    start = 0
    if lines[0].rstrip() != "+++":
        findings.add(
            1, "The file does not begin with +++.", "Put the lesson's title and the like between two +++ lines."
        )
    else:
        ends = [at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"]
        if not ends:
            findings.add(1, "The head does not end.", "Close it by a second +++ line.")
        start = ends[0] + 1 if ends else len(lines)
        document.head = "\n".join(lines[1 : start - 1])
    document.sections = Sections(findings).read(lines, start)
    return document


class Sections:
    """Reads lines; knows which block the next one may belong to."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.sections = [Section("", 1)]
        self.open: Block | None = None  # the block that the next line may go on
        self.fence = ""  # what closes the open one

    def read(self, lines: list[str], start: int) -> list[Section]:
        for number, line in enumerate(lines[start:], start + 1):
            self.take(line.rstrip(), number)
        if self.fence and self.open:
            self.findings.add(self.open.line, "The fence does not end.", f"Close it by a line {self.fence}.")
        return self.sections

    def take(self, line: str, number: int) -> None:
        """One more line."""
        if self.fence:
            self.take_fenced(line)
        elif not line:
            self.open = None
        elif found := FENCE.fullmatch(line):
            self.fence = found[1]
            self.begin(Block("fence", number, [], marks=found[1], word=found[2]))
        elif line.lstrip(" >").startswith(MARKS):
            self.findings.add(number, "The fence cannot be read.", "Begin the line with ``` and one word, or none.")
        elif found := HEADING.fullmatch(line):
            self.head(found[1], found[2], number)
        elif found := ANSWER.fullmatch(line):
            self.begin(Block("answer", number, [found[2]], right=found[1] != " "))
        elif found := QUOTE.fullmatch(line):
            self.take_quote(bool(found[1]), found[2], number)
        elif self.open and (self.open.kind == "paragraph" or self.open.kind == "answer" and line[0] == " "):
            self.open.lines.append(line if self.open.kind == "paragraph" else line.strip())
        else:
            self.begin(Block("paragraph", number, [line]))

    def begin(self, block: Block) -> None:
        self.sections[-1].blocks.append(block)
        self.open = block

    def head(self, marks: str, title: str, number: int) -> None:
        if marks != "##":
            self.findings.add(number, f"The heading begins with {marks}.", "Begin each step with ## and its title.")
        self.sections.append(Section(title, number))
        self.open = None

    def take_fenced(self, line: str) -> None:
        assert self.open, "a fence is open"
        end = line.strip()
        if len(end) >= len(self.fence) and set(end) == set(self.fence):
            self.fence, self.open = "", None
        else:
            self.open.lines.append(line)

    def take_quote(self, indented: bool, text: str, number: int) -> None:
        """Indented it is the feedback of the answer above."""
        blocks = self.sections[-1].blocks
        if not indented:
            if self.open and self.open.kind == "quote" and not KEYWORD.match(text):
                self.open.lines.append(text)
            else:
                self.begin(Block("quote", number, [text]))
        elif blocks and blocks[-1].kind == "answer":
            blocks[-1].feedback_line = blocks[-1].feedback_line or number
            blocks[-1].feedback.append(text)
        else:
            self.findings.add(
                number, "An indented quote stands below no answer.", "Put it below an answer, or do not indent it."
            )


WORDS = {
    "look for": "look_for",
    "achte auf": "look_for",
    "à observer": "look_for",
    "hint": "hint",
    "tipp": "hint",
    "indice": "hint",
    "teacher": "teacher",
    "lehrkraft": "teacher",
    "enseignant": "teacher",
}
KEYWORD = re.compile(rf"({'|'.join(WORDS)})\s?:\s*", re.IGNORECASE)


def keyword(text: str) -> tuple[str, str]:
    """What a paragraph or quote begins with, look_for, hint, teacher or "", and the text behind it."""
    found = KEYWORD.match(text)
    return (WORDS[found[1].casefold()], text[found.end() :].strip()) if found else ("", text)
