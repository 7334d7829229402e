"""Checks: read from text, and judged in numbers."""

from dataclasses import replace

import numpy as np
import pytest

from actviz_core import (
    ActvizError,
    Channel,
    Check,
    ClassLogit,
    Frame,
    Hyperparams,
    ImageWork,
    Measure,
    Recipe,
    RunWork,
    Work,
    noise,
    parse_check,
    preset,
    read_lesson,
    work_of,
)
from tests.core.lessons.files import ANSWERS, TINY, step, written
from tests.core.tiny_runs import spec

PLAIN = RunWork(Recipe(spec()), 12, 4.0, 0.125, "plain")
OTHER = RunWork(
    Recipe(spec(objective=ClassLogit(2), seed=7), Hyperparams().with_value("blur", 0.5)), 12, 3.7, 0.0996, "blurred"
)
ONE, TWO = Work((PLAIN,)), Work((PLAIN, OTHER), labels=("ant", "bee", "cat"), tries=3)
CAT = Work(image=ImageWork(masked=0.25, probability=0.031, says="dog", methods=("rise", "grad_cam")))


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("score >= 6", Check("score >= 6", Measure("score"), ">=", 6.0)),
        ("noise[2]<.1", Check("noise[2]<.1", Measure("noise", 1), "<", 0.1)),
        ("score[2] > 0.9 * score", Check("score[2] > 0.9 * score", Measure("score", 1), ">", Measure("score", 0, 0.9))),
        ("channel in [3, 20]", Check("channel in [3, 20]", Measure("channel"), "=", (3.0, 20.0))),
        ('layer == "a.b"', Check('layer == "a.b"', Measure("layer"), "=", ("a.b",))),
        ("class in ['cat', 3]", Check("class in ['cat', 3]", Measure("class"), "=", ("cat", "3"))),
        ("blur.weight >= 0.2", Check("blur.weight >= 0.2", Measure("blur.weight"), ">=", 0.2)),
        ("answered", Check("answered", Measure("answered"))),
    ],
)
def test_a_check_is_read(text, check):
    assert parse_check(text) == check


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nose < 1", "about nose (did you mean noise"),
        ("blurs.weight < 1", "no setting 'blurs' (did you mean blur"),
        ("blur.radius < 1", "blur has no setting 'radius'"),
        ("noise", "compares with nothing"),
        ("noise < ", "cannot be read"),
        ("noise < low", "is about low"),
        ("noise < '1'", 'for instance, "noise < 0.5"'),
        ("noise < 0,02", 'numbers are written with a point, as "noise < 0.5"'),
        ("noise < true", "for instance"),
        ("noise < [1]", "a list follows in"),
        ("noise in 1", "a list follows in"),
        ("layer < 'a'", "orders words"),
        ("layer = b", "words are in quotes"),
        ("answered = 1", "it stands alone"),
        ("noise[0] < 1", "counted from 1"),
        ("__import__('os').system('x') = 1", "cannot be read"),
        ("channel in []", "for instance"),
        ("channel in " + "[" * 5000, "cannot be read"),
        ("x" * 300, "cannot be read"),
    ],
)
def test_what_is_no_check_is_refused(text, what):
    with pytest.raises(ActvizError) as raised:
        parse_check(text)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("text", "work", "met", "said"),
    [
        ("score >= 4", ONE, True, "Score is 4; at least 4 is asked."),
        ("score > 4", ONE, False, "Score is 4; above 4 is asked."),
        ("noise < 0.1", ONE, False, "Noise is 0.12; below 0.1 is asked."),
        ("noise[2] < 0.1", TWO, True, "Noise of “blurred” is 0.0996; below 0.1 is asked."),
        ("noise < 0.1", Work((RunWork(PLAIN.recipe),)), False, "Noise is not known yet; below 0.1 is asked."),
        ("noise[3] < 0.1", TWO, False, "Noise is not known yet; below 0.1 is asked."),
        (
            "score[2] >= 0.9 * score",
            TWO,
            True,
            "Score of “blurred” is 3.7; at least 3.6 (0.9 times score of “plain”) is asked.",
        ),
        ("iteration = 12", ONE, True, "Iteration is 12; 12 is asked."),
        ("channel in [3, 20]", ONE, False, "Channel is 1; one of 3, 20 is asked."),
        ("channel != 1", TWO, False, "Channel of “plain” is 1; anything but 1 is asked."),
        ("channel[2] = 1", TWO, False, "Channel of “blurred” is not known yet; 1 is asked."),
        ("seed[2] = 7", TWO, True, "Seed of “blurred” is 7; 7 is asked."),
        ("tries >= 3", TWO, True, "The number of runs is 3; at least 3 is asked."),
        ("blur.weight[2] >= 0.4", TWO, True, "Blur after a step of “blurred” is 0.5; at least 0.4 is asked."),
        ('layer = "conv1"', ONE, False, "Layer is conv2; conv1 is asked."),
        ("class[2] = 'Cat'", TWO, True, "Class of “blurred” is cat, 2; Cat is asked."),
        ("class[2] in [1, 2]", TWO, True, "Class of “blurred” is cat, 2; one of 1, 2 is asked."),
        ("class = 'cat'", TWO, False, "Class of “plain” is not known yet; cat is asked."),
        ("weights = 'untrained'", ONE, False, "Weights is trained; untrained is asked."),
        ("masked <= 0.2", CAT, False, "The covered share is 25 %; at most 20 % is asked."),
        ("probability < 0.05", CAT, True, "Probability is 3.1 %; below 5 % is asked."),
        ("says != 'cat'", CAT, True, "The network's answer is dog; anything but cat is asked."),
        ("method = 'grad_cam'", CAT, True, "Method is rise, grad_cam; grad_cam is asked."),
        ("answered", ONE, False, "The question is not answered yet."),
        ("answered", Work(answered=1), True, "The question is answered."),
        ("right", Work(answered=1), False, "The answer is not right yet."),
        ("gained >= 0.3", ONE, False, "The channel's share of the rise is not known yet; at least 30 % is asked."),
        (
            "gained >= 0.3",
            Work((replace(PLAIN, gained=0.368),)),
            True,
            "The channel's share of the rise is 37 %; at least 30 % is asked.",
        ),
        ("moved", ONE, False, "No control was moved yet."),
        ("moved = 'blur.weight'", Work(moved=frozenset({"blur.weight"})), True, "Blur after a step was moved."),
    ],
)
def test_a_check_says_what_is_and_what_is_asked(text, work, met, said):
    verdict = parse_check(text).judge(work)
    assert (verdict.met, verdict.said) == (met, said)


