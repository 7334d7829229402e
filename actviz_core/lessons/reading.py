"""Reading a lesson: the whole file at once, with all that is wrong with it."""

import re
from collections.abc import Callable
from pathlib import Path

from ..errors import ActvizError
from ..models.catalogue import find
from .beside import read_beside
from .fields import HeadFields, read_fields
from .lesson import Lesson, Step
from .markdown import Document, Section, parse
from .problems import Findings
from .steps import Reader, read_step

LARGEST_FILE = 2**17  # bytes
MOST_STEPS = 40
FILE = re.compile(r"([a-z0-9][a-z0-9-]{0,59})(?:\.([a-z]{2}))?\.md")


def read_lesson(path: Path) -> Lesson:
    """The lesson in a Markdown file; of a translation, with what its steps are taken from the file that it translates.

    Raises LessonError with all that is wrong; no other file is read than those beside it.
    """
    path = Path(path)
    findings = Findings(path.name)
    name = FILE.fullmatch(path.name)
    if not name:
        findings.add(
            1,
            f"The file is called {path.name[:80]}.",
            "Call it name.md, or name.de.md in German: small letters, digits and hyphens.",
        )
    try:
        text = read_beside(path.parent, path.name, LARGEST_FILE).decode()
    except UnicodeDecodeError as problem:
        findings.add(1, f"Byte {problem.start} is not UTF-8.", "Save the file as UTF-8.")
    except ActvizError as problem:
        findings.note(1, problem)
    findings.settle()
    assert name
    lesson = lesson_of(parse(text, findings), path, name[1], name[2], findings)
    findings.settle()
    return lesson


def lesson_of(document: Document, path: Path, name: str, lang: str | None, findings: Findings) -> Lesson:
    """The values of a document."""
    head = read_fields(HeadFields, document.head, document.head_line, findings)
    values: HeadFields = head.values
    check_head(values, head.lines.of, lang, findings)
    reader = Reader(path.parent, values.lang, values.needs, findings)
    about, *sections = document.sections
    steps = [read_step(section, reader) for section in sections[:MOST_STEPS]]
    check_steps(steps, sections, values, head.lines.of("minutes"), findings)
    return Lesson(
        name=name,
        title=values.title,
        lang=values.lang,
        minutes=values.minutes,
        level=values.level,
        needs=values.needs,
        version=values.version,
        about=about_of(about, reader),
        steps=tuple(steps),
        pictures=dict(reader.pictures),
        file=str(path),
    )


def about_of(section: Section, reader: Reader) -> str:
    """The sentences before the first step."""
    for block in section.blocks:
        if block.kind != "paragraph":
            reader.findings.add(
                block.line,
                f"There is a {block.kind} before the first step.",
                "Say in a sentence or two what the lesson is about.",
            )
    return "\n\n".join(reader.text(block.text, block.line) for block in section.blocks if block.kind == "paragraph")


def check_head(values: HeadFields, line: Callable[[str], int], lang: str | None, findings: Findings) -> None:
    """Finds what the types of the fields do not tell."""
    if not values.title.strip():
        findings.add(line("title"), "The lesson has no title.", 'Write title = "..." into the head.')
    if not re.fullmatch("[a-z]{2}", values.lang) or lang and lang != values.lang:
        asked = f'lang = "{lang}", as the file is called' if lang else 'two small letters, as "en"'
        findings.add(line("lang"), f"The language is {values.lang!r}.", f"Write {asked}.")
    for name in values.needs:
        try:
            find(name)
        except ActvizError as problem:
            findings.note(line("needs"), problem)


def check_steps(steps: list[Step], sections: list[Section], head: HeadFields, line: int, findings: Findings) -> None:
    """Finds what is wrong between the steps."""
    if not 1 <= len(sections) <= MOST_STEPS:
        findings.add(1, f"The lesson has {len(sections)} steps.", f"Write 1 to {MOST_STEPS}, each below a heading ##.")
    seen: set[str] = set()
    for step in steps:
        if step.id in seen and step.id != "?":
            findings.add(step.line, f"The id {step.id!r} is that of an earlier step.", "Give each step its own.")
        seen.add(step.id)
    minutes = sum(step.minutes for step in steps)
    if minutes and minutes != head.minutes:
        findings.add(line, f"The steps take {minutes:g} minutes, and the lesson {head.minutes}.", "Make them agree.")
