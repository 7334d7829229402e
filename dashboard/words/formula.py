"""A step of gradient ascent as a formula: how an optimizer makes one of the gradient g."""

from actviz_core import SGD, GradientAscent, Optimizer

SIZES = {"mean": "mean |g|", "rms": "√ mean g²", "norm": "√ sum g²"}


def formula(optimizer: Optimizer) -> str:
    """What is added to the picture, or to what it is made of."""
    match optimizer:
        case GradientAscent(normalize="none"):
            return "rate · g"
        case GradientAscent(normalize=by):
            return f"rate · g / ({SIZES[by]})"
        case SGD(momentum=momentum):
            return f"rate · (g + {momentum:g} · last step)"
    return "rate · (mean of the last g) / √ (mean of the last g²)"
