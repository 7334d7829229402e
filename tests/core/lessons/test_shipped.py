"""The lessons that come along: each can be read, and each of their steps be met."""

import pytest

from actviz_core import KeptModels, read_course
from actviz_core.lessons.proof import prove

COURSE = read_course()
MODELS = KeptModels(3)


def test_all_can_be_read():
    assert not COURSE.problems, "\n".join(map(str, COURSE.problems))
    assert {lesson.lang for lesson in COURSE.lessons} >= {"en", "de", "fr"}


@pytest.mark.parametrize("name", COURSE.names)
def test_every_step_can_be_met(name):
    problems = [problem for _, found in prove(COURSE.lesson(name), MODELS) for problem in found]
    assert not problems, "\n".join(map(str, problems))
