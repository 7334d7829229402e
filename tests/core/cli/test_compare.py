"""compare, on the tiny network: what it writes is what each picture is alone."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from actviz_core import (
    Change,
    Channel,
    Comparison,
    Hyperparams,
    Recipe,
    Spec,
    contact_sheet,
    export,
    load_model,
    origin,
    read_comparison,
    replay,
)
from actviz_core.cli.main import main

TINY = "tests.core.tiny:tiny_model"
NETWORK = ["--model", TINY, "--device", "cpu"]
METHOD = ["--iterations", "3", "--size", "12x16", "--set", "jitter=1"]
CONV1 = ["--layer", "conv1", "--channels"]


def alone(recipe):
    """The last frame of a recipe, made by itself."""
    *_, last = replay(load_model(recipe.spec.model, "cpu", recipe.spec.weights), recipe)
    return last


def made(*arguments):
    """What compare makes of these."""
    assert main(["compare", *NETWORK, *arguments]) == 0
    with open("actviz.png", "rb") as file:
        return read_comparison(file.read())


def refused(capsys, *arguments):
    assert main(["compare", *arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("actviz: ") and told.count("\n") == 1
    return told


def test_the_sheet_shows_what_each_picture_is_alone(here, capsys):
    files = ["--out", "a.png", "--json", "a.json", "--csv", "a.csv", "--film", "a.gif"]
    assert main(["compare", *NETWORK, *CONV1, "0,2-3", *METHOD, *files]) == 0
    comparison = read_comparison((here / "a.png").read_bytes())
    assert [recipe.spec.objective for recipe in comparison.recipes] == [Channel("conv1", each) for each in (0, 2, 3)]
    assert {recipe.hyperparams.value("jitter.pixels") for recipe in comparison.recipes} == {1}
    assert {recipe.origin for recipe in comparison.recipes} == {origin.here(load_model(TINY, "cpu").device)}

    frames = [alone(recipe) for recipe in comparison.recipes]
    captions = [f"{n}. channel {c}: {f.score[0]:.4g}" for n, c, f in zip((1, 2, 3), (0, 2, 3), frames, strict=True)]
    expected = contact_sheet([frame.images[0] for frame in frames], captions, comparison, title=f"{TINY}, conv1")
    assert (here / "a.png").read_bytes() == expected
    scores = " ".join(f"{frame.score[0]:.4g}" for frame in frames)
    assert capsys.readouterr().out == f"a.png: {scores} on cpu\n"

    assert Comparison.from_json((here / "a.json").read_text()) == comparison
    table = list(csv.DictReader((here / "a.csv").read_text().splitlines()))
    assert [(row["column"], row["iteration"]) for row in table] == [
        (f"{n}. channel {c}", str(i)) for n, c in ((1, 0), (2, 2), (3, 3)) for i in (1, 2, 3)
    ]
    assert float(table[-1]["score"]) == frames[-1].score[0]
    assert (here / "a.gif").read_bytes().startswith(b"GIF8")


def test_what_it_wrote_opens_again(here, capsys):
    first = made(*CONV1, "0,1", *METHOD, "--json", "a.json")
    sheet = (here / "actviz.png").read_bytes()
    assert made("--recipe", "a.json") == first and (here / "actviz.png").read_bytes() == sheet
    (here / "a.png").write_bytes(sheet)
    assert made("--recipe", "a.png") == first and (here / "actviz.png").read_bytes() == sheet
    assert {recipe.spec.iterations for recipe in made("--recipe", "a.png", "--iterations", "2").recipes} == {2}


def test_several_files_share_the_seed_of_the_first(here, capsys):
    main(["models"])  # says nothing of them
    for name, seed in (("a", 4), ("b", 9)):
        spec = Spec(TINY, Channel("conv2", seed - 4 and 1), height=12, width=16, iterations=2, seed=seed)
        (here / f"{name}.json").write_text(Recipe(spec).to_json())
    found = made("--recipe", "a.json", "b.json")
    assert [(recipe.spec.seed, recipe.spec.objective.channel) for recipe in found.recipes] == [(4, 0), (4, 1)]


def test_a_comparison_replays_what_was_changed_and_ends_at_its_pictures(here, capsys):
    """As the page does."""
    spec = Spec(TINY, Channel("conv1", 1), height=12, width=16, iterations=6)
    recipe = Recipe(spec, Hyperparams(0.1), (Change(2, Hyperparams(0.5)),), picture=4)
    columns = Comparison().added(recipe).added(recipe)
    columns = replace(columns, columns=tuple(replace(column, recipe=recipe) for column in columns.columns))
    (here / "a.json").write_text(columns.to_json())
    found = made("--recipe", "a.json", "--csv", "a.csv")
    assert [(recipe.changes, recipe.picture) for recipe in found.recipes] == [(recipe.changes, 4)] * 2
    table = list(csv.DictReader((here / "a.csv").read_text().splitlines()))
    assert [row["iteration"] for row in table] == ["1", "2", "3", "4"] * 2
    assert [float(row["learning_rate"]) for row in table[:2]] == pytest.approx([0.1, 0.5])


@pytest.mark.parametrize(
    "fill, target, of, found",
    [
        ("several seeds", "1", lambda spec: spec.seed, [0, 1, 2, 3]),
        ("Next channels of this layer", "1", lambda spec: spec.objective.channel, [1, 2, 3]),
        ("TRAINED AND UNTRAINED WEIGHTS", "0", lambda spec: spec.weights, ["", "untrained"]),
    ],
)
def test_fills_are_the_pages(fill, target, of, found, here, capsys):
    comparison = made(*CONV1, target, *METHOD, "--fill", fill)
    assert [of(recipe.spec) for recipe in comparison.recipes] == found


def test_classes_and_any_kind_of_target(here, capsys):
    comparison = made("--class", "cat", "1", "--objective", "neuron:layer=conv2,channel=2,row=3", *METHOD)
    assert [json.loads(recipe.to_json())["spec"]["objective"] for recipe in comparison.recipes] == [
        {"kind": "neuron", "layer": "conv2", "channel": 2, "row": 3, "column": None},
        {"kind": "class_logit", "label": "cat", "output": "output"},
        {"kind": "class_logit", "label": 1, "output": "output"},
    ]


def test_a_column_that_fails_leaves_the_others_alone(here, capsys):
    missing = ["--objective", "channel:layer=conv1,channel=1", "channel:layer=conv9,channel=0"]
    comparison = made(*missing, *METHOD)
    told = capsys.readouterr()
    assert told.out == f"actviz.png: {alone(comparison.recipes[0]).score[0]:.4g} failed on cpu\n"
    assert told.err.startswith("actviz: 2. conv9, channel 0 failed: ") and "did you mean conv2, conv1" in told.err
    assert [recipe.spec.objective.layer for recipe in comparison.recipes] == ["conv1", "conv9"]


def test_where_everything_fails_nothing_is_written(here, capsys):
    told = refused(capsys, *NETWORK, "--layer", "conv9", "--channels", "0,1", *METHOD)
    assert "has no layer 'conv9' (did you mean conv2, conv1" in told and list(here.iterdir()) == []


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ([*CONV1, "1"], "there is only one picture to compare; name several --channels, --class or --recipe, or a"),
        ([*CONV1, "1-2", "--fill", "several seeds"], "--fill makes several pictures of one recipe; these are 2."),
        ([*CONV1, "1", "--fill", "seeds"], "there is no fill 'seeds' (did you mean several seeds?); there are next"),
        (["--class", "ant", "--fill", "next channels of this layer"], "this needs a channel as the target"),
        ([*CONV1, "0-12"], "a comparison has at most 12 columns; remove one first."),
        ([*CONV1, "3-1"], "the channels '3-1' cannot be read; write numbers and ranges, as 0-63,70."),
        ([*CONV1, "0-999999999"], "the channels '0-999999999' are more than 1,000."),
        (["--channels", "1,2"], "a channel belongs to a layer; give --layer too."),
        ([], "say what to maximize: --layer"),
        (["--recipe", "none.json"], "none.json cannot be read: No such file or directory."),
        (
            ["--recipe", "no.json", *CONV1, "1"],
            "--recipe names targets already; leave out --layer, --channels, --class",
        ),
        (["--objective", "chan:layer=conv1"], "--objective has the unknown kind 'chan'; known: channel, neuron,"),
        (["--objective", "channel:layer"], "--objective 'layer' lacks a value; write NAME=VALUE."),
        (["--objective", "{"], "--objective { is not JSON."),
        ([*CONV1, "0,1", "--out", "a.png", "--json", "a.png"], "a.png is to be written twice"),
        ([*CONV1, "0,1", "--film", "a.avi"], "a film is written as gif, webp, mp4; a.avi is none of these."),
        ([*CONV1, "0,1", "--iterations", "0"], "spec.iterations is 0; it must be between 1 and 100000."),
    ],
)
def test_what_was_asked_for_wrongly_is_told_in_a_sentence(arguments, sentence, here, capsys):
    assert sentence in refused(capsys, *NETWORK, *arguments) and list(here.iterdir()) == []


def test_files_name_their_networks(here, capsys):
    (here / "a.json").write_text(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3))).to_json())
    told = refused(capsys, "--recipe", "a.json", "--model", "vgg16")
    assert told == "actviz: --recipe names networks already; leave out --model.\n"
    weights = json.loads((here / "a.json").read_text())
    weights["spec"]["weights"] = "sha256:" + "0" * 64
    (here / "b.json").write_text(json.dumps(weights))
    told = refused(capsys, "--recipe", "a.json", "b.json")
    assert "the recipe needs a file of weights (sha256:00000000000000000...); name it with --weights." in told


def test_a_picture_of_several_is_one_column(here, capsys):
    comparison = made(*CONV1, "0,1", *METHOD, "--count", "2")
    sheet = contact_sheet(
        [export.sheet(alone(recipe).images) for recipe in comparison.recipes],
        [
            f"{n}. channel {n - 1}: " + ", ".join(f"{s:.4g}" for s in alone(r).score)
            for n, r in enumerate(comparison.recipes, 1)
        ],
        comparison,
        title=f"{TINY}, conv1",
    )
    assert (here / "actviz.png").read_bytes() == sheet and np.unique(
        [recipe.spec.count for recipe in comparison.recipes]
    ) == 2
