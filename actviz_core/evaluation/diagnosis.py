"""Why a picture failed, in a sentence, and the remedy that one click applies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import UInt8

from ..errors import Diverged, ImageTooSmall, OutOfMemory
from ..models.layers import AnyModel
from ..objectives import Objective
from ..optimization.hyperparams import Hyperparams, label_of
from ..optimization.recipe import Recipe
from ..optimization.regularizers import Regularizer
from ..runs.history import Point
from .courses import courses
from .remedies import PATIENCE, REMEDIES, tapped_before, visible

DEAD_FOR = 3  # iterations without any gradient
GREY_SD = 3.0  # of 255: a picture with less contrast is still grey
SATURATED_SHARE = 0.5  # of all colour values at the very ends of their range


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a picture.

    kind    for programs, a word or two
    text    for people, a sentence or two
    remedy  a name in REMEDIES, or "" where there is none
    """

    kind: str
    text: str
    remedy: str = ""

    @property
    def label(self) -> str:
        """What the button of the remedy says, "" where there is none."""
        return REMEDIES[self.remedy].label if self.remedy else ""


def diagnose(
    recipe: Recipe,
    model: AnyModel,
    points: Sequence[Point],
    images: UInt8[np.ndarray, "n h w 3"] | None,
    problem: Exception | None = None,
) -> Diagnosis | None:
    """What is wrong with a run that gave these points and now shows these images; None: nothing."""
    found = (
        of_problem(problem)
        if problem
        else without_gradient(recipe, model, points) or of_picture(recipe, points, images)
    )
    if found and found.remedy and REMEDIES[found.remedy].apply(recipe, model) == recipe:
        return replace(found, remedy="")
    return found


def of_problem(problem: Exception) -> Diagnosis:
    text = str(problem)
    match problem:
        case Diverged():
            return Diagnosis("not a number", text, "slower" if problem.iteration > 1 else "")
        case OutOfMemory():
            return Diagnosis("memory", text, "smaller")
        case ImageTooSmall():
            return Diagnosis("too small", text, "natural size")
    return Diagnosis("error", text)


def without_gradient(recipe: Recipe, model: AnyModel, points: Sequence[Point]) -> Diagnosis | None:
    """Where no gradient reaches one of the pictures, be it that only the regularization still moves it."""
    last = points[-DEAD_FOR:]
    if len(last) < DEAD_FOR:
        return None
    for index in range(len(last[0].gradient)):
        still = (
            len(points) >= PATIENCE
            and bool(points[-1].penalties)
            and len({point.score[index] for point in points[-PATIENCE:]}) == 1
        )
        if still or not any(point.gradient[index] for point in last):
            objective = recipe.spec.objectives[index % len(recipe.spec.objectives)]
            which = f"Picture {index + 1}: " if len(last[0].gradient) > 1 else ""
            return stuck(recipe, model, objective, last[-1].score[index], which)
    return None


def stuck(recipe: Recipe, model: AnyModel, objective: Objective, score: float, which: str) -> Diagnosis:
    name, low, high = objective.limits(model)
    before = "before" if tapped_before(recipe.spec, model) != recipe.spec.objective else ""
    if score >= high - 1e-4 * abs(high):
        text = (
            f"{which}The unit is already at its highest value ({high:g}): its {name} lets no gradient through, "
            "so the picture cannot improve."
        )
        return Diagnosis("highest value", text + (" Read the layer before it." if before else ""), before)
    if score <= low:
        text = f"{which}The unit is silent: its {name} answers {low:g} and lets no gradient through for this picture."
    else:
        text = (
            f"{which}The gradient is exactly zero, so nothing can improve: "
            "an activation function on the way is where its curve is flat."
        )
    if recipe.spec.redirected < min(PATIENCE, recipe.spec.iterations):
        return Diagnosis("no gradient", text, "redirect")
    return Diagnosis("no gradient", text, before or "other start")


def of_picture(
    recipe: Recipe, points: Sequence[Point], images: UInt8[np.ndarray, "n h w 3"] | None
) -> Diagnosis | None:
    if images is None or len(points) < PATIENCE:
        return None
    now = recipe.hyperparams_at(points[-1].iteration)
    pulling = " and ".join(
        label_of(name) for name, part in now.addresses().items() if isinstance(part, Regularizer) and part.active
    )
    if float(images.std(axis=(1, 2, 3)).min()) < GREY_SD:
        if pulling:
            return Diagnosis(
                "grey", f"The picture is still grey: what the steps draw is taken away by {pulling}.", "free"
            )
        return Diagnosis("grey", "The picture is still grey: the steps are too short to be seen.", "faster")
    if float(np.mean((images < 3) | (images > 252), axis=(1, 2, 3)).max()) > SATURATED_SHARE:
        return Diagnosis("saturated", "Most colours are at the end of their range: the steps are too long.", "slower")
    if len(points) >= 2 * PATIENCE and not growing_harder(now):
        return of_score(recipe, now, points, pulling)
    return None


def of_score(recipe: Recipe, now: Hyperparams, points: Sequence[Point], pulling: str) -> Diagnosis | None:
    # Scores of other sizes or under other views are of something else.
    if not any(course.has_risen for course in courses(recipe, points, lambda hyperparams: hyperparams.transforms)):
        return Diagnosis("flat", "The score has not risen since the start.", wrong_step(recipe, now, pulling))
    # With other settings it may be meant to fall.
    peak = courses(recipe, points, lambda hyperparams: hyperparams)[-1].peak_lost
    if peak:
        text = f"The score has fallen since iteration {peak} and has lost more than half of what it had gained."
        return Diagnosis(
            "fallen",
            text,
            "free"
            if pulling and recipe.spec.optimizer.steady and now.learning_rate <= visible(recipe.spec)
            else "slower",
        )
    return None


def growing_harder(now: Hyperparams) -> bool:
    """Whether later views are smaller crops than the first, so that their scores are of something else."""
    return any(transform.active and transform.narrows for transform in now.transforms)


def wrong_step(recipe: Recipe, now: Hyperparams, pulling: str) -> str:
    """The remedy for a score that does not rise though there is a gradient."""
    if not recipe.spec.optimizer.steady or now.learning_rate < 0.1 * visible(recipe.spec):
        return "faster"
    if pulling:
        return "free"
    return "slower" if now.learning_rate > visible(recipe.spec) else "other start"
