"""The proof: runs begin, and the solution of each step meets its checks, on the tiny network."""

from dataclasses import replace

import numpy as np
import pytest

from actviz_core import ActvizError, Recipe, read_lesson
from actviz_core.attribution.attribute import tensor_of
from actviz_core.cli.main import main
from actviz_core.lessons.images import seen
from actviz_core.lessons.proof import Play, prove
from actviz_core.lessons.steering import choose
from tests.core.lessons.files import ANSWERS, TINY, step, written
from tests.core.tiny import reference, tiny_model
from tests.core.tiny_runs import spec

BLUR = "[solution]\nset = {blur = 0.9}\n"


def models(name, weights):
    return tiny_model()


def one(folder, fields, text="Look.\n"):
    return read_lesson(written(folder, step(fields, text))).step("one")


def told(folder, fields, text="Look.\n"):
    """What is wrong with a step, by line."""
    [(_, problems)] = prove(read_lesson(written(folder, step(fields, text))), models)
    return [(problem.line, problem.what) for problem in problems]


@pytest.mark.parametrize(
    ("fields", "text", "line", "missing"),
    [
        (TINY, "Look.\n", 0, ""),
        (f'check = ["iteration >= 8"]\n{TINY}[solution]\n', "Look.\n", 0, ""),
        (f'check = ["iteration >= 9"]\n{TINY}[solution]\n', "Look.\n", 11, "Iteration is 8; at least 9 is asked."),
        (
            f'check = ["iteration >= 8"]\n{TINY}[solution]\niterations = 4\n',
            "Look.\n",
            11,
            "Iteration is 6; at least 8 is asked.",
        ),
        (f'check = ["iteration >= 2"]\n{TINY}[solution]\n', "Look.\n", 11, "The checks are met before anything was"),
        (f'show = ["blur"]\ncheck = ["blur.weight > 0.8", "moved"]\n{TINY}{BLUR}', "Look.\n", 0, ""),
        (f'show = ["blur"]\ncheck = ["blur.weight > 0.95"]\n{TINY}{BLUR}', "Look.\n", 12, "is 0.9; above 0.95"),
        (f'show = ["seed"]\ncheck = ["seed = 3", "tries = 2"]\n{TINY}[solution]\nseed = 3\n', "Look.\n", 0, ""),
        (f'check = ["tries >= 4"]\n{TINY}[solution]\ntries = 4\n', "Look.\n", 0, ""),
        (f'show = ["channel"]\ncheck = ["channel in [2, 3]"]\n{TINY}[solution]\nchannel = 3\n', "Look.\n", 0, ""),
        (
            f'show = ["channel"]\ncheck = ["channel = 9"]\n{TINY}[solution]\nchannel = 9\n',
            "Look.\n",
            22,
            "channel 9 is out of range",
        ),
        (f'check = ["right"]\n{TINY}[solution]\n', f"Look.\n\n{ANSWERS}", 0, ""),
        (
            f'check = ["right"]\n{TINY}[solution]\nanswer = 2\n',
            f"Look.\n\n{ANSWERS}",
            11,
            "The answer is not right yet.",
        ),
        (TINY.replace("conv2", "conv9"), "Look.\n", 14, "tiny has no layer 'conv9'"),
    ],
)
def test_a_step_is_played_from_its_start(tmp_path, fields, text, line, missing):
    lesson = read_lesson(written(tmp_path, step(fields, text)))
    [(found, problems)] = prove(lesson, models)
    assert found is lesson.step("one") and len(problems) == bool(missing)
    assert all(missing in problem.what and problem.line == line for problem in problems)


def test_all_that_a_network_does_not_have_is_told_at_its_own_line(tmp_path):
    other = TINY.replace("plain", "other").replace("conv2", "conv8")
    far = TINY.replace("plain", "far").replace("channel = 1\n", "channel = 2\nneuron = [99, 0]\n")
    table = '[[runs]]\ntitle = "sum"\nmodel = "tiny"\n[runs.objective]\nkind = "channel"\nlayer = "conv7"\n'
    label = '[[runs]]\ntitle = "label"\nmodel = "tiny"\nclass = "unicorn"\n'
    assert [
        (line, what.partition(": ")[2][:30]) for line, what in told(tmp_path, TINY + other + far + table + label)
    ] == [
        (22, "tiny has no layer 'conv8' (did"),
        (32, "row 99 is out of range: layer "),
        (41, "tiny has no layer 'conv7' (did"),
        (45, "tiny has no class named 'unico"),
    ]
    image = '[image]\nmodel = "tiny"\nsample = "cat"\nlayer = "conv9"\nchannel = 3\n'
    assert [line for line, _ in told(tmp_path, image)] == [14]


def test_every_check_that_is_not_met_is_told_at_its_own_line(tmp_path):
    fields = f'check = [\n"iteration >= 9",\n"iteration >= 8",\n"seed = 3"]\n{TINY}[solution]\n'
    assert [line for line, _ in told(tmp_path, fields)] == [12, 14]


