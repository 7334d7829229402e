"""What the page is set to, in its address.

JSON in a query parameter, read back through the dataclasses and nothing else.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from actviz_core import ActvizError, Comparison, Recipe, Sweep
from dashboard.state.explaining import Explaining
from dashboard.state.learning import END, Learning, Place
from dashboard.state.page_state import GalleryChoice, LayersChoice, about

PARAMETER, COMPARISON, EXPLANATION = "recipe", "comparison", "explain"
SHEET, UNIT = "sheet", "unit"  # a layer, and one of its channels
LESSON, STEP, QUIZ = "lesson", "step", "quiz"
LONGEST = 12_000  # characters; browsers and proxies refuse longer addresses
LARGEST = 2**19  # bytes that a compressed address may unpack to
TRIED = 3000  # changes; more are not even tried: they take longer than a page's drawing has time for
PACKED = re.compile(r"[A-Za-z0-9_=-]+")
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def write(recipe: Recipe) -> str:
    """The text for the address.

    A photograph is too large for one and is left out, and so are more changes than fit in.
    """
    told = bare(recipe)
    text = packed(told.to_json()) if 0 < len(told.changes) <= TRIED else ""
    return text if 0 < len(text) <= LONGEST else replace(told, changes=()).to_json()


def bare(recipe: Recipe) -> Recipe:
    spec = recipe.spec
    if spec.start == "photograph":
        spec = replace(spec, start="noise", photograph="")
    return replace(recipe, spec=spec, origin=None)


def whole(value: Recipe | Comparison) -> dict[str, str]:
    """The parameters of an address that makes the same again, with all changes; ActvizError where there is none."""
    recipes = [value] if isinstance(value, Recipe) else value.recipes
    if any(recipe.spec.start == "photograph" for recipe in recipes):
        raise ActvizError("A photograph does not fit into a link.")
    text = packed((bare(value) if isinstance(value, Recipe) else with_each(value, bare)).to_json())
    if len(text) > LONGEST:
        raise ActvizError(
            f"With all that was changed the link would have {len(text):,} characters; browsers take {LONGEST:,}."
        )
    return {PARAMETER if isinstance(value, Recipe) else COMPARISON: text}


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> str:
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.urlsafe_b64decode(text), LARGEST)
        if not unpacking.eof:
            raise ActvizError("it is damaged or too large.")
        return data.decode()
    except (binascii.Error, zlib.error, ValueError):
        raise ActvizError("it is damaged.") from None


def read(parameters: Mapping[str, str]) -> Recipe | None:
    """The recipe in the address, None if there is none; ActvizError if it cannot be used."""
    text = given(parameters, PARAMETER)
    if PACKED.fullmatch(text):
        text = unpacked(text)
    return Recipe.from_json(text) if text else None


def write_comparison(comparison: Comparison) -> str:
    """As `write`, always compressed: the columns of a comparison are much alike."""
    told = with_each(comparison, bare)
    changes = sum(len(recipe.changes) for recipe in told.recipes)
    text = packed(told.to_json()) if 0 < changes <= TRIED else ""
    return (
        text
        if 0 < len(text) <= LONGEST
        else packed(with_each(told, lambda recipe: replace(recipe, changes=())).to_json())
    )


def write_sweep(swept: Sweep) -> str:
    """What a page keeps of a sweep to start it again with; "" where it is too long, or begins with a photograph."""
    text = replace(swept, recipe=replace(bare(swept.recipe), changes=(), picture=0)).to_json()
    return text if len(text) <= LONGEST and swept.recipe.spec.start != "photograph" else ""


def with_each(comparison: Comparison, change: Callable[[Recipe], Recipe]) -> Comparison:
    """The comparison with each of its recipes changed."""
    return Comparison(tuple(replace(column, recipe=change(column.recipe)) for column in comparison.columns))


def read_comparison(parameters: Mapping[str, str]) -> Comparison | None:
    """The comparison in the address, None if there is none; ActvizError if it cannot be used."""
    text = given(parameters, COMPARISON)
    return Comparison.from_json(unpacked(text)) if text else None


def write_gallery(choice: GalleryChoice) -> dict[str, str]:
    """What the Gallery page shows, in words."""
    shown = {"layer": choice.layer, "size": choice.size, "iterations": choice.iterations, "channel": choice.channel}
    return {name: str(value) for name, value in shown.items() if value is not None}


def read_gallery(parameters: Mapping[str, str], recipe: Recipe) -> GalleryChoice | None:
    """The gallery in the address, of the recipe's network, None if there is none; ActvizError if it cannot be used."""
    if "layer" not in parameters:
        return None
    numbers = {name: given(parameters, name) for name in ("size", "iterations", "channel") if name in parameters}
    if wrong := [name for name, text in numbers.items() if not re.fullmatch("[0-9]{1,6}", text)]:
        raise ActvizError(f"{wrong[0]} must be a whole number.")
    return GalleryChoice(
        about(recipe), given(parameters, "layer"), **{name: int(text) for name, text in numbers.items()}
    )


