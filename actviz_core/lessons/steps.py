"""Steps of a lesson, from the sections of its file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..attribution.method import Method
from ..dataset.samples import SAMPLES
from ..errors import ActvizError, near
from ..models.catalogue import find
from ..optimization.hyperparams import Hyperparams
from ..values import conform
from .beside import read_beside
from .checks import Check, parse_check
from .fields import EstimateFields, Given, ImageFields, Lines, SolutionFields, StepFields, read_fields
from .lesson import After, Choice, Estimate, Question, Solution, Step, StepImage, StepRun
from .markdown import Block, Section, keyword
from .problems import Findings
from .recipes import USUAL, recipe_of, target_of
from .texts import MOST_WORDS, check_length, check_text

CONTROLS = ("channel", "layer", "class", "seed", "preset", "method", "brush")
"""Controls that a step may show beside numbers of the hyperparams."""
MOST_CONTROLS = 2
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass
class Reader:
    """What the steps of a file share: its folder, language and networks, and what was found."""

    folder: Path
    lang: str
    needs: tuple[str, ...]
    findings: Findings
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def text(self, text: str, line: int) -> str:
        """A text whose links and images are looked at; the images' files are read."""
        for name, number in check_text(text, line, self.findings):
            try:
                if name not in self.pictures:
                    self.pictures[name] = read_beside(self.folder, name)
            except ActvizError as problem:
                self.findings.note(number, problem)
        return text

    def file(self, name: str) -> bytes:
        """A file beside the lesson."""
        return read_beside(self.folder, name)


@dataclass
class Parts:
    """The texts of a section, told apart."""

    paragraphs: list[Block] = field(default_factory=list[Block])
    look_for: str = ""
    question: Block | None = None
    answers: list[Block] = field(default_factory=list[Block])
    hints: list[str] = field(default_factory=list[str])
    teacher: list[str] = field(default_factory=list[str])


def read_step(section: Section, reader: Reader) -> Step:
    """A step; what is wrong with it is among the reader's findings."""
    given = fields_of(section, reader.findings)
    fields: StepFields = given.values
    parts = parts_of(section, fields.estimate is not None, reader)
    runs = runs_of(fields, given.lines, reader)
    question = question_of(parts, fields.estimate, reader)
    return Step(
        id=fields.id,
        title=section.title,
        text="\n\n".join(block.text for block in parts.paragraphs),
        look_for=parts.look_for,
        runs=runs,
        image=image_of(fields.image, given.lines, reader),
        panels=fields.panels,
        show=shown(fields, given.lines, reader.findings),
        steers=tuple(number - 1 for number in fields.steers) or tuple(range(len(fields.runs))),
        predict=fields.predict,
        question=question,
        checks=checks_of(fields, given.lines, reader.findings),
        hints=tuple(parts.hints),
        after=After(fields.after.seconds, fields.after.tries),
        only=fields.only,
        minutes=fields.minutes,
        teacher="\n\n".join(parts.teacher),
        solution=solution_of(fields.solution),
        lang=reader.lang,
        line=section.line,
    )


def fields_of(section: Section, findings: Findings) -> Given:
    """The fields of the block that stands first."""
    first = section.blocks[0] if section.blocks else None
    if first is None or first.kind != "fence" or first.word != "step":
        findings.add(
            section.line,
            f"The step {section.title!r} has no block of fields.",
            "Write a fence ```step directly below its heading.",
        )
        return Given(StepFields(id="?"), Lines("", section.line), frozenset())
    return read_fields(StepFields, first.text, first.line + 1, findings)


def parts_of(section: Section, estimated: bool, reader: Reader) -> Parts:
    """The texts of a section, each looked at."""
    parts, findings = Parts(), reader.findings
    for block in section.blocks[1:]:
        word, text = keyword(block.text)
        match block.kind:
            case "answer":
                parts.answers.append(block)
            case "quote" if word in ("hint", "teacher"):
                (parts.hints if word == "hint" else parts.teacher).append(reader.text(text, block.line))
            case "quote":
                findings.add(
                    block.line,
                    "A quote begins with neither hint: nor teacher:.",
                    "Begin it so, or indent it below an answer.",
                )
            case "fence" if block.word == "step":
                findings.add(block.line, "The step has a second block of fields.", "Put all fields into the first one.")
            case _ if parts.answers:
                findings.add(
                    block.line, "There is text below the answers.", "Put it before the question, or into a hint."
                )
            case _ if word == "look_for":
                parts.look_for = reader.text(text, block.line)
            case _:
                parts.paragraphs.append(block)
    if parts.paragraphs and (parts.answers or estimated):
        parts.question = parts.paragraphs.pop()
    for block in parts.paragraphs:
        reader.text(block.text, block.line)
    read = " ".join((*(block.text for block in parts.paragraphs if block.kind == "paragraph"), parts.look_for))
    check_length(read, MOST_WORDS, "step", section.line, findings)
    return parts


