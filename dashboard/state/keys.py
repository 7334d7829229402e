"""The keys of the session's state: everything that it holds has its name here, and is read and set through it.

Streamlit keeps what a widget holds under the widget's key until its page is left. What the pages are set to is the
visitor's (page_state.py); the rest is what one drawing leaves to the next.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from actviz_core import Recipe
from dashboard.state.visitors import Visitor

T = TypeVar("T")
AFTER = "~"


@dataclass(frozen=True)
class Key(Generic[T]):
    """A name in the session's state; `empty` is what is read where nothing is held."""

    name: str
    empty: T

    def get(self) -> T:
        return st.session_state.get(self.name, self.empty)

    def set(self, value: T) -> None:
        st.session_state[self.name] = value

    def pop(self) -> T:
        """Reads it for the last time."""
        return st.session_state.pop(self.name, self.empty)

    @property
    def held(self) -> bool:
        return self.name in st.session_state

    def after(self, times: int) -> "Key[T]":
        """The widget that stands in its place after so many others."""
        first = self.name.partition(AFTER)[0]
        return Key(f"{first}{AFTER}{times}" if times else first, self.empty)


# whose page it is, and what one drawing leaves to the next
VISITOR = Key[Visitor | None]("visitor", None)
GIVEN = Key[dict[str, Any]]("given", {})  # what the address held when the page was opened
EXPECTED = Key("expected", False)  # whether a first picture was to begin by itself when the page was opened
ANSWERED = Key("answered", "")  # the token that this tab remembers, and that nobody knows any more
DOUBTED = Key("doubted", "")  # the token that another tab may have
WANDERED = Key("wandered", False)  # what is set may no longer be what runs obey
LEAVES = Key[tuple[str, str]](
    "leaves", ("", "")
)  # the page that leads to another one at its next drawing, and that one
PAGES = Key[dict[str, Any]]("pages", {})
COMPLAINT, NOTICE = Key("complaint", ""), Key("notice", "")
WANTED_MODEL = Key[tuple[str, str] | None]("wanted_model", None)
FOCUS = Key[dict[str, Any]]("focus", {"turn": 0, "key": ""})
TWICE = Key[Recipe | None]("twice", None)  # the column that was refused because there is one like it
TURN = Key[Any]("architecture.turn", 0)  # the number of the chart's event that was obeyed last
EXPLAIN_TURN = Key[Any]("explain.turn", 0)  # the same, of Explain's
LAYERS_TURN = Key[Any]("layers.turn", 0)  # of the sheet of layers
LESSON_TURN = Key[Any]("lesson.turn", 0)  # of the lesson
GAINED_TURN = Key[Any]("gained.turn", 0)  # of what channels gained
KEPT_TURN = Key[Any]("kept.turn", 0)  # of what the browser keeps of lessons
SHARED = Key[Any]("shared", None)  # the address that the browser was told last
CHOICE_TURN = Key[Any]("choice.turn", 0)  # of the channel chosen in the gallery
MEMBER_TURN = Key[Any]("member.turn", 0)  # and of the class's member
JOIN = Key("join", "")  # the token of the class in the address that the page was opened with
NOTES = Key[list[str]]("notes", [])  # what stands beside Start, as this drawing shows it
LABELS = Key[list[str]]("labels", [])  # of the columns, as this drawing shows them

# Explore
MODEL = Key("model", "")
UNTRAINED = Key("untrained", False)
PRESET = Key("preset", "")
WEIGHTS, RECIPE_FILE = Key[Any]("weights", None), Key[Any]("recipe_file", None)
PHOTOGRAPH, SPECTRUM = Key[Any]("photograph", None), Key[Any]("spectrum", None)
START, NEW_SEED, TO_COMPARISON = Key("start", False), Key("new_seed", False), Key("to_comparison", False)
OUTDATED_NOTE = Key("outdated_note", None)  # a container: page.css keeps its height
WELCOME_NOTE, PLAIN_NOTE = Key("welcome_note", None), Key("plain_note", None)  # within it
UNMOVED_NOTE = Key("unmoved_note", None)  # in place of the welcome's, where nothing moves by itself
START_IMAGE, FROM_NOISE = Key("start_image", None), Key("from_noise", False)  # the first one is a container
RATE = Key[Any]("learning_rate", 0.0)

# Compare
FILL = Key("fill", "")
DO_FILL, ADD = Key("do_fill", False), Key("add", False)
STEERED = Key[int | None]("steered", None)
COMPARISON_FILE = Key[Any]("comparison_file", None)
SWEEPING = Key("sweeping", False)
DO_SWEEP, TAKE_OVER, ADD_PICKED = Key("do_sweep", False), Key("take_over", False), Key("add_picked", False)
PRESET_NAME, KEEP_PRESET = Key("preset_name", ""), Key("keep_preset", False)

# Explain
SOURCE = Key[str | None]("source", None)  # where the image is from; None: as it came, or from elsewhere
IMAGE_FILE, DROPPED, CAMERA = Key[Any]("image_file", None), Key[Any]("dropped", None), Key[Any]("camera", None)
MAP_FILE, PASTE = Key[Any]("map_file", None), Key[Any]("paste", {})
SAMPLES = Key("samples", None)  # a container: page.css keeps the height of its pictures
NO_IMAGE = Key("no_image", None)  # a container: page.css keeps it below the navigation
REMOVE_IMAGE = Key("remove_image", False)
SAMPLE, FROM_EXPLORE = Key[str | None]("sample", None), Key("from_explore", False)
EXPLAINED, CLASS, AGAINST = Key("explained", ""), Key("class", 0), Key[int | None]("against", None)
MAXIMIZE, EXPLORES = Key("maximize", False), Key("explores_target", False)
NEW_MAP = Key[Any]("new_map", None)

