"""A report: what somebody has made and answered, as one HTML page that needs nothing else."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .pictures import PNG_SIGNATURE

if TYPE_CHECKING:
    from jinja2 import Template

WIDTH, HEIGHT = 240, 80  # of a curve, in px
POINTS = 240  # of a curve: no screen shows more


@dataclass(frozen=True)
class Exhibit:
    """A picture with all that it was made of.

    title    what it is of
    told     how far it is, and its score, in words
    picture  a PNG with its recipe, or a small JPEG; b"" where there is none any more
    scores   from the first iteration to the last
    recipe   as JSON
    """

    title: str
    told: str
    picture: bytes
    scores: Sequence[float]
    recipe: str


@dataclass(frozen=True)
class Chapter:
    """What belongs together: lines of (what was asked, what was said or done), and pictures."""

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


def report(title: str, made: str, lang: str, chapters: Sequence[Chapter], words: Mapping[str, str]) -> bytes:
    """The page, UTF-8. All texts are texts, whatever is in them.

    made   when and where, in words
    words  how the page calls "recipe", "score" and "gone", a picture that is no longer kept
    """
    return (
        template()
        .render(
            title=title,
            made=made,
            lang=lang,
            chapters=chapters,
            words=words,
            inline=inline,
            curve=curve,
            size=(WIDTH, HEIGHT),
        )
        .encode()
    )


@cache
def template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # with the program's start nobody wants a report

    pages = Environment(
        loader=PackageLoader("actviz_core.export", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return pages.get_template("report.html")


def inline(picture: bytes) -> str:
    kind = "png" if picture.startswith(PNG_SIGNATURE) else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def curve(scores: Sequence[float]) -> str:
    """The places of an SVG's line, from the first score to the last; "" for fewer than two."""
    kept = (
        [scores[round(place * (len(scores) - 1) / (POINTS - 1))] for place in range(POINTS)]
        if len(scores) > POINTS
        else scores
    )
    finite = [score for score in kept if abs(score) < float("inf")]
    if len(finite) < 2:
        return ""
    low, high = min(finite), max(finite)
    places = [
        (WIDTH * place / (len(finite) - 1), HEIGHT * (1 - (score - low) / (high - low or 1)))
        for place, score in enumerate(finite)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
