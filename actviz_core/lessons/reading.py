"""Reading a lesson: the whole file at once, with all that is wrong with it."""

import re
from dataclasses import replace
from pathlib import Path

from ..errors import ActvizError
from ..models.catalogue import find
from .beside import read_beside
from .fields import Given, HeadFields, read_fields
from .lesson import Lesson, Step
from .markdown import Document, Section, parse
from .problems import Findings, LessonError, legible
from .reader import Reader
from .sections import about_of
from .steps import read_step
from .texts import check_text
from .translation import read_head, translated

LARGEST_FILE = 2**17  # bytes
LONGEST_LINE = 1000  # letters
MOST_STEPS = 40
MOST_NEEDS = 6  # networks
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
            f"The file is called {legible(path.name[:80])}.",
            "Call it name.md, or name.de.md in German: small letters, digits and hyphens.",
        )
    text = text_of(path, findings)
    findings.settle()
    assert name, "else there is a finding"
    lesson = lesson_of(parse(text, findings), path, name[1], name[2] or "", findings)
    findings.settle()
    return lesson


def text_of(path: Path, findings: Findings) -> str:
    """What is in the file; what keeps it from being read is among the findings."""
    try:
        text = read_beside(path.parent, path.name, LARGEST_FILE).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        findings.add(1, f"Byte {problem.start} is not UTF-8.", "Save the file as UTF-8.")
    except ActvizError as problem:
        findings.note(1, problem)
    else:
        check_lines(text, findings)
        return text
    return ""


def check_lines(text: str, findings: Findings) -> None:
    """Finds what no text editor shows, and lines that are too long to be read."""
    for number, line in enumerate(text.splitlines(), 1):
        if any(not letter.isprintable() for letter in line.replace("\t", " ")):
            findings.add(number, "There are letters that cannot be seen.", "Write the line anew.")
        if len(line) > LONGEST_LINE:
            findings.add(number, f"The line has {len(line):,} letters.", f"Break it after at most {LONGEST_LINE:,}.")


def lesson_of(document: Document, path: Path, name: str, lang: str, findings: Findings) -> Lesson:
    """The values of a document; a file that lies beside the one that it translates says its texts only."""
    original = path.with_name(f"{name}.md")
    if not lang or not original.exists():
        return whole_lesson(document, path, name, lang, findings)
    try:
        base = read_lesson(original)
    except LessonError:
        findings.add(1, f"The lesson that it translates, {original.name}, has problems.", "Mend these first.")
        findings.settle()
        raise
    reader = Reader(path.parent, lang, base.needs, findings)
    head = read_head(document, base, reader)
    if head.readable:
        check_head(head, lang, findings)
    return replace(translated(document, base, head.values, reader), file=str(path))


def whole_lesson(document: Document, path: Path, name: str, lang: str, findings: Findings) -> Lesson:
    """The values of a document that says everything itself."""
    head = read_fields(HeadFields, document.head, document.head_line, findings)
    values: HeadFields = head.values
    if head.readable:
        check_head(head, lang, findings)
        check_needs(head, findings)
    reader = Reader(path.parent, values.lang, values.needs, findings)
    about, *sections = document.sections
    steps = [read_step(section, reader) for section in sections[:MOST_STEPS]]
    if head.readable:
        check_steps(steps, sections, head, findings)
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


def check_head(head: Given, lang: str, findings: Findings) -> None:
    """Finds a head without a title, or with another language than the file's name says."""
    values: HeadFields = head.values
    list(check_text(values.title, head.line("title"), findings))
    if not values.title.strip() and not head.refused("title"):
        findings.add(1, "The lesson has no title.", 'Write title = "..." into the head.')
    wrong = not re.fullmatch("[a-z]{2}", values.lang) or lang and lang != values.lang
    if wrong and not head.refused("lang"):
        asked = f'lang = "{lang}", as the file is called' if lang else 'two small letters, as "en"'
        findings.add(head.line("lang"), f"The language is {values.lang!r}.", f"Write {asked}.")


def check_needs(head: Given, findings: Findings) -> None:
    """Finds networks that there are not."""
    needs: tuple[str, ...] = head.values.needs
    if len(needs) > MOST_NEEDS:
        findings.add(head.line("needs"), f"The lesson needs {len(needs)} networks.", f"Use at most {MOST_NEEDS}.")
    for name in needs[:MOST_NEEDS]:
        with findings.noting(*head.entries("needs", name)):
            find(name)


def check_steps(steps: list[Step], sections: list[Section], head: Given, findings: Findings) -> None:
    """Finds what is wrong between the steps."""
    minutes, line = head.values.minutes, head.line("minutes")
    if not 1 <= len(sections) <= MOST_STEPS:
        findings.add(1, f"The lesson has {len(sections)} steps.", f"Write 1 to {MOST_STEPS}, each below a heading ##.")
    seen: set[str] = set()
    for step in steps:
        if step.id and step.id in seen:
            what = f"The id {step.id!r} is that of an earlier step."
            findings.add(step.places.of("id"), what, "Give each step its own.")
        seen.add(step.id)
    if head.refused("minutes"):
        return
    told = [step.minutes for step in steps if step.minutes]
    if told and (len(told) < len(steps) or sum(told) != minutes):
        findings.add(
            line,
            f"{len(told)} of {len(steps)} steps take {sum(told):g} minutes, and the lesson {minutes}.",
            "Give all steps or none their minutes, and let them add up.",
        )
    if minutes < len(steps) / 2:
        findings.add(line, f"{len(steps)} steps do not fit into {minutes} minutes.", "Allow half a minute each.")
