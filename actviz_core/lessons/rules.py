"""Rules that a step holds to beyond what its fields may be: what teaches, and what can be met."""

import re
from collections.abc import Iterator

from ..errors import ActvizError
from ..optimization.hyperparams import Hyperparams
from .checks import Check, parse_measure
from .fields import Given
from .lesson import Question, Solution, Step
from .problems import Findings
from .recipes import refused
from .work import FACTS, OF_IMAGES, WORDS_OF_IMAGES, is_address

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CHOICES = range(2, 5)
ABOUT_IMAGES = (*OF_IMAGES, *WORDS_OF_IMAGES)

Entry = tuple[str, object]  # one of a list's
Finding = tuple[str | Entry, str, str]  # the field or entry that it is at, what is wrong, how to mend it


def check_step(step: Step, given: Given, findings: Findings) -> None:
    """Finds what is wrong with a step of these fields; of its runs, some may not have been read."""
    runs = len(given.values.runs)
    found = [*naming(step, given), *stage(step, runs), *gaining(step), *checking(step, runs), *solving(step)]
    if step.question:
        found += asking(step.question, runs)
    elif step.predict:
        found.append(("predict", "There is nothing to predict.", "Ask a question with answers, or add [estimate]."))
    for at, what, mend in found:
        for line in given.entries(*at) if isinstance(at, tuple) else (given.line(at) if at else step.line,):
            findings.add(line, what, mend)


def naming(step: Step, given: Given) -> Iterator[Finding]:
    """The id and the title."""
    if not ID.fullmatch(step.id) and not given.refused("id"):
        yield "id", f"The id is {step.id!r}.", "Use small letters, digits and hyphens, at most 40."
    if not step.title or len(step.title) > 80:
        yield "", f"The heading has {len(step.title)} letters.", "Give the step a title of at most 80."


def stage(step: Step, runs: int) -> Iterator[Finding]:
    """What is seen: a picture is there from the start, and several are told apart."""
    if not runs and not step.image:
        yield (
            "",
            "The step has neither runs nor an image.",
            "Begin a run with it: write [[runs]] and what is maximized.",
        )
    if runs and step.image:
        yield "image", "The step has runs and an image.", "Make two steps of it."
    titles = [run.title.strip() for run in step.runs]
    if len(titles) > 1 and (not all(titles) or len(set(titles)) < len(titles)):
        yield "runs", "The runs cannot be told apart.", "Give each a title of its own, about the one difference."
    for number in step.steers:
        if number >= runs > 0 or step.steers.count(number) > 1:
            what = f"There is no run {number + 1}, or it is named twice."
            yield ("steers", number + 1), what, "Count the runs from 1."
    for control in step.show:
        if (control in ("method", "brush")) > bool(step.image):
            yield ("show", control), f"The control {control} is about an image.", "Add [image], or leave it out."
    numbers = [name for name in step.show if is_address(name)]
    if step.anew and not numbers:
        yield "anew", "The step shows no number that could begin its runs anew.", "Show one, or leave anew out."
    for name in step.ranges:
        if name not in numbers:
            what = f"There is a range for {name}, which is not shown."
            yield f"ranges.{name}", what, "Add it to show, or leave it out."
    if not step.text.strip():
        yield "", "The step says nothing.", "Write a sentence or two below its block."


def gaining(step: Step) -> Iterator[Finding]:
    """What a channel gained is asked of a run of a channel, and between two photographs."""
    steered = [step.runs[at] for at in step.steers if at < len(step.runs)]
    if step.gained and all(run.recipe.spec.objectives[0].main_channel is None for run in steered[:1]):
        yield "gained", "The step has no run of a channel.", "Give its run a layer and a channel."
    asked = step.question.estimate.of if step.question and step.question.estimate else ""
    if "gained" in step.panels:
        return
    what, mend = "What a channel gained is asked for, of no photographs.", "Add [gained] and its panel."
    for check in step.checks:
        if any(measure.name == "gained" for measure in check.measures):
            yield ("check", check.text), what, mend
    if asked.partition("[")[0] == "gained":
        yield "estimate.of", what, mend


