"""A translation: its own texts, and everything else from the lesson that it translates."""

from collections.abc import Iterator
from dataclasses import fields, replace

from ..errors import near
from .fields import Given, HeadFields, StepFields, read_fields
from .lesson import Lesson, Question, Step, StepRun
from .markdown import Document, Section
from .reader import Reader
from .sections import about_of, fields_of, parts_of, question_of

HEAD, STEP = ("title", "lang", "version"), ("id", "titles")  # that a translation says itself


def read_head(document: Document, base: Lesson, reader: Reader) -> Given:
    """Title, language and version of a translation."""
    given = read_fields(HeadFields, document.head, document.head_line, reader.findings)
    refuse(given, HEAD, base, reader)
    if given.readable and given.values.version != base.version:
        reader.findings.add(
            given.line("version"),
            f"It translates version {given.values.version} of {base.name}.md, which is version {base.version}.",
            "Look through what has changed, and write that version.",
        )
    return given


def refuse(given: Given, own: tuple[str, ...], base: Lesson, reader: Reader) -> None:
    """Finds fields that are the translated lesson's."""
    for name in sorted(given.data.keys() - set(own)):
        known = name in {field.name for field in (*fields(HeadFields), *fields(StepFields))}
        if known:
            reader.findings.add(given.line(name), f"The field {name} is that of {base.name}.md.", "Leave it out here.")


def translated(document: Document, base: Lesson, head: HeadFields, reader: Reader) -> Lesson:
    """The lesson in the other language; steps that are not translated are as they were."""
    about, *sections = document.sections
    steps = dict[str, Step]()
    for section in sections:
        for step in read_step(section, base, reader):
            if step.id in steps:
                reader.findings.add(
                    step.places.of("id"), f"The id {step.id!r} is that of an earlier step.", "Give each step its own."
                )
            steps[step.id] = step
    if list(steps) != [step.id for step in base.steps if step.id in steps]:
        reader.findings.add(
            1, f"The steps are in another order than those of {base.name}.md.", "Put them into its order."
        )
    return replace(
        base,
        title=head.title,
        lang=head.lang,
        about=about_of(about, reader),
        steps=tuple(steps.get(step.id, step) for step in base.steps),
        pictures={**base.pictures, **reader.pictures},
    )


def read_step(section: Section, base: Lesson, reader: Reader) -> Iterator[Step]:
    """A translated step, if the lesson has one of that id."""
    given = fields_of(section, reader.findings)
    if not given.readable:
        return
    own: StepFields = given.values
    refuse(given, STEP, base, reader)
    known = {step.id: step for step in base.steps}
    if own.id not in known:
        reader.findings.add(
            given.line("id"), f"{base.name}.md has no step {own.id!r}{near(own.id, known)}.", "Use its ids."
        )
        return
    step = known[own.id]
    parts = parts_of(section, bool(step.question and step.question.estimate), reader)
    question = question_of(parts, None, reader) or (Question(parts.question.text) if parts.question else None)
    check_question(question, step, section.line, base, reader)
    if len(parts.hints) != len(step.hints):
        reader.findings.add(
            section.line,
            f"The step has {len(parts.hints)} hints; in {base.name}.md {len(step.hints)}.",
            "Translate them all.",
        )
    yield replace(
        step,
        title=reader.text(section.title, section.line),
        text=parts.text,
        look_for=parts.look_for,
        runs=titled(step, own.titles, given, reader),
        question=replace(question, estimate=step.question.estimate) if question and step.question else step.question,
        hints=tuple(parts.hints),
        teacher="\n\n".join(parts.teacher) or step.teacher,
        lang=reader.lang,
        line=section.line,
        places=given.places,
    )


def titled(step: Step, titles: tuple[str, ...], given: Given, reader: Reader) -> tuple[StepRun, ...]:
    """The step's runs by their translated titles."""
    if len(titles) != len(step.runs) and (titles or any(run.title for run in step.runs)):
        what = f"The step has {len(step.runs)} runs and {len(titles)} titles."
        reader.findings.add(given.line("titles"), what, 'Write titles = ["...", "..."].')
    pairs = list(zip(step.runs, titles or (run.title for run in step.runs), strict=False))
    for _, title in pairs:
        for line in given.entries("titles", title):
            reader.text(title, line)
    return tuple(replace(run, title=title) for run, title in pairs)


def check_question(found: Question | None, step: Step, line: int, base: Lesson, reader: Reader) -> None:
    """Finds a question whose answers are others than the translated one's."""
    asked = step.question
    ticks = [choice.right for choice in found.choices] if found else []
    wanted = [choice.right for choice in asked.choices] if asked else []
    if ticks != wanted or bool(found) != bool(asked) or found and not found.text:
        reader.findings.add(
            line,
            f"The question has other answers than in {base.name}.md.",
            "Ask the same, with as many answers, the same ones right.",
        )
