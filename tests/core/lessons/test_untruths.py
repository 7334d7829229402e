"""What is wrong with a lesson is told wherever it stands, and nothing is told that is not wrong."""

import pytest

from actviz_core import LessonError, read_lesson
from tests.core.lessons.files import ANSWERS, HEAD, RUN, step, written

EQUAL = """\
show = ["nope",
  "nope"]
check = ["masked < 1",
  "foo < 1",
  "score > 1",
  "foo < 1",
  "masked < 1"]
steers = [3,
  3]
"""


def told(file):
    with pytest.raises(LessonError) as raised:
        read_lesson(file)
    return [(problem.line, problem.what) for problem in raised.value.problems]


def lines(found, what):
    return [line for line, said in found if what in said]


def test_equal_entries_are_told_at_each_of_their_lines(tmp_path):
    head = HEAD.replace('["efficientnet_lite0", "tiny"]', '["efficientnet_lite0",\n"tinny",\n"tinny"]')
    image = '[image]\nsample = "cat"\nmethods = ["grad",\n"grad"]\n'
    found = told(written(tmp_path, step(EQUAL + RUN, ANSWERS), step(image, id="two"), head=head))
    first = 11 + 2  # the head has two more lines
    assert lines(found, "'tinny'") == [5, 6]
    assert lines(found, "There is no control 'nope'") == [first, first + 1]
    assert lines(found, "about foo") == [first + 3, first + 5]
    assert lines(found, "an image that there is not") == [first + 2, first + 6]
    assert lines(found, "There is no run 3") == [first + 7, first + 8]
    [one, other] = lines(found, "unknown kind 'grad'")
    assert other == one + 1


def test_equal_titles_of_a_translation_are_told_at_each_of_their_lines(tmp_path):
    runs = RUN + RUN.replace("plain", "other")
    written(tmp_path, step(runs))
    titles = 'titles = ["[an](here)",\n"[an](here)"]\n'
    file = written(tmp_path, step(titles), head='+++\ntitle = "Rauschen"\n+++\nWovon.\n', name="noise.de.md")
    one, other = lines(told(file), "The link leads to here")
    assert other == one + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('title = "Noise"', "title = 3", 2, "Title is 3"),
        ('title = "Noise"', f'title = "{81 * "a"}"', 2, "Title is 81 characters long"),
        ("minutes = 3\nneeds", "minutes = 0\nneeds", 3, "Minutes is 0"),
        ('needs = ["efficientnet_lite0", "tiny"]', "needs = 3", 4, "Needs is 3"),
        ('id = "one"', "id = 3", 10, "Id is 3"),
    ],
)
def test_what_cannot_be_used_is_not_told_to_be_missing(tmp_path, old, new, line, what):
    file = written(tmp_path, step("minutes = 3\n" + RUN))
    assert file.read_text().count(old) == 1
    file.write_text(file.read_text().replace(old, new))
    [(at, said)] = told(file)
    assert at == line and what in said


def test_a_language_that_cannot_be_used_is_told_once(tmp_path):
    head = HEAD.replace("minutes", 'lang = "deutsch"\nminutes')
    [(line, what)] = told(written(tmp_path, step(RUN), head=head, name="noise.de.md"))
    assert line == 3 and "Lang" in what


def test_a_recipe_that_cannot_be_read_hides_nothing_else_of_its_run(tmp_path):
    fields = '[[runs]]\nrecipe = "x"\nmodel = "nope"\npreset = "goood"\nset = {blurs = 1}\n'
    assert [(line, what.partition(" (")[0]) for line, what in told(written(tmp_path, step(fields)))] == [
        (12, "The file x cannot be read"),
        (13, "The run is of nope, which the head does not need."),
        (14, "There is no preset 'goood'"),
        (15, "There is no setting 'blurs'"),
    ]


def test_a_recipe_that_cannot_be_read_is_the_only_problem(tmp_path):
    [(line, _)] = told(written(tmp_path, step('[[runs]]\nrecipe = "x"\n')))
    assert line == 12