def test_work_is_made_of_recipes_and_frames(tmp_path):
    fields = f'show = ["blur", "channel"]\ncheck = ["noise < 0.1", "right", "moved"]\n{TINY}[solution]\n'
    one = read_lesson(written(tmp_path, step(fields, f"Look.\n\n{ANSWERS}"))).step("one")
    begun = one.runs[0].recipe
    stripes = np.zeros((2, 8, 12, 3), np.uint8)
    stripes[0, :, ::2] = 200
    frame = Frame(5, stripes, (1.0, 3.0))
    work = work_of(one, [(begun, frame)], answered=1)
    assert work.runs == (RunWork(begun, 5, 2.0, 0.5, "plain"),) and work.moved == frozenset() and not work.right
    away = begun.until(3, begun.final.with_value("blur", 0.5)).until(4, begun.final)
    assert work_of(one, [(away, frame)], answered=0).moved == {"blur.weight"}
    assert work_of(one, [(away, frame)], answered=0).right
    other = Recipe(spec(objective=Channel("conv2", 3)))
    assert work_of(one, [(other, None)]).moved == {"channel"} and work_of(one, [(other, None)]).runs[0].score is None


def test_an_estimate_is_right_within_its_range(tmp_path):
    fields = f'{TINY}[estimate]\nof = "score"\nlow = 0\nhigh = 10\nwithin = 0.5\n'
    one = read_lesson(written(tmp_path, step(fields, "Look.\n\nHow high?\n"))).step("one")
    frame = Frame(8, np.zeros((1, 8, 12, 3), np.uint8), (4.0,))
    for estimate, right in ((4.5, True), (4.6, False), (3.5, True), (None, False)):
        assert work_of(one, [(one.runs[0].recipe, frame)], estimate=estimate).right is right
    assert not work_of(one, [(one.runs[0].recipe, None)], estimate=4.0).right


def test_the_preset_is_known_by_its_settings():
    lucid = RunWork(preset("lucid").applied(Recipe(spec())))
    assert parse_check("preset = 'lucid'").judge(Work((lucid,))).met
    assert not parse_check("preset = 'good'").judge(Work((lucid,))).met


def test_noise_is_the_share_of_power_above_half_the_nyquist_frequency():
    from benchmarks.targets import noise_of

    rng = np.random.default_rng(0)
    for height, width in ((16, 24), (9, 14), (12, 7)):
        picture = rng.integers(0, 256, (height, width, 3), np.uint8)
        assert noise(picture) == pytest.approx(noise_of(picture), rel=1e-5)
    columns = np.arange(32)
    coarse = np.broadcast_to(128 + 100 * np.cos(2 * np.pi * columns / 8), (16, 32))
    fine = np.broadcast_to(128 + 100 * np.cos(2 * np.pi * columns / 2), (16, 32))
    for waves, share in ((coarse, 0.0), (fine, 1.0), (np.full((16, 32), 77), 0.0)):
        assert noise(np.repeat(waves.round().astype(np.uint8)[..., None], 3, 2)) == pytest.approx(share, abs=1e-4)