def write_layers(choice: LayersChoice) -> dict[str, str]:
    """What the Layers page shows, in words."""
    return {SHEET: choice.layer} | ({UNIT: str(choice.channel)} if choice.channel is not None else {})


def read_layers(parameters: Mapping[str, str], recipe: Recipe) -> LayersChoice | None:
    """The layer in the address, of the recipe's network, None if there is none; ActvizError if it cannot be used."""
    if SHEET not in parameters:
        return None
    channel = given(parameters, UNIT)
    if not re.fullmatch("[0-9]{0,6}", channel):
        raise ActvizError(f"{UNIT} must be a whole number.")
    return LayersChoice(about(recipe)[:2], given(parameters, SHEET), int(channel) if channel else None)


def write_explanation(explanation: Explaining) -> dict[str, str]:
    """What the Explain page shows, but for the image."""
    return {EXPLANATION: packed(explanation.to_json())}


def read_explanation(parameters: Mapping[str, str]) -> Explaining | None:
    """The explanation in the address, None if there is none; ActvizError if it cannot be used."""
    text = given(parameters, EXPLANATION)
    return Explaining.from_json(unpacked(text)) if text else None


def write_place(place: Place) -> dict[str, str]:
    """The lesson that is open, and its step."""
    return {LESSON: place[0], STEP: place[1]} if place[0] else {}


def write_quiz(learning: Learning) -> dict[str, str]:
    """Whether the quiz is open."""
    return {QUIZ: "open"} if learning.quiz else {}


def read_place(parameters: Mapping[str, str]) -> Place | None:
    """The lesson in the address and its step, "" where it names none.

    None if there is no lesson; ActvizError if it cannot be one's name.
    """
    if LESSON not in parameters:
        return None
    lesson, step = given(parameters, LESSON), given(parameters, STEP)
    if not NAME.fullmatch(lesson) or not (step in ("", END) or NAME.fullmatch(step)):
        raise ActvizError("names of lessons and steps have letters, digits, - and _ only.")
    return lesson, step


def read_learning(parameters: Mapping[str, str], learning: Learning) -> Learning | None:
    """What was done of lessons, with the one open that the address names, or the quiz; None if it names none."""
    if QUIZ in parameters:
        return learning.in_quiz()
    place = read_place(parameters)
    return learning.opened(*place) if place else None


def same(one: Recipe | Comparison | Explaining, other: Recipe | Comparison | Explaining) -> bool:
    """Whether an address says the same of both."""
    if isinstance(one, Explaining):
        return one == other
    if isinstance(one, Comparison) and isinstance(other, Comparison):
        return write_comparison(one) == write_comparison(other)
    return isinstance(one, Recipe) and isinstance(other, Recipe) and write(one) == write(other)


def given(parameters: Mapping[str, str], name: str) -> str:
    """What the address holds under that name, no longer than allowed."""
    text = parameters.get(name, "")
    if len(text) > LONGEST:
        raise ActvizError(f"it is {len(text):,} characters long; at most {LONGEST:,} are read.")
    return text
