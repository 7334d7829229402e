"""Names of fields and kinds, as the page says them."""

import re


def spoken(name: str) -> str:
    """total_variation -> Total variation"""
    return name.replace("_", " ").capitalize()


def name_of(cls: type) -> str:
    """FourierImage -> Fourier image, SGD -> SGD; or the title that a kind has itself."""
    if hasattr(cls, "title"):
        return cls.title
    first, *rest = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).split()
    return " ".join((first, *map(str.lower, rest)))
