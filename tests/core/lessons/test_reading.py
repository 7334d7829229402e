"""A lesson's file as values."""

import pytest

from actviz_core import Channel, ClassLogit, Estimate, LessonError, read_lesson

HEAD = '+++\ntitle = "Noise"\nminutes = 3\n+++\nWhat it is about.\n'
RUN = '[[runs]]\ntitle = "plain"\nlayer = "blocks.4.0"\nchannel = 20\nsize = 64\n'


def written(folder, *steps, head=HEAD, name="noise.md"):
    file = folder / name
    file.write_text(head + "".join(steps))
    return file


def step(fields="", text="Look.\n", id="one"):
    return f'\n## A title\n```step\nid = "{id}"\n{fields}\n```\n{text}'


def test_a_file_is_read(tmp_path):
    fields = (
        'show = ["noise", "seed"]\ncheck = ["noise[2] < .1"]\npredict = true\nafter = {seconds = 30}\n'
        f'panels = ["formula"]\n{RUN}[[runs]]\ntitle = "blurred"\nclass = "tabby"\nset = {{"blur.weight" = 0.5}}\n'
        "[solution]\nset = {noise = 0.1}\nanswer = 1\n"
    )
    text = (
        "Every [channel](glossary:channel) likes\none picture.\n\nLook for: eyes.\n\nWhich has more?\n"
        "- [x] the left\n  > Yes.\n- [ ] the\n  right\n  > Blur takes\n  > it away.\n\n"
        "> hint: look\n> closely\n\n> teacher: wait\n"
    )
    lesson = read_lesson(written(tmp_path, step(fields, text)))
    assert (lesson.name, lesson.title, lesson.lang, lesson.minutes) == ("noise", "Noise", "en", 3)
    assert lesson.about == "What it is about." and lesson.needs == ("efficientnet_lite0",)
    one = lesson.step("one")
    assert (one.title, one.line, one.predict, one.panels) == ("A title", 7, True, ("formula",))
    assert one.text == "Every [channel](glossary:channel) likes\none picture." and one.look_for == "eyes."
    assert one.show == ("noise.sd", "seed") and one.after.seconds == 30 and one.after.tries == 1
    assert one.question and one.question.text == "Which has more?" and one.hints == ("look\nclosely",)
    assert [(choice.text, choice.right, choice.feedback) for choice in one.question.choices] == [
        ("the left", True, "Yes."),
        ("the\nright", False, "Blur takes\nit away."),
    ]
    plain, blurred = (run.recipe for run in one.runs)
    assert plain.spec.objective == Channel("blocks.4.0", 20) and plain.spec.height == 64
    assert blurred.spec.objective == ClassLogit("tabby") and blurred.final.value("blur.weight") == 0.5
    assert one.teacher == "wait" and one.steers == (0, 1)
    assert one.solution and one.solution.answer == 0 and one.solution.settings == {"noise": 0.1}


def test_a_slider_may_be_the_answer(tmp_path):
    fields = f'{RUN}[estimate]\nof = "score"\nlow = 0\nhigh = 10\nwithin = 1\n'
    question = read_lesson(written(tmp_path, step(fields, "It runs.\n\nHow high will it get?\n"))).step("one").question
    assert question and question.text == "How high will it get?" and question.estimate == Estimate("score", 0, 10, 1)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    file = written(
        tmp_path, step('shwo = ["seed"]\ncheck = ["nose < 1"]'), step('[[runs]]\nlayer = "b"\nsize = 4\n', id="two")
    )
    with pytest.raises(LessonError) as raised:
        read_lesson(file)
    shown, checked, sized = raised.value.problems
    assert (shown.line, shown.what) == (10, "There is no field 'shwo' (did you mean show?).")
    assert (checked.line, sized.line) == (11, 20) and "nose (did you mean noise" in checked.what
    assert str(sized) == "noise.md:20: Size is 4. It must be between 8 and 512."