# Learn
LANGUAGE = Key("language", "")
OPEN_QUIZ = Key("open_quiz", False)
ALL_LESSONS, IN_EXPLORE, NEXT_LESSON = Key("all_lessons", False), Key("in_explore", False), Key("next_lesson", False)
# containers, for page.css: the whole step, its words, its picture, its controls, the list
MISSING = Key("missing", None)
STEP, STEP_WORDS, STEP_STAGE = Key("step", None), Key("step_words", None), Key("step_stage", None)
GLOSSARY = Key("glossary", None)  # a container too
STEP_CONTROLS, LESSONS = Key("step_controls", None), Key("lessons", None)
STEP_BESIDE, STEP_PANELS = Key("step_beside", None), Key("step_panels", None)
STEP_IMAGE, STEP_METHOD = Key("step_image", None), Key("step_method", None)
STEP_PATCHES, STEP_GALLERY = Key("step_patches", None), Key("step_gallery", None)

# the target
ADD_TARGET, REMOVE_TARGET = Key("target.add", False), Key("target.remove", False)
TERM = Key("target.term", 0)
WEIGHT = Key("target.weight", 1.0)
KIND, LAYER = Key("target.kind", ""), Key("target.layer", "")
LABEL = Key("target.label", 0)
DIRECTION = Key("target.direction", "")

# components
VIEWER, BOARD = Key[Any]("viewer", {}), Key[Any]("board", {})
GALLERY, EXPLAIN, LAYERS = Key[Any]("gallery", {}), Key[Any]("explain", {}), Key[Any]("layers", {})
ARCHITECTURE, ANSWER = Key[Any]("architecture", {}), Key[Any]("architecture_answer", {})
UNIT = Key[Any]("unit", {})
TIPS, TIPS_PLACE = Key[Any]("tips", {}), Key("tips_place", None)  # and the container that it has in any case
LESSON, LESSON_RUNS = Key[Any]("lesson", {}), Key[Any]("lesson_runs", {})
MEMBER, CLASSROOM = Key[Any]("member", {}), Key[Any]("classroom", {})
GAINED, KEPT = Key[Any]("gained", {}), Key[Any]("kept", {})
LESSON_PANELS, QUIZ = Key[Any]("lesson_panels", {}), Key[Any]("quiz", {})
TAB, DRAWN, FOCUS_MOVER = Key[Any]("tab", {}), Key[Any]("drawn", {}), Key[Any]("focus_mover", {})
KEYBOARD, CORNER = Key[Any]("keyboard", {}), Key[Any]("corner", {})


def field(owner: str, name: str) -> Key[Any]:
    """The widget of a field: of the spec or a part of it, of the target, of the gallery."""
    return Key(f"{owner}.{name}", None)


def missing(step: str) -> Key[bool]:
    """The button at a lesson's end that leads to a step that is not done."""
    return Key(f"missing.{step}", False)


def lesson(name: str) -> Key[bool]:
    """The button that opens a lesson."""
    return Key(f"lesson.{name}", False)


def control(step: str, name: str, whose: str) -> Key[Any]:
    """A control of a lesson's step: a number of the hyperparams by its address, or a word such as channel.

    Each visitor has one of their own. A page that is loaded anew is somebody new's until the browser has told whose
    tab it is: what it still says of that one's control, at its first value, would else count as set by the other.
    """
    return Key(f"control.{step}.{name}.{whose}", None)


def slider(address: str, column: int | None = None) -> Key[Any]:
    """The widget of a number of the hyperparams: of Explore, or of a column (0: of all locked ones)."""
    return Key(address if column is None else f"compare.{column}.{address}", None)


def part(name: str) -> Key[Any]:
    """The choice among kinds for a part of the spec."""
    return Key(name, None)


def lock(column: int) -> Key[bool]:
    return Key(f"lock.{column}", False)


def sample(name: str) -> Key[bool]:
    return Key(f"sample.{name}", False)


def map_layer(index: int) -> Key[str]:
    return Key(f"map.{index}.layer", "")


def remove_map(index: int) -> Key[bool]:
    return Key(f"map.{index}.remove", False)


def remove(column: int) -> Key[bool]:
    return Key(f"remove.{column}", False)


def side(of: str) -> Key[str]:
    """What varies along one side of a sweep, "across" or "down"."""
    return Key(f"sweep.{of}", "")


def end(of: str, which: str, address: str) -> Key[float]:
    """The "low" or "high" end of what varies there; each address remembers its own."""
    return Key(f"sweep.{of}.{which}.{address}", 0.0)


def number_of_steps(of: str) -> Key[int]:
    return Key(f"sweep.{of}.steps", 0)


def difference(runs: Iterable[str]) -> Key[list[str]]:
    """One for each board: what the browser still says of another's pictures is not heard."""
    return Key(f"difference.{'.'.join(runs)}", [])


def obeyed(component: Key[Any]) -> Key[bool]:
    """Whether what was asked for on a component has been done before this drawing."""
    return Key(f"{component.name}.obeyed", False)


def settled(widget: Key[Any]) -> Key[tuple[int, Any, tuple[Hashable, ...] | None]]:
    """How often another widget has taken its place, the value that this one began with, and its kind.

    Of one that is still to come no kind is known.
    """
    return Key(f"{widget.after(0).name} settled", (0, None, None))


def emptied(uploader: Key[Any]) -> Key[int]:
    """How often that was emptied: a widget of another key is a new one."""
    return Key(f"{uploader.name} emptied", 0)


def place_of(uploader: Key[Any], emptied: int) -> Key[Any]:
    """The widget for a file after it was emptied so often."""
    return Key(f"{uploader.name}.{emptied}", None) if emptied else uploader