def asking(question: Question, runs: int) -> Iterator[Finding]:
    """A question, and its choices or its estimate."""
    if not question.text:
        yield "", "The answers have no question.", "Ask it in the paragraph directly before them."
    if (estimate := question.estimate) and question.choices:
        yield "estimate", "The question has answers and an estimate.", "Keep one of them."
    elif estimate:
        if not estimate.low < estimate.high or not 0 < estimate.within < estimate.high - estimate.low:
            yield (
                "estimate",
                "No estimate can be right and wrong.",
                "Let low < high, and within be a part of what lies between.",
            )
        try:
            if parse_measure(estimate.of).run >= runs:
                yield "estimate.of", f"There is no run for {estimate.of}.", "Count the runs from 1."
        except ActvizError as problem:
            yield "estimate.of", f"{problem}.", "Estimate the score, for instance."
    elif len(question.choices) not in CHOICES:
        yield "", f"The question has {len(question.choices)} answers.", f"Give {CHOICES[0]} to {CHOICES[-1]}."
    elif not any(choice.right for choice in question.choices):
        yield "", "No answer is right.", "Tick at least one: - [x]."


def checking(step: Step, runs: int) -> Iterator[Finding]:
    """Checks look at what the step has, and at what can be changed."""
    for check in step.checks:
        for what, mend in unfounded(check, step, runs):
            yield ("check", check.text), f"The check {check.text!r} {what}.", mend
    if step.checks and step.solution is None:
        yield (
            "check",
            "The step has checks and no solution.",
            "Add [solution] with what meets them; empty where waiting does.",
        )


def unfounded(check: Check, step: Step, runs: int) -> Iterator[tuple[str, str]]:
    """Why a check can never be met."""
    for measure in check.measures:
        if measure.name in FACTS:
            if not step.question:
                yield "is about a question that there is not", "Ask one, or leave the check out."
        elif measure.name in ABOUT_IMAGES:
            if not step.image:
                yield "is about an image that there is not", "Add [image], or leave the check out."
        elif measure.name == "moved":
            asked = set(map(str, check.asked)) if isinstance(check.asked, tuple) else set(step.show)
            if not asked or asked - set(step.show):
                yield (
                    "is about a control that is not shown",
                    f"Shown are {', '.join(step.show) or 'none'}; write it so.",
                )
        elif measure.name != "tries" and measure.run >= runs or not runs:
            yield f"is about run {measure.run + 1} of {runs}", "Count the runs from 1."


def solving(step: Step) -> Iterator[Finding]:
    """A solution does what a learner can do."""
    solution, question = step.solution, step.question
    if solution is None:
        return
    choices = question.choices if question else ()
    if solution.answer is not None and solution.answer >= len(choices):
        yield "solution.answer", f"There is no answer {solution.answer + 1}.", "Count the answers from 1."
    if solution.estimate is not None and not (question and question.estimate):
        yield "solution.estimate", "The step asks for no estimate.", "Leave it out, or add [estimate]."
    if solution.mask and "brush" not in step.show:
        yield "solution.mask", "Nothing is shown to mask with.", "Add brush to show."
    for name in solution.changes:
        if name not in (*step.show, "tries"):
            yield (
                f"solution.{name}",
                f"The solution sets {name}, which is not shown.",
                "Add it to show, or leave it out.",
            )
    yield from moving(step, solution)


def moving(step: Step, solution: Solution) -> Iterator[Finding]:
    """A solution moves sliders that are shown, and no further than they go."""
    steered = [step.runs[at].recipe.final for at in step.steers if at < len(step.runs)]
    starts = steered or [Hyperparams()]
    bad = {name: problem for start in starts for name, problem in refused(start, solution.settings)}
    for name, problem in bad.items():
        what = f"The solution cannot be set: {str(problem).rstrip('.')}."
        yield f"solution.set.{name}", what, "Correct it."
    for given in (name for name in solution.settings if name not in bad):
        name = given if given == "learning_rate" else ".".join(Hyperparams().place(given))
        if name not in step.show:
            what = f"The solution moves {name}, which is not shown."
            yield f"solution.set.{given}", what, "Add it to show, or leave it out."
    for start in steered[:1] if not bad else ():
        solved = start.with_values(solution.settings)
        for name, (low, high) in step.ranges.items():
            if not low <= solved.value(name) <= high:
                what = (
                    f"The solution sets {name} to {solved.value(name):g}, and its slider goes from {low:g} to {high:g}."
                )
                yield f"ranges.{name}", what, "Let it go further."
