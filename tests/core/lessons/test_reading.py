"""A lesson's file as values, or as all that is wrong with it."""

import pytest

from actviz_core import Channel, ClassLogit, Estimate, GradCam, LessonError, Recipe, read_lesson
from actviz_core.lessons.course import read_folder
from actviz_core.lessons.reader import SHIPPED
from tests.core.lessons.files import ANSWERS, HEAD, RUN, step, written
from tests.core.tiny_runs import spec


def problems(file):
    with pytest.raises(LessonError) as raised:
        read_lesson(file)
    return raised.value.problems


def test_a_file_is_read(tmp_path):
    fields = (
        'show = ["noise", "seed"]\ncheck = ["noise[2] < .1"]\npredict = true\nafter = {seconds = 30}\nsteers = [2]\n'
        f'panels = ["formula"]\n{RUN}[[runs]]\ntitle = "blurxed"\nclass = "tabby"\nset = {{"blur.weight" = 0.5}}\n'
        "[solution]\nset = {noise = 0.1}\nanswer = 1\n"
    )
    text = (
        "Every [channel](glossary:channel) likes\none picture.\n\n```python\n# not a heading\n```\n\n"
        "Look for: eyes.\n\nWhich has more?\n- [x] the left\n  > Yes.\n"
        "- [ ] the\n  right\n  > Blur takes\n  > it away.\n\n"
        "> hint: look\n> closely\n\n> teacher: wait\n"
    )
    lesson = read_lesson(written(tmp_path, step(fields, text)))
    assert (lesson.name, lesson.title, lesson.lang, lesson.minutes) == ("noise", "Noise", "en", 3)
    assert lesson.about == "What it is about." and lesson.needs == ("efficientnet_lite0", "tiny")
    one = lesson.step("one")
    assert (one.title, one.line, one.predict, one.panels) == ("A title", 8, True, ("formula",))
    assert one.text == "Every [channel](glossary:channel) likes\none picture.\n\n```python\n# not a heading\n```"
    assert one.look_for == "eyes." and one.teacher == "wait" and one.hints == ("look\nclosely",)
    assert one.show == ("noise.sd", "seed") and one.after.seconds == 30 and one.after.tries == 1
    assert one.question and one.question.text == "Which has more?"
    assert [(choice.text, choice.right, choice.feedback) for choice in one.question.choices] == [
        ("the left", True, "Yes."),
        ("the\nright", False, "Blur takes\nit away."),
    ]
    plain, blurxed = (run.recipe for run in one.runs)
    assert plain.spec.objective == Channel("blocks.4.0", 20) and plain.spec.height == 64
    assert blurxed.spec.objective == ClassLogit("tabby") and blurxed.final.value("blur.weight") == 0.5
    assert one.steers == (1,) and one.solution
    assert one.solution.answer == 0 and one.solution.settings == {"noise": 0.1}


def test_what_stands_beside_the_file_is_read(tmp_path):
    kept = Recipe(spec(iterations=6, objective=Channel("conv2", 1)))
    (tmp_path / "kept.json").write_text(kept.to_json())
    eye = (SHIPPED.parents[2] / "docs" / "explain.png").read_bytes()
    (tmp_path / "eye.png").write_bytes(eye)
    (tmp_path / "depth.md").write_text("a lesson")
    fields = '[[runs]]\nrecipe = "kept.json"\nchannel = 2\nlayer = "conv2"\nseed = 9\n'
    lesson = read_lesson(written(tmp_path, step(fields, "See ![an eye](eye.png), or [more](depth.md).\n")))
    [run] = lesson.step("one").runs
    assert run.recipe.spec == spec(iterations=6, objective=Channel("conv2", 2), seed=9)
    assert lesson.pictures == {"eye.png": eye}


@pytest.mark.parametrize("content", [b"", b"<script>alert()</script>", b"\x89PNG\r\n\x1a\n cut off"])
def test_an_image_that_is_none_is_named(tmp_path, content):
    (tmp_path / "eye.png").write_bytes(content)
    with pytest.raises(LessonError) as raised:
        read_lesson(written(tmp_path, step(RUN, "See ![an eye](eye.png).\n")))
    [problem] = raised.value.problems
    assert problem.what.startswith("eye.png: ") and problem.line == 17


def test_a_link_to_a_lesson_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LessonError, match="There is no lesson nothere.md to link to") as raised:
        read_lesson(written(tmp_path, step(RUN, "See [more](nothere.md), or [noise](3-noise.md).\n")))
    assert len(raised.value.problems) == 1


def test_what_an_editor_leaves_is_no_lesson(tmp_path):
    written(tmp_path, step(RUN))
    (tmp_path / ".#one.md").symlink_to("somebody@somewhere.1")
    (tmp_path / ".one.md").write_text("half a lesson")
    course = read_folder(tmp_path)
    assert len(course.lessons) == 1 and not course.problems