def runs_of(fields: StepFields, lines: Lines, reader: Reader) -> tuple[StepRun, ...]:
    """The runs whose recipes can be read."""
    runs: list[StepRun] = []
    for at, run in enumerate(fields.runs):
        try:
            recipe = recipe_of(run, reader.file)
        except ActvizError as problem:
            reader.findings.note(lines.of(f"runs[{at}]"), problem)
            continue
        if recipe.spec.model not in reader.needs:
            reader.findings.add(
                lines.of(f"runs[{at}].model"),
                f"The run is of {recipe.spec.model}, which the head does not need.",
                "Add it to needs.",
            )
        runs.append(StepRun(run.title, recipe))
    return tuple(runs)


def question_of(parts: Parts, estimate: EstimateFields | None, reader: Reader) -> Question | None:
    """The question with its choices or its estimate."""
    if not parts.answers and not estimate:
        return None
    choices = tuple(
        Choice(
            reader.text(block.text, block.line), block.right, reader.text("\n".join(block.feedback).strip(), block.line)
        )
        for block in parts.answers
    )
    text = reader.text(parts.question.text, parts.question.line) if parts.question else ""
    asked = Estimate(estimate.of, estimate.low, estimate.high, estimate.within) if estimate else None
    return Question(text, choices, asked)


def image_of(fields: ImageFields | None, lines: Lines, reader: Reader) -> StepImage | None:
    """The photograph that is explained."""
    if fields is None:
        return None
    model = fields.model or USUAL
    try:
        if fields.sample not in (known := [sample.name for sample in SAMPLES]):
            raise ActvizError(
                f"there is no sample {fields.sample!r}{near(fields.sample, known)}; known are {', '.join(known)}"
            )
        find(model)
        methods = tuple(conform({"kind": name}, Method, "methods") for name in fields.methods)
        return StepImage(fields.sample, target_of(fields), methods, model, fields.weights)
    except ActvizError as problem:
        reader.findings.note(lines.of("image"), problem)
        return None


def shown(fields: StepFields, lines: Lines, findings: Findings) -> tuple[str, ...]:
    """The controls; a kind alone is its first number."""
    controls: list[str] = []
    for name in fields.show:
        try:
            controls.append(name if name in (*CONTROLS, "learning_rate") else ".".join(Hyperparams().place(name)))
        except ActvizError:
            findings.add(
                lines.of("show"),
                f"There is no control {name!r}{near(name, CONTROLS)}.",
                f"Name a number such as blur.weight, or one of {', '.join(CONTROLS)}.",
            )
    if len(fields.show) > MOST_CONTROLS:
        findings.add(lines.of("show"), f"The step shows {len(fields.show)} controls.", f"Show at most {MOST_CONTROLS}.")
    return tuple(controls)


def checks_of(fields: StepFields, lines: Lines, findings: Findings) -> tuple[Check, ...]:
    """The checks that can be read."""
    checks: list[Check] = []
    for text in fields.check:
        try:
            checks.append(parse_check(text))
        except ActvizError as problem:
            findings.note(lines.of("check"), problem)
    return tuple(checks)


def solution_of(fields: SolutionFields | None) -> Solution | None:
    """What meets the checks."""
    if fields is None:
        return None
    chosen: Mapping[str, Any] = {
        name.rstrip("_"): value
        for name in ("channel", "layer", "class_", "seed", "preset")
        if (value := getattr(fields, name)) not in (None, "")
    }
    return Solution(
        settings=fields.set,
        changes=chosen,
        answer=None if fields.answer is None else fields.answer - 1,
        estimate=fields.estimate,
        mask=fields.mask,
        iterations=fields.iterations,
    )
