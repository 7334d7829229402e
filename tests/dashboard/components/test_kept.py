"""What a browser kept of lessons and sends back: held to what can have been kept, whoever wrote it."""

import json

import pytest

from actviz_core import read_course
from dashboard.actions.progress import brought
from dashboard.components.kept import KeptEvent, event_of
from dashboard.state.member import LONGEST_KEPT, Noted
from tests.dashboard.views.test_learn import FOLDER

LESSON = {"lesson": "first", "lang": "de", "step": "noise", "kept": "{}"}
TOKEN = "a" * 32
DONE = {"choices": [0, 1], "estimate": None, "hints": 1, "starts": 2, "met": True}


def test_lessons_arrive_in_their_order_with_the_token_of_a_visitor():
    sent = {"kind": "resume", "token": TOKEN, "lessons": [LESSON, LESSON | {"step": "."}]}
    noted = Noted("first", "de", "noise", kept="{}"), Noted("first", "de", ".", kept="{}")
    assert event_of(sent) == KeptEvent(TOKEN, noted)
    assert event_of(sent | {"token": "../x"}) == KeptEvent("", noted)


@pytest.mark.parametrize(
    "lessons",
    [
        [],
        {},
        [LESSON] * 101,
        [LESSON, None],
        [LESSON | {"lesson": "../first"}],
        [LESSON | {"lang": 3}],
        [LESSON | {"step": "a b"}],
        [LESSON | {"kept": "x" * (LONGEST_KEPT + 1)}],
    ],
)
def test_what_is_not_kept_of_lessons_is_no_event(lessons):
    assert event_of({"kind": "resume", "token": TOKEN, "lessons": lessons}) is None
    assert event_of(lessons) is None


def test_what_was_done_is_of_its_step():
    lesson = read_course([FOLDER]).lesson("first", "en")
    step, slider = lesson.step("noise"), lesson.step("score")
    assert brought(step, DONE) == DONE | {"choices": (0, 1)}
    assert slider.question and slider.question.estimate
    low = slider.question.estimate.low
    assert brought(slider, DONE | {"choices": [], "estimate": low, "hints": 0})["estimate"] == low
    wrong = {
        "choices": ([3], [-1], [True], ["0"], [0, 0]),
        "estimate": (1.0,),  # it has no slider
        "hints": (-1, 9, 1.5, None),
        "starts": (-1, 10**9, "1"),
        "met": (1, "yes"),
    }
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(ValueError):
                brought(step, DONE | {name: value})
    for value in (low - 1, float("nan"), float("inf"), True):
        with pytest.raises(ValueError):
            brought(slider, DONE | {"choices": [], "hints": 0, "estimate": value})
    for value in (None, [], json.loads("[[]]"), {}):
        with pytest.raises((ValueError, TypeError, LookupError)):
            brought(step, value)