def test_a_slider_may_be_the_answer(tmp_path):
    fields = f'{RUN}[estimate]\nof = "score"\nlow = 0\nhigh = 10\nwithin = 1\n'
    question = read_lesson(written(tmp_path, step(fields, "It runs.\n\nHow high will it get?\n"))).step("one").question
    assert question and question.text == "How high will it get?" and question.estimate == Estimate("score", 0, 10, 1)


def test_a_step_may_be_about_an_image(tmp_path):
    fields = 'show = ["brush"]\n[image]\nsample = "cat"\nclass = 281\nmethods = ["grad_cam"]\n'
    image = read_lesson(written(tmp_path, step(fields))).step("one").image
    assert image and (image.sample, image.objective, image.methods) == ("cat", ClassLogit(281), (GradCam(),))


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    file = written(
        tmp_path,
        step(f'shows = ["seed"]\ncheck = ["nose < 1"]\n{RUN}'),
        step('[[runs]]\nlayer = "b"\nsize = 4\n', id="two", text="## Three\n"),
    )
    told = problems(file)
    assert [(problem.line, problem.what.partition("(")[0].strip()) for problem in told] == [
        (11, "There is no field 'shows'"),
        (12, "The check 'nose < 1' is about nose"),
        (21, "The step says nothing."),
        (26, "Size is 4."),
        (28, "The step 'Three' has no block of fields."),
    ]


