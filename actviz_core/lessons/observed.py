"""What a learner's runs and answers come to, as the work that checks look at."""

from collections.abc import Sequence
from dataclasses import replace

from ..attribution.gains import ChannelGains
from ..evaluation.noise import noise
from ..frames import Frame
from ..optimization.recipe import Recipe
from .checks import parse_measure
from .gained import gain_of
from .lesson import Question, Step
from .work import OF_RUNS, WORDS_OF_RUNS, ImageWork, RunWork, Work, is_address


def work_of(
    step: Step,
    runs: Sequence[tuple[Recipe, Frame | None]],
    *,
    tries: int = 1,
    answered: int | None = None,
    estimate: float | None = None,
    image: ImageWork | None = None,
    labels: tuple[str, ...] = (),
    gains: ChannelGains | None = None,
) -> Work:
    """The work in a step: of each run its recipe, with the changes so far, and its newest frame.

    tries     runs started in the step, the first one with it
    answered  the index of the last choice, or `estimate` the number that the slider was set to
    labels    the names of the network's classes
    gains     what the channels of the runs' layer gained, where the step asks for that
    """
    names = {measure.name for check in step.checks for measure in check.measures}
    if step.question and step.question.estimate:
        names.add(step.question.estimate.of.partition("[")[0])
    seen = tuple(
        replace(
            seen_of(recipe, frame, "noise" in names, step.runs[at].title if at < len(step.runs) else ""),
            gained=gain_of(recipe, gains),
        )
        for at, (recipe, frame) in enumerate(runs)
    )
    work = Work(
        seen,
        moved_of(step, [recipe for recipe, _ in runs]),
        tries,
        answered,
        estimate,
        False,
        image or ImageWork(),
        labels,
    )
    return replace(work, right=is_right(step.question, work))


def seen_of(recipe: Recipe, frame: Frame | None, noisy: bool, title: str) -> RunWork:
    """Where a run stands; how noisy its pictures are is computed where that is looked at only."""
    if frame is None:
        return RunWork(recipe, title=title)
    found = sum(map(noise, frame.images)) / len(frame.images) if noisy else None
    return RunWork(recipe, frame.iteration, sum(frame.score) / len(frame.score), found, title)


def moved_of(step: Step, recipes: Sequence[Recipe]) -> frozenset[str]:
    """The step's controls that are, or were meanwhile, elsewhere than at its start."""
    begun = [run.recipe for run in step.runs]
    return frozenset(
        name for name in step.show if any(has_moved(name, *pair) for pair in zip(begun, recipes, strict=False))
    )


def has_moved(name: str, begun: Recipe, now: Recipe) -> bool:
    """Whether one control did."""
    if is_address(name):
        held = (now.hyperparams, *(change.hyperparams for change in now.changes))
        return any(one.value(name) != begun.hyperparams.value(name) for one in held)
    if name in OF_RUNS:
        return OF_RUNS[name](RunWork(now)) != OF_RUNS[name](RunWork(begun))
    if name in WORDS_OF_RUNS:
        found = WORDS_OF_RUNS[name](now)
        return bool(found) and found != WORDS_OF_RUNS[name](begun)
    return False


def is_right(question: Question | None, work: Work) -> bool:
    """Whether the last answer is."""
    if question is None:
        return False
    if question.estimate is None:
        return (
            work.answered is not None
            and 0 <= work.answered < len(question.choices)
            and question.choices[work.answered].right
        )
    of = parse_measure(question.estimate.of)
    truth = work.number(of.name, of.run)
    return work.estimate is not None and truth is not None and abs(work.estimate - truth) <= question.estimate.within
