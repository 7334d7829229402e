"""The proof of a lesson: every run begins, every map is made, and each step's solution meets all of its checks."""

from collections.abc import Iterator
from contextlib import closing

from ..attribution.gains import ChannelGains
from ..attribution.method import Method
from ..errors import ActvizError
from ..frames import Frame
from ..optimization.hyperparams import Hyperparams
from ..optimization.in_step import together
from ..optimization.loop import Ascent
from ..optimization.recipe import Recipe
from ..values import conform
from .gained import FindGained, find_gained
from .images import first_maps, image_work
from .lesson import Lesson, Solution, Step
from .observed import work_of
from .problems import Findings, Problem
from .steering import choose, moved
from .targets import Models, Targets
from .work import ImageWork, Work

LEAD = 2  # iterations of every run, before anybody has moved anything
MEND = "Mend the check, the solution, or what the step begins with."


def prove(lesson: Lesson, models: Models) -> Iterator[tuple[Step, tuple[Problem, ...]]]:
    """Plays a lesson's steps, each from its start with its solution; what cannot be met comes as problems.

    models  (name, weights) -> network
    """
    for step in lesson.steps:
        findings = Findings(lesson.file)
        try:
            Targets(step, models, findings).check()
            if not findings.problems:
                play(step, models, findings)
        except ActvizError as error:
            findings.add(step.line, f"The step cannot be played: {str(error).rstrip('.')}.", MEND)
        yield step, tuple(sorted(set(findings.problems)))


def play(step: Step, models: Models, findings: Findings) -> None:
    """Finds which checks are not met. Raises what its runs and maps raise."""
    labels = tuple(models(*networks_of(step)[0]).labels)
    with closing(Play(step, models)) as stage:
        stage.advance(LEAD)
        check_maps(step, models, findings)
        if findings.problems:
            return
        image = image_work(step.image, (), "", models) if step.image else None
        before = stage.work(image, labels)
        if not step.checks:
            return
        if is_met(step, before):
            findings.add(step.places.of("check"), "The checks are met before anything was done.", MEND)
            return
        solution = step.solution or Solution({}, {})
        stage.follow(solution)
        if step.image:
            image = image_work(step.image, solution.mask, str(solution.changes.get("method", "")), models)
        for at, said in stage.until_met(image, labels, solution):
            findings.add(step.places.of(f"check[{at}]"), f"With its solution: {said}", MEND)


def check_maps(step: Step, models: Models, findings: Findings) -> None:
    """Finds kinds of maps that the network does not allow, or that there are not."""
    if not step.image:
        return
    for at, method in enumerate(step.image.methods):
        with findings.noting(step.places.of(f"image.methods[{at}]")):
            first_maps(step.image, method, models)
    name = step.solution.changes.get("method") if step.solution else None
    if name:
        with findings.noting(step.places.of("solution.method")):
            first_maps(step.image, conform({"kind": name}, Method, "method"), models)


def networks_of(step: Step) -> list[tuple[str, str]]:
    """The networks of a step's runs, or of its image."""
    found = [(run.recipe.spec.model, run.recipe.spec.weights) for run in step.runs]
    return found or [(step.image.model, step.image.weights)] if step.image else found


def is_met(step: Step, work: Work) -> bool:
    return all(check.judge(work).met for check in step.checks)


class Play:
    """The runs of a step on the way, as a learner has them."""

    def __init__(self, step: Step, models: Models) -> None:
        self.step, self.models = step, models
        self.recipes = [run.recipe for run in step.runs]
        self.tries = 1
        self.answered: int | None = None
        self.estimate: float | None = None
        self.found: dict[FindGained, ChannelGains] = {}
        self.begin()

    def begin(self) -> None:
        """All runs, from their first iteration."""
        self.ascents = [Ascent(self.models(*network_of(recipe)), recipe) for recipe in self.recipes]
        self.frames: list[Frame | None] = [None] * len(self.ascents)
        self.wishes: list[Hyperparams | None] = [None] * len(self.ascents)

    def close(self) -> None:
        for ascent in self.ascents:
            ascent.close()

    def advance(self, iterations: int) -> bool:
        """So many iterations of every run that has not ended; False where all have."""
        for _ in range(iterations):
            if all(ascent.finished for ascent in self.ascents):
                return False
            found = together(self.ascents, self.wishes)
            for at, outcome in enumerate(found):
                if isinstance(outcome, Exception):
                    raise outcome
                self.frames[at] = outcome or self.frames[at]
        return True

    def follow(self, solution: Solution) -> None:
        """Does what the solution says, as the page does it: anything but numbers begins the runs anew."""
        answers = self.step.question.choices if self.step.question else ()
        right = next((at for at, choice in enumerate(answers) if choice.right), None)
        self.answered = right if solution.answer is None else solution.answer
        self.estimate = solution.estimate
        begun = {name: value for name, value in solution.changes.items() if name not in ("method", "tries")}
        for at in self.step.steers:
            model = self.models(*network_of(self.recipes[at]))
            self.recipes[at] = choose(self.recipes[at], begun, model)
        anew = self.step.anew and bool(solution.settings)
        for at in self.step.steers if anew else ():
            self.recipes[at] = moved(self.recipes[at], 0, solution.settings)
        if begun or anew or solution.changes.get("tries", 1) > 1:
            self.close()
            self.begin()
            self.tries = max(2, solution.changes.get("tries", 1))
            self.advance(LEAD)
        for at in self.step.steers if solution.settings and not anew else ():
            self.recipes[at] = moved(self.recipes[at], self.ascents[at].iteration, solution.settings)
            self.wishes[at] = self.recipes[at].final

    def until_met(
        self, image: ImageWork | None, labels: tuple[str, ...], solution: Solution
    ) -> Iterator[tuple[int, str]]:
        """Goes on until all checks are met at once, or the runs have ended; which are not then, and what is missing."""
        left = solution.iterations or max((recipe.spec.iterations for recipe in self.recipes), default=0)
        while not is_met(self.step, work := self.work(image, labels)):
            left -= 1
            if left < 0 or not self.advance(1):
                verdicts = [check.judge(work) for check in self.step.checks]
                yield from ((at, verdict.said) for at, verdict in enumerate(verdicts) if not verdict.met)
                return

    def work(self, image: ImageWork | None, labels: tuple[str, ...]) -> Work:
        return work_of(
            self.step,
            list(zip(self.recipes, self.frames, strict=True)),
            tries=self.tries,
            answered=self.answered,
            estimate=self.estimate,
            image=image,
            labels=labels,
            gains=self.gains(),
        )

    def gains(self) -> ChannelGains | None:
        """What the channels gained among which the learner chooses; found once of each layer."""
        question = find_gained(self.step, self.recipes[self.step.steers[0]]) if self.step.steers else None
        if question and question not in self.found:
            self.found[question] = question.carry_out(self.models)
        return self.found[question] if question else None


def network_of(recipe: Recipe) -> tuple[str, str]:
    return recipe.spec.model, recipe.spec.weights