@pytest.mark.parametrize("marks", ["![" * 400, "```-"])
def test_a_text_of_marks_without_words_is_too_long(tmp_path, marks):
    """Reading it took minutes on the page."""
    text = "\n".join(["Look.", *[marks] * (3000 // len(marks) + 1), *["```"] * (marks[0] == "`")]) + "\n"
    assert any("letters" in problem.what for problem in problems(written(tmp_path, step(RUN, text))))


LISTS = """\
show = [
  "sede",
  "blurx",  # [one] and "another"
  3,
]
check = ["nose < 1", "scor > 1",
  "nose < 1"]
panels = [
  "formulas",
  "numberz", "gained",
]
steers = [
  0,
  2]

[ranges]
blur = [1, 0]
"noise.sd" = [0, 9999]

[[runs]]
title = "plain"
layer = "blocks.4.0"
preset = "goood"
size = 4
parametrization = {kind = "fuorier"}
optimizer = {kind = "sdg"}

[runs.set]
blurs = 1
"blur.weight" = -1

[[runs]]
title = "plain"
channel = -1

[solution]
set = {noise = -1, blurx = 2}
mask = [[0, 0, 1, 1],
  [0, 0, 1],
  [0, 0, 1, 2]]
"""


def test_every_bad_entry_of_a_list_is_told_at_its_own_line(tmp_path):
    told = problems(written(tmp_path, step(LISTS, f"Look.\n\nLook for: this.\n\nLook for: that.\n\n{ANSWERS}")))
    line = {word: 11 + LISTS.split("\n").index(word) for word in LISTS.split("\n")}
    expected = [
        (line['  "sede",'], "There is no control 'sede'"),
        (line['  "blurx",  # [one] and "another"'], "There is no control 'blurx'"),
        (line["  3,"], "show[2] is 3"),
        (line['check = ["nose < 1", "scor > 1",'], "The check 'nose < 1' is about nose"),
        (line['check = ["nose < 1", "scor > 1",'], "The check 'scor > 1' is about scor"),
        (line['  "formulas",'], "panels[0] is 'formulas'"),
        (line['  "numberz", "gained",'], "panels[1] is 'numberz'"),
        (line['  "numberz", "gained",'], "The panel gained and the table [gained] need each other"),
        (line["  0,"], "steers[0] is 0"),
        (line["blur = [1, 0]"], "ranges.blur is from 1 to 0"),
        (line['"noise.sd" = [0, 9999]'], "noise.sd is 9999"),
        (line['preset = "goood"'], "There is no preset 'goood'"),
        (line["size = 4"], "Size is 4"),
        (line['parametrization = {kind = "fuorier"}'], "unknown kind 'fuorier'"),
        (line['optimizer = {kind = "sdg"}'], "unknown kind 'sdg'"),
        (line["blurs = 1"], "There is no setting 'blurs'"),
        (line['"blur.weight" = -1'], "blur.weight is -1"),
        (line["channel = -1"], "Channel is -1"),
        (line["[solution]"] + 1, "noise.sd is -1"),
        (line["[solution]"] + 1, "there is no setting 'blurx'"),
        (line["  [0, 0, 1],"], "mask[1] has 3 entries"),
        (line["  [0, 0, 1, 2]]"], "mask[2] is 2"),
        (line["[solution]"] + 10, "The step says twice what to look for"),
    ]
    for at, what in expected:
        assert any(what in one.what and one.line == at for one in told), (at, what)


def test_every_bad_answer_and_step_is_told_at_its_own_line(tmp_path):
    answers = "Which is it?\n- [x] this\n  one\n  > See [it](here).\n- [ ] that\n- [ ] none\n"
    told = problems(
        written(tmp_path, step(RUN, f"Look.\n\n{answers}"), *(step(RUN, id="one", title=name) for name in "ab"))
    )
    assert [(one.line, one.what) for one in told] == [
        (22, "The link leads to here."),
        (23, "The answer has no feedback."),
        (24, "The answer has no feedback."),
        (28, "The id 'one' is that of an earlier step."),
        (39, "The id 'one' is that of an earlier step."),
    ]


GAINED = 'panels = ["gained"]\n[gained]\nfrom = "coffee"\nto = "cat"\nclass = "bee"\n' + RUN
WRONG = [  # a step, the line, and what is said of it
    (step(RUN + "x = = 1\n"), 16, "This is not TOML"),
    (step('show = ["totalvariation"]\n' + RUN), 11, "control 'totalvariation' (did you mean total_variation"),
    (step(RUN, id="No"), 10, "The id is 'No'"),
    (step(RUN) + step(RUN), 21, "The id 'one' is that of an earlier step"),
    ("\n## A title\nText.\n", 8, "has no block of fields"),
    (step(RUN, "Look.\n\n### Deeper\n"), 19, "The heading begins with ###"),
    (step(""), 8, "neither runs nor an image"),
    (step(RUN.replace("channel", "channels")), 14, "There is no field 'channels' (did you mean channel"),
    (step(RUN + 'preset = "goood"\n'), 16, "no preset 'goood' (did you mean good?)"),
    (step(RUN + 'model = "resnet18"\n'), 16, "The run is of resnet18, which the head does not need"),
    (step(RUN + "set = {blurs = 1}\n"), 16, "no setting 'blurs' (did you mean blur"),
    (step(RUN + "set = {blur = -1}\n"), 16, "blur.weight is -1.0"),
    (step("[[runs]]\nsize = 64\n"), 11, "The run has nothing to maximize"),
    (step(RUN + RUN), 11, "The runs cannot be told apart"),
    (step("steers = [2]\n" + RUN), 11, "There is no run 2"),
    (step('show = ["seed", "layer", "channel"]\n' + RUN), 11, "The step shows 3 controls"),
    (step('show = ["sede"]\n' + RUN), 11, "There is no control 'sede' (did you mean seed?)"),
    (step("anew = true\n" + RUN), 11, "The step shows no number that could begin its runs anew"),
    (step('show = ["blur"]\nranges = {noise = [0, 0.1]}\n' + RUN), 12, "a range for noise."),
    (step('show = ["blur"]\nranges = {blur = [1, 0]}\n' + RUN), 12, "ranges.blur is from 1 to 0"),
    (step('show = ["blur"]\nranges = {blur = [0, 999]}\n' + RUN), 12, "blur.weight is 999"),
    (step('show = ["blur"]\nranges = {blur = 4}\n' + RUN), 12, "ranges.blur is 4"),
    (
        step('show = ["blur"]\nranges = {blur = [1, 2]}\n' + RUN + "[solution]\nset = {blur = 3}\n"),
        12,
        "The solution sets blur.weight to 3, and its slider goes from 1 to 2",
    ),
    (step('show = ["brush"]\n' + RUN), 11, "The control brush is about an image"),
    (step('panels = ["formulas"]\n' + RUN), 11, "panels[0] is 'formulas'"),
    (step(RUN, ANSWERS.replace("[x]", "[ ]")), 8, "No answer is right"),
    (step(RUN, "Look.\n\nWhat?\n- [x] this\n- [ ] that\n  > No.\n"), 20, "The answer has no feedback"),
    (step(RUN, "Look.\n\nWhat?\n- [x] this\n  > Yes.\n"), 8, "The question has 1 answers"),
    (step(RUN, "- [x] this\n  > Yes.\n- [ ] that\n  > No.\n"), 8, "The answers have no question"),
    (step(RUN, f"Look.\n\n{ANSWERS}\nMore.\n"), 25, "There is text below the answers"),
    (step(RUN, "Look.\n\n> Think of it.\n"), 19, "A quote begins with neither hint: nor teacher:"),
    (step(RUN, "Look.\n  > So.\n"), 18, "An indented quote stands below no answer"),
    (step(RUN, "word " * 61 + "\n"), 8, "The step has 61 words"),
    (step(RUN, "Look.\n\n" + ANSWERS.replace("this one", "word " * 21)), 20, "The answer has 21 words"),
    (step("predict = true\n" + RUN), 11, "There is nothing to predict"),
    (step('check = ["score >= 1"]\n' + RUN), 11, "The step has checks and no solution"),
    (step('check = ["score[2] >= 1"]\n' + RUN + "[solution]\n"), 11, "is about run 2 of 1"),
    (step('check = ["right"]\n' + RUN + "[solution]\n"), 11, "is about a question that there is not"),
    (step('check = ["masked < 0.2"]\n' + RUN + "[solution]\n"), 11, "is about an image that there is not"),
    (step('check = ["moved"]\n' + RUN + "[solution]\n"), 11, "is about a control that is not shown"),
    (step(RUN + "[solution]\nseed = 3\n"), 17, "The solution sets seed, which is not shown"),
    (step(RUN + "[solution]\nset = {blur = 1}\n"), 17, "The solution moves blur.weight, which is not shown"),
    (
        step('show = ["blur"]\n' + RUN + "[solution]\nset = {blur = 99}\n"),
        18,
        "The solution cannot be set: blur.weight is 99",
    ),
    (step(RUN + "[solution]\nanswer = 3\n", f"Look.\n\n{ANSWERS}"), 17, "There is no answer 3"),
    (step(RUN + '[estimate]\nof = "layer"\n', "Look.\n\nHow much?\n"), 17, "'layer' is no number"),
    (step(RUN + "[estimate]\nlow = 3\n", "Look.\n\nHow much?\n"), 16, "No estimate can be right and wrong"),
    (step("minutes = 2\n" + RUN), 3, "1 of 1 steps take 2 minutes, and the lesson 3"),
    (step(RUN, "See [this](javascript:alert).\n"), 17, "The link leads to javascript:alert"),
    (step(RUN, "See [](https://example.org).\n"), 17, "has no text"),
    (step(RUN, "See ![](eye.png).\n"), 17, "The image eye.png has no text"),
    (step(RUN, "See ![an eye](eye.png).\n"), 17, "eye.png cannot be read"),
    (step(RUN, "See ![an eye](https://example.org/eye.png).\n"), 17, "cannot be shown"),
    (step(RUN, "See <b>this</b>.\n"), 17, "There is HTML in the text"),
    (step(RUN, "```\nnot closed\n"), 17, "The fence does not end"),
    (step('panels = ["gained"]\n' + RUN), 11, "The panel gained and the table [gained] need each other"),
    (step(GAINED.replace('"cat"', '"cta"')), 14, "There is no sample 'cta' (did you mean cat"),
    (step(GAINED.replace('class = "bee"\n', "")), 12, "The gain is for no class"),
    (step(GAINED.replace("channel = 20\n", "")), 12, "The step has no run of a channel"),
    (step('check = ["gained > 1"]\n' + RUN + "[solution]\n"), 11, "What a channel gained is asked for, of no photo"),
    (step('[image]\nsample = "dog"\n'), 12, "There is no sample 'dog'"),
    (step('[image]\nsample = "cat"\nmethods = ["grad_cma"]\n'), 13, "unknown kind 'grad_cma'"),
]


@pytest.mark.parametrize(("steps", "line", "what"), WRONG, ids=[what for _, _, what in WRONG])
def test_what_is_wrong_is_told_with_its_line_and_how_to_mend_it(tmp_path, steps, line, what):
    told = problems(written(tmp_path, steps))
    [found] = [problem for problem in told if what in problem.what]
    assert found.file == "noise.md" and found.line == line and found.mend.endswith((".", "...", "- [x]."))


@pytest.mark.parametrize(
    ("head", "line", "what"),
    [
        ("", 1, "The file does not begin with +++"),
        ('+++\ntitle = "Noise"\n', 1, "The head does not end"),
        (HEAD.replace('title = "Noise"\n', ""), 1, "The lesson has no title"),
        (HEAD.replace("minutes = 3", "minutes = 300"), 3, "Minutes is 300"),
        (HEAD.replace("minutes", "minute"), 3, "There is no field 'minute' (did you mean minutes?)"),
        (HEAD.replace('"tiny"', '"tinny"'), 4, "There is no model 'tinny'"),
        (HEAD.replace("What it is about.", ""), 1, "The lesson does not say what it is about"),
    ],
)
def test_what_is_wrong_with_the_head(tmp_path, head, line, what):
    assert any(
        what in problem.what and problem.line == line for problem in problems(written(tmp_path, step(), head=head))
    )


@pytest.mark.parametrize(("old", "new"), [('id = "one"', "id = “one”"), ('title = "', "title: ")])
def test_fields_that_are_no_toml_are_one_problem(tmp_path, old, new):
    file = written(tmp_path, step(RUN))
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    [problem] = problems(file)
    assert (
        problem.what.startswith("This is not TOML")
        and problem.mend == 'Write name = value, texts in straight "quotes".'
    )
