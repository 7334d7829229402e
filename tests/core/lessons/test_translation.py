"""Translations: their own texts, and all else from the lesson that they translate."""

import pytest

from actviz_core import ActvizError, LessonError, read_course, read_lesson
from tests.core.lessons.files import ANSWERS, HEAD, TINY, step, written

GERMAN = '+++\ntitle = "Rauschen"\nlang = "de"\nversion = 1\n+++\nWorum es geht.\n'
TWO = TINY + TINY.replace("plain", "noisy") + "seed = 3\n"
ENGLISH = (
    step(TWO, f"Look.\n\n{ANSWERS}\n> hint: look\n\n> teacher: wait\n"),
    step(TINY, "See.\n", id="two"),
    step(TINY, "Go on.\n", id="three"),
)
TEXT = "Schau.\n\nAchte auf: Augen.\n\nWelches?\n- [x] dies\n  > Ja.\n- [ ] das\n  > Nein.\n\n> Tipp: schau\n"
TITLES = 'titles = ["glatt", "rau"]\n'


def test_texts_are_its_own_and_runs_those_of_the_lesson(tmp_path):
    base = read_lesson(written(tmp_path, *ENGLISH))
    lesson = read_lesson(written(tmp_path, step(TITLES, TEXT, title="Ein Bild"), head=GERMAN, name="noise.de.md"))
    assert (lesson.name, lesson.lang, lesson.title, lesson.about) == ("noise", "de", "Rauschen", "Worum es geht.")
    assert [(one.id, one.lang) for one in lesson.steps] == [("one", "de"), ("two", "en"), ("three", "en")]
    one = lesson.step("one")
    assert [run.title for run in one.runs] == ["glatt", "rau"]
    assert [run.recipe for run in one.runs] == [run.recipe for run in base.step("one").runs]
    assert (one.title, one.text, one.look_for, one.hints) == ("Ein Bild", "Schau.", "Augen.", ("schau",))
    assert one.question and [choice.feedback for choice in one.question.choices] == ["Ja.", "Nein."]
    assert one.teacher == "wait" and lesson.step("two") == base.step("two") and lesson.minutes == base.minutes


@pytest.mark.parametrize(
    ("steps", "head", "line", "what"),
    [
        (step(TITLES, TEXT), GERMAN.replace("version = 1", "version = 2"), 4, "It translates version 2 of noise.md"),
        (
            step(TITLES, TEXT),
            GERMAN.replace("version", "minutes = 3\nversion"),
            4,
            "The field minutes is that of noise.md",
        ),
        (step(TITLES + 'show = ["seed"]\n', TEXT), GERMAN, 12, "The field show is that of noise.md"),
        (step("", TEXT), GERMAN, 10, "The step has 2 runs and 0 titles"),
        (step(TITLES, TEXT, id="tow"), GERMAN, 10, "noise.md has no step 'tow' (did you mean two"),
        (
            step("", "Weiter.\n", id="three") + step("", "Sieh.\n", id="two"),
            GERMAN,
            1,
            "The steps are in another order",
        ),
        (step(TITLES, TEXT.replace("[ ]", "[x]")), GERMAN, 8, "The question has other answers"),
        (step(TITLES, TEXT.partition("> Tipp")[0]), GERMAN, 8, "The step has 0 hints; in noise.md 1"),
        (step(TITLES, TEXT), GERMAN.replace('"de"', '"fr"'), 3, "The language is 'fr'"),
    ],
)
def test_what_does_not_agree_is_told(tmp_path, steps, head, line, what):
    written(tmp_path, *ENGLISH)
    file = written(tmp_path, steps, head=head, name="noise.de.md")
    with pytest.raises(LessonError) as raised:
        read_lesson(file)
    assert [problem.line for problem in raised.value.problems if what in problem.what] == [line]


def test_a_lesson_may_be_in_another_language_only(tmp_path):
    written(tmp_path, step(TINY), head=GERMAN, name="rauschen.de.md")
    with pytest.raises(LessonError, match="tiny, which the head does not need"):
        read_lesson(tmp_path / "rauschen.de.md")
    written(tmp_path, step(TINY), head=GERMAN.replace("version", 'needs = ["tiny"]\nversion'), name="rauschen.de.md")
    course = read_course([tmp_path], shipped=False)
    assert course.languages("rauschen") == ("de",) and course.lesson("rauschen", "en").lang == "de"


def test_a_course_has_what_can_be_read_and_says_what_cannot(tmp_path):
    mine, hers = tmp_path / "mine", tmp_path / "hers"
    for folder in (mine, hers):
        folder.mkdir()
    written(mine, *ENGLISH)
    written(mine, step(TITLES, TEXT), head=GERMAN, name="noise.de.md")
    written(mine, step(TINY), name="2-depth.md")
    (mine / "README.md").write_text("About these.")
    written(mine, step("shows = 1\n" + TINY), name="broken.md")
    written(mine, step("", "Sieh.\n"), head=GERMAN, name="broken.de.md")
    course = read_course([mine], shipped=False)
    assert course.names == ("2-depth", "noise") and course.languages("noise") == ("de", "en")
    assert course.lesson("noise", "de").title == "Rauschen" and course.lesson("noise", "fr").title == "Noise"
    broken = [(problem.file, problem.line) for problem in course.problems]
    assert broken == [(str(mine / "broken.de.md"), 1), (str(mine / "broken.md"), 11)]
    written(hers, step(TINY), head=HEAD.replace('"Noise"', '"Hers"'))
    both = read_course([mine, hers], shipped=False)
    assert both.languages("noise") == ("en",) and both.lesson("noise", "de").title == "Hers"
    with pytest.raises(ActvizError, match="there is no lesson 'nois' \\(did you mean noise"):
        course.lesson("nois")
