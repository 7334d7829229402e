"""Steps of a lesson, from the sections of its file."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from ..attribution.method import Method
from ..dataset.samples import SAMPLES, WATERMARKED
from ..errors import ActvizError, near
from ..optimization.hyperparams import Hyperparams, all_kinds
from ..values import conform
from .checks import Check, parse_check
from .fields import GainedFields, Given, ImageFields, SolutionFields, StepFields
from .lesson import After, Solution, Step, StepGained, StepImage, StepRun
from .markdown import Section
from .problems import Findings
from .reader import Reader
from .recipes import USUAL, recipe_of, target_of
from .rules import check_step
from .sections import fields_of, parts_of, question_of

CONTROLS = ("channel", "layer", "class", "seed", "preset", "method", "brush")
"""Controls that a step may show beside numbers of the hyperparams."""
MOST_CONTROLS, MOST_CHECKS, MOST_METHODS = 2, 6, 6


def read_step(section: Section, reader: Reader) -> Step:
    """A step; what is wrong with it is among the reader's findings."""
    given = fields_of(section, reader.findings)
    fields: StepFields = given.values
    parts = parts_of(section, fields.estimate is not None, reader)
    step = Step(
        id=fields.id,
        title=reader.text(section.title, section.line),
        text=parts.text,
        look_for=parts.look_for,
        runs=runs_of(given, reader),
        image=image_of(given, reader),
        gained=gained_of(given, reader.findings),
        panels=fields.panels,
        show=shown(given, reader.findings),
        anew=fields.anew,
        ranges=ranges_of(given, reader.findings),
        steers=tuple(number - 1 for number in fields.steers) or tuple(range(len(fields.runs))),
        predict=fields.predict,
        question=question_of(parts, fields.estimate, reader),
        checks=checks_of(given, reader.findings),
        hints=tuple(parts.hints),
        after=After(fields.after.seconds, fields.after.tries),
        only=fields.only,
        minutes=fields.minutes,
        teacher="\n\n".join(parts.teacher),
        solution=solution_of(fields.solution),
        lang=reader.lang,
        line=section.line,
        places=given.places,
    )
    if fields.titles:
        reader.findings.add(given.line("titles"), "Titles are a translation's.", "Give each run its own title.")
    if given.readable:
        check_step(step, given, reader.findings)
    return step


def runs_of(given: Given, reader: Reader) -> tuple[StepRun, ...]:
    """The runs whose recipes can be read."""
    runs: list[StepRun] = []
    for at, run in enumerate(given.values.runs):
        reader.text(run.title, given.line(f"runs[{at}].title"))
        recipe = recipe_of(run, reader.file, partial(noting, given, reader.findings, f"runs[{at}]"))
        model = recipe.spec.model if recipe else run.model
        if model and model not in reader.needs:
            reader.findings.add(
                given.line(f"runs[{at}].model", f"runs[{at}].recipe"),
                f"The run is of {model}, which the head does not need.",
                "Add it to needs.",
            )
        if recipe:
            runs.append(StepRun(run.title, recipe))
    return tuple(runs)


def noting(given: Given, findings: Findings, table: str, *names: str) -> AbstractContextManager[None]:
    """What is refused within is noted at the first of these fields that the table has."""
    return findings.noting(given.line(*(f"{table}.{name}" for name in names)))


def image_of(given: Given, reader: Reader) -> StepImage | None:
    """The photograph that is explained."""
    fields: ImageFields | None = given.values.image
    if fields is None:
        return None
    model, findings = fields.model or USUAL, reader.findings
    with findings.noting(given.line("image.sample")):
        check_sample(fields.sample)
    if model not in reader.needs:
        what = f"The image is for {model}, which the head does not need."
        findings.add(given.line("image.model"), what, "Add it to needs.")
    if len(fields.methods) > MOST_METHODS:
        what = f"The image has {len(fields.methods)} kinds of maps."
        findings.add(given.line("image.methods"), what, f"Ask for at most {MOST_METHODS}.")
    methods: list[Method] = []
    for name in fields.methods[:MOST_METHODS]:
        with findings.noting(*given.entries("image.methods", name)):
            methods.append(conform({"kind": name}, Method, "methods"))
    return StepImage(fields.sample, target_of(fields), tuple(methods), model, fields.weights)


def gained_of(given: Given, findings: Findings) -> StepGained | None:
    """The photographs between which channels gain."""
    fields: GainedFields | None = given.values.gained
    if ("gained" in given.values.panels) != (fields is not None):
        what = "The panel gained and the table [gained] need each other."
        for line in (given.line("gained"),) if fields else given.entries("panels", "gained"):
            findings.add(line, what, "Add what is missing, or leave both out.")
    if fields is None:
        return None
    for at, name in (("gained.from", fields.from_), ("gained.to", fields.to)):
        with findings.noting(given.line(at)):
            check_sample(name)
    if fields.class_ is None:
        findings.add(given.line("gained"), "The gain is for no class.", 'Write class = "...".')
        return None
    return StepGained(fields.from_, fields.to, fields.class_)


def check_sample(name: str) -> None:
    """ActvizError where there is no sample photograph of that name."""
    if name not in (known := [sample.name for sample in (*SAMPLES, *WATERMARKED)]):
        raise ActvizError(f"there is no sample {name!r}{near(name, known)}; known are {', '.join(known)}")


def shown(given: Given, findings: Findings) -> tuple[str, ...]:
    """The controls; a kind alone is its first number."""
    controls: list[str] = []
    names: tuple[str, ...] = given.values.show
    for name in names:
        try:
            controls.append(name if name in (*CONTROLS, "learning_rate") else ".".join(Hyperparams().place(name)))
        except ActvizError:
            what = f"There is no control {name!r}{near(name, (*CONTROLS, *all_kinds()))}."
            for line in given.entries("show", name):
                findings.add(line, what, f"Name a number such as blur.weight, or one of {', '.join(CONTROLS)}.")
    if len(names) > MOST_CONTROLS:
        findings.add(given.line("show"), f"The step shows {len(names)} controls.", f"Show at most {MOST_CONTROLS}.")
    return tuple(controls)


def ranges_of(given: Given, findings: Findings) -> dict[str, tuple[float, float]]:
    """Where sliders end, by their numbers' addresses."""
    ranges: dict[str, tuple[float, float]] = {}
    for name, entry in given.values.ranges.items():
        with findings.noting(given.line(f"ranges.{name}")):
            low, high = conform(entry, tuple[float, float], f"ranges.{name}")
            if not low < high:
                raise ActvizError(f"ranges.{name} is from {low:g} to {high:g}; the first must be below the second")
            start = Hyperparams()
            for end in (low, high):
                start.with_value(name, end)
            ranges[name if name == "learning_rate" else ".".join(start.place(name))] = low, high
    return ranges


def checks_of(given: Given, findings: Findings) -> tuple[Check, ...]:
    """The checks that can be read."""
    texts: tuple[str, ...] = given.values.check
    if len(texts) > MOST_CHECKS:
        findings.add(given.line("check"), f"The step has {len(texts)} checks.", f"Ask for at most {MOST_CHECKS}.")
    checks: list[Check] = []
    for text in texts:
        with findings.noting(*given.entries("check", text)):
            checks.append(parse_check(text))
    return tuple(checks)


def solution_of(fields: SolutionFields | None) -> Solution | None:
    """What meets the checks."""
    if fields is None:
        return None
    chosen: Mapping[str, Any] = {
        name.rstrip("_"): value
        for name in ("channel", "layer", "class_", "seed", "preset", "method", "tries")
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