def test_numbers_hold_for_the_runs_that_are_steered_and_from_then_on(tmp_path):
    fields = (
        f'show = ["blur"]\nsteers = [2]\ncheck = ["score[2] < score"]\n{TINY}{TINY.replace("plain", "other")}{BLUR}'
    )
    found = one(tmp_path, fields)
    stage = Play(found, models)
    stage.advance(2)
    assert stage.frames[0].score == stage.frames[1].score
    stage.follow(found.solution)
    assert stage.recipes[0] == found.runs[0].recipe and stage.recipes[1].hyperparams_at(2) == found.runs[1].recipe.final
    assert stage.recipes[1].hyperparams_at(3).value("blur.weight") == 0.9
    stage.advance(6)
    assert stage.frames[0].iteration == 8 and stage.frames[0].score != stage.frames[1].score and not stage.advance(1)


def test_a_number_may_begin_the_runs_anew_so_that_one_value_has_one_score(tmp_path):
    fields = f'show = ["blur"]\nanew = true\ncheck = ["score < 99", "tries = 2", "moved"]\n{TINY}{BLUR}'
    assert told(tmp_path, fields) == []
    found = one(tmp_path, fields)
    stage = Play(found, models)
    stage.advance(5)
    stage.follow(found.solution)
    assert stage.recipes[0] == Recipe(found.runs[0].recipe.spec, found.runs[0].recipe.final.with_value("blur", 0.9))
    stage.advance(8)
    fresh = Play(replace(found, runs=(replace(found.runs[0], recipe=stage.recipes[0]),)), models)
    fresh.advance(8)
    assert stage.frames[0].iteration == 8 and stage.frames[0].score == fresh.frames[0].score


def test_other_things_begin_anew():
    recipe = Recipe(spec())
    assert choose(recipe, {"seed": 5}, tiny_model()).spec == spec(seed=5)
    other = choose(recipe, {"layer": "conv1", "channel": 3}, tiny_model()).spec.objective
    assert (other.layer, other.channel) == ("conv1", 3)
    assert choose(recipe, {"class": "cat"}, tiny_model()).spec.objective.label == "cat"
    assert choose(recipe, {"preset": "Lucid"}, tiny_model()).spec.iterations == 512
    with pytest.raises(ActvizError, match="no layer 'conv7'"):
        choose(recipe, {"layer": "conv7"}, tiny_model())


def test_an_image_is_masked_and_explained(tmp_path):
    fields = (
        'show = ["brush"]\ncheck = ["masked < 0.26", "masked > 0.24", "says != \'\'", "method = \'saliency\'"]\n'
        '[image]\nmodel = "tiny"\nsample = "cat"\nmethods = ["saliency"]\n[solution]\nmask = [[0.5, 0, 0.5, 0.5]]\n'
    )
    assert told(tmp_path, fields) == []
    gone = fields.replace("[[0.5, 0, 0.5, 0.5]]", "[[0, 0, 1, 1]]")
    assert told(tmp_path, gone) == [(12, "With its solution: The covered share is 100 %; below 26 % is asked.")]


def test_what_a_channel_gained_is_found_as_the_page_finds_it(tmp_path):
    model = tiny_model()
    pictures = tensor_of(np.stack([seen(name, model) for name in ("grass", "grass_watermark")]))
    means = reference(model, pictures)["pool"].mean((2, 3))
    expected = (means[1] - means[0]) * model.network.fc.weight[2]
    logits = reference(model, pictures)["fc"][:, 2]
    best, least = int(expected.argmax()), float(expected.max() / (logits[1] - logits[0]))
    assert best != 1, "another channel than the step begins with"

    def played(asked: float) -> list[tuple[int, str]]:
        fields = (
            f'show = ["channel"]\npanels = ["gained"]\ncheck = ["gained >= {asked:.7f}"]\n'
            '[gained]\nfrom = "grass"\nto = "grass_watermark"\nclass = "cat"\n'
            f"{TINY.replace('conv2', 'pool')}[solution]\nchannel = {best}\n"
        )
        return told(tmp_path, fields)

    assert played(least - 1e-5) == []
    [(_, missing)] = played(least + 1e-5)
    assert missing.startswith("With its solution: The channel's share of the rise is")


def test_the_command_checks_a_folder(tmp_path, capsys):
    fields = f'check = ["iteration >= 8"]\n{TINY}[solution]\n'
    written(tmp_path, step(fields), step(fields.replace(">= 8", ">= 9"), id="two"))
    assert main(["lessons", "check", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "noise one: ok" in told.out and "1 lesson, 2 steps: 1 problem\n" in told.out
    assert told.err.startswith(f"{tmp_path / 'noise.md'}:") and "Iteration is 8; at least 9 is asked." in told.err
    assert main(["lessons", "check", str(tmp_path), "--quick"]) == 0
    assert "no problems" in capsys.readouterr().out
    written(tmp_path, step("shows = 1\n" + fields), name="broken.md")
    assert main(["lessons", "check", str(tmp_path), "--quick"]) == 1
    told = capsys.readouterr()
    assert (
        f"{tmp_path / 'broken.md'}:11: There is no field 'shows'" in told.err
        and "1 lesson, 2 steps: 1 problem" in told.out
    )
    assert main(["lessons", "list", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "level 1    3 min  en        Noise" in told.out and "broken.md:11" in told.err
    assert main(["lessons", "check", str(tmp_path / "none")]) == 2
    assert "there is no folder" in capsys.readouterr().err
