"""Steps of a lesson, from the sections of its file."""

from collections.abc import Mapping
from typing import Any

from ..attribution.method import Method
from ..dataset.samples import SAMPLES, WATERMARKED
from ..errors import ActvizError, near
from ..optimization.hyperparams import Hyperparams, all_kinds
from ..values import conform
from .checks import Check, parse_check
from .fields import ImageFields, Lines, SolutionFields, StepFields
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
        runs=runs_of(fields, given.lines, reader),
        image=image_of(fields.image, given.lines, reader),
        gained=gained_of(fields, given.lines, reader.findings),
        panels=fields.panels,
        show=shown(fields, given.lines, reader.findings),
        anew=fields.anew,
        ranges=ranges_of(fields, given.lines, reader.findings),
        steers=tuple(number - 1 for number in fields.steers) or tuple(range(len(fields.runs))),
        predict=fields.predict,
        question=question_of(parts, fields.estimate, reader),
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
    if fields.titles:
        reader.findings.add(given.lines.of("titles"), "Titles are a translation's.", "Give each run its own title.")
    if given.readable:
        check_step(step, len(fields.runs), given.lines.of, reader.findings)
    return step


def runs_of(fields: StepFields, lines: Lines, reader: Reader) -> tuple[StepRun, ...]:
    """The runs whose recipes can be read."""
    runs: list[StepRun] = []
    for at, run in enumerate(fields.runs):
        try:
            recipe = recipe_of(run, reader.file)
        except ActvizError as problem:
            reader.findings.note(lines.of(f"runs[{at}]"), problem)
            continue
        reader.text(run.title, lines.of(f"runs[{at}].title"))
        if recipe.spec.model not in reader.needs:
            reader.findings.add(
                lines.of(f"runs[{at}].model"),
                f"The run is of {recipe.spec.model}, which the head does not need.",
                "Add it to needs.",
            )
        runs.append(StepRun(run.title, recipe))
    return tuple(runs)


def image_of(fields: ImageFields | None, lines: Lines, reader: Reader) -> StepImage | None:
    """The photograph that is explained."""
    if fields is None:
        return None
    model = fields.model or USUAL
    try:
        check_sample(fields.sample)
        if model not in reader.needs:
            raise ActvizError(f"the image is for {model}, which the head does not need; add it to needs")
        methods = tuple(conform({"kind": name}, Method, "methods") for name in fields.methods[:MOST_METHODS])
        return StepImage(fields.sample, target_of(fields), methods, model, fields.weights)
    except ActvizError as problem:
        reader.findings.note(lines.of("image"), problem)
        return None


def gained_of(fields: StepFields, lines: Lines, findings: Findings) -> StepGained | None:
    """The photographs between which channels gain."""
    given = fields.gained
    if ("gained" in fields.panels) != (given is not None):
        what = "The panel gained and the table [gained] need each other."
        findings.add(lines.of("gained" if given else "panels"), what, "Add what is missing, or leave both out.")
    if given is None:
        return None
    try:
        for name in (given.from_, given.to):
            check_sample(name)
        if given.class_ is None:
            raise ActvizError('the gain is for no class; write class = "..."')
        return StepGained(given.from_, given.to, given.class_)
    except ActvizError as problem:
        findings.note(lines.of("gained"), problem)
        return None


def check_sample(name: str) -> None:
    """ActvizError where there is no sample photograph of that name."""
    if name not in (known := [sample.name for sample in (*SAMPLES, *WATERMARKED)]):
        raise ActvizError(f"there is no sample {name!r}{near(name, known)}; known are {', '.join(known)}")


def shown(fields: StepFields, lines: Lines, findings: Findings) -> tuple[str, ...]:
    """The controls; a kind alone is its first number."""
    controls: list[str] = []
    for name in fields.show[: 2 * MOST_CONTROLS]:
        try:
            controls.append(name if name in (*CONTROLS, "learning_rate") else ".".join(Hyperparams().place(name)))
        except ActvizError:
            findings.add(
                lines.of("show"),
                f"There is no control {name!r}{near(name, (*CONTROLS, *all_kinds()))}.",
                f"Name a number such as blur.weight, or one of {', '.join(CONTROLS)}.",
            )
    if len(fields.show) > MOST_CONTROLS:
        findings.add(lines.of("show"), f"The step shows {len(fields.show)} controls.", f"Show at most {MOST_CONTROLS}.")
    return tuple(controls)


def ranges_of(fields: StepFields, lines: Lines, findings: Findings) -> dict[str, tuple[float, float]]:
    """Where sliders end, by their numbers' addresses."""
    ranges: dict[str, tuple[float, float]] = {}
    for name, given in fields.ranges.items():
        try:
            low, high = conform(given, tuple[float, float], f"ranges.{name}")
            if not low < high:
                raise ActvizError(f"ranges.{name} is from {low:g} to {high:g}; the first must be below the second")
            start = Hyperparams()
            for end in (low, high):
                start.with_value(name, end)
            ranges[name if name == "learning_rate" else ".".join(start.place(name))] = low, high
        except ActvizError as problem:
            findings.note(lines.of("ranges"), problem)
    return ranges


def checks_of(fields: StepFields, lines: Lines, findings: Findings) -> tuple[Check, ...]:
    """The checks that can be read."""
    if len(fields.check) > MOST_CHECKS:
        findings.add(lines.of("check"), f"The step has {len(fields.check)} checks.", f"Ask for at most {MOST_CHECKS}.")
    checks: list[Check] = []
    for text in fields.check[:MOST_CHECKS]:
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
