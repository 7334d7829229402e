"""Names of fields and kinds, as the page says them."""

import re

from actviz_core import OtherKind

ELSEWHERE = {
    "recipe": ("This is a recipe", "open it on Explore, in the tab Open"),
    "comparison": ("This is a comparison", "open it on Compare, in the tab Open"),
    "explanation": ("This is a map of an image", "open it on Explain, in Open a saved map"),
    "explanations": ("These are maps of an image", "open them on Explain, in Open a saved map"),
}


def spoken(name: str) -> str:
    """total_variation -> Total variation"""
    return name.replace("_", " ").capitalize()


def name_of(cls: type) -> str:
    """FourierImage -> Fourier image, SGD -> SGD; or the title that a kind has itself."""
    if hasattr(cls, "title"):
        return cls.title
    first, *rest = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).split()
    return " ".join((first, *map(str.lower, rest)))


def elsewhere(problem: OtherKind, wanted: str) -> str:
    """What a file is that was given where another kind is opened, and what becomes of it."""
    if problem.kind not in ELSEWHERE:
        return str(problem)
    what, where = ELSEWHERE[problem.kind]
    return f"{what}, not {wanted}: {where}."
