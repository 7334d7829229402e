"""The command line, called in this process; a real network, since that is what people call it with."""

import csv
import hashlib
import io
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image

from actviz_core import (
    Channel,
    ClassLogit,
    Neuron,
    PhaseImage,
    Recipe,
    Run,
    Scheduler,
    Spec,
    export,
    load_model,
    origin,
    preset,
    replay,
)
from actviz_core.cli.main import main

CHANNEL = ["--layer", "blocks.1.0", "--channel", "3"]
SMALL = ["--iterations", "3", "--size", "64x96"]


class Trap:
    def __reduce__(self):
        return exec, ("open('trapped', 'w')",)


@pytest.fixture
def files(here):
    recipe = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3)))
    (here / "broken.json").write_text('{"kind": "recipe", "spec": 3}')
    (here / "gone.json").write_text(recipe.to_json().replace("blocks.1.0", "blocks.9.9"))
    (here / "foreign.png").write_bytes(export.png(np.zeros((1, 4, 6, 3), np.uint8), recipe)[:60])
    (here / "no.jpg").write_text("no photograph")
    (here / "empty").mkdir()
    torch.save({"a": Trap()}, here / "evil.pth")
    (here / "evil.pt").write_bytes(pickle.dumps(Trap(), 2))
    return here


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--layer", "blocks.1.9", "--channel", "0"], "has no layer 'blocks.1.9' (did you mean blocks.1."),
        (
            ["--layer", "blocks.1.0", "--channel", "999"],
            "channel 999 is out of range: layer blocks.1.0 of efficientnet_lite0 has 24 channels (0 to 23).",
        ),
        (["--layer", "blocks.1.0", "--channel", "-1"], "channel.channel is -1; it must be at least 0."),
        (
            [*CHANNEL, "--neuron", "99,0", *SMALL],
            "row 99 is out of range: layer blocks.1.0 has 16 rows (0 to 15) at 64 x 96.",
        ),
        ([*CHANNEL, "--neuron", "0,24", *SMALL], "column 24 is out of range"),
        (["--layer", "blocks.1.0", "--neuron", "1,2"], "give --channel too"),
        (["--layer", "blocks.1.0", "--direction", "1:x"], "cannot be read; write CHANNEL:WEIGHT"),
        (["--channel", "3"], "give --layer too"),
        ([], "say what to maximize"),
        (["--class", "flamingoo"], "has no class named 'flamingoo' (did you mean flamingo"),
        (["--class", "1000"], "class 1000 is out of range: efficientnet_lite0 has 1000 classes (0 to 999)."),
        ([*CHANNEL, "--model", "efficientnet_lite9"], "no model 'efficientnet_lite9' (did you mean efficientnet_lite"),
        ([*CHANNEL, "--model", "no.such:thing"], "'no.such:thing' cannot be registered"),
        ([*CHANNEL, "--device", "abacus"], "device 'abacus' is not available here"),
        ([*CHANNEL, "--preset", "lucyd"], "there is no preset 'lucyd' (did you mean lucid"),
        ([*CHANNEL, "--iterations", "0"], "spec.iterations is 0; it must be between 1 and 100000."),
        ([*CHANNEL, "--size", "9000"], "spec.height is 9000; it must be between 8 and 2048 px."),
        ([*CHANNEL, "--seed", "-1"], "spec.seed is -1"),
        ([*CHANNEL, "--count", "100"], "spec.count is 100"),
        ([*CHANNEL, "--set", "jitter"], "--set 'jitter' lacks a value; write NAME=VALUE."),
        ([*CHANNEL, "--set", "jiter=3"], "there is no setting 'jiter' (did you mean jitter"),
        ([*CHANNEL, "--set", "jitter=many"], "jitter.pixels is 'many'; it must be a whole number."),
        ([*CHANNEL, "--set", "learning_rate=nan"], "hyperparams.learning_rate is nan; it must be a finite number."),
        ([*CHANNEL, "--recipe", "missing.json"], "missing.json cannot be read: No such file or directory."),
        ([*CHANNEL, "--recipe", "empty"], "empty cannot be read: Is a directory."),
        (["--recipe", "broken.json"], "recipe.spec is 3; it must be a spec."),
        (["--recipe", "foreign.png"], "the PNG is damaged"),
        (["--recipe", "gone.json"], "has no layer 'blocks.9.9'"),
        ([*CHANNEL, "--photograph", "no.jpg"], "this is not an image that can be read"),
        ([*CHANNEL, "--spectrum", "empty"], "the folder empty holds no photographs."),
        ([*CHANNEL, "--weights", "evil.pth"], "'evil.pth' were refused: they must be a plain state dict"),
        ([*CHANNEL, "--weights", "evil.pt"], "'evil.pt' "),
        ([*CHANNEL, "--weights", "missing.pth"], "'missing.pth' cannot be opened"),
        ([*CHANNEL, "--out", "nowhere/a.png"], "nowhere to write a.png into."),
        ([*CHANNEL, "--out", "empty"], "empty is a folder; name a file in it."),
        (
            [*CHANNEL, "--out", "x.png", "--json", "./x.png"],
            "x.png is to be written twice; give each output a file of its own.",
        ),
        ([*CHANNEL, "--preset", "foo"], "(did you mean good?); there are good, textbook, "),
        ([*CHANNEL, "--spectrum", "nowhere"], "there is no folder nowhere with photographs."),
        ([*CHANNEL, "--set", "learning_rate.low=3"], "learning_rate has no setting 'low'; it is a number itself."),
        ([*CHANNEL, *SMALL, "--film", "empty"], "empty is a folder"),
        ([*CHANNEL, *SMALL, "--film", "a.avi"], "a film is written as gif, webp, mp4; a.avi is none of these."),
        ([*CHANNEL, *SMALL, "--out", "x" * 300 + ".png"], "cannot be written: File name too long."),
    ],
)
def test_what_was_asked_for_wrongly_is_told_in_a_sentence(arguments, sentence, files, capsys):
    assert main(["visualize", *arguments]) == 2
    told = capsys.readouterr().err
    said = [line for line in told.splitlines() if line.startswith("actviz: ")]
    assert len(said) == 1 and sentence in said[0] and "Traceback" not in told
    assert not (files / "trapped").exists() and not (files / "actviz.png").exists()


@pytest.mark.parametrize("command", ["visualize", "compare"])
def test_a_film_that_cannot_be_written_is_refused_before_a_network_is_asked_for(command, here, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "av", None)  # as where it is not installed
    assert main([command, "--model", "nowhere:network", *CHANNEL, "--film", "a.MP4"]) == 2
    assert capsys.readouterr().err.startswith("actviz: An MP4 needs PyAV, which is not installed here")


@pytest.mark.parametrize("arguments", [["--size", "big"], ["--neuron", "1"], ["--channel", "x"], ["--nonsense"]])
def test_options_that_cannot_be_read(arguments, here, capsys):
    with pytest.raises(SystemExit) as end:
        main(["visualize", *CHANNEL, *arguments])
    assert end.value.code == 2 and "error:" in capsys.readouterr().err


def test_a_picture_from_beginning_to_end(here, capsys):
    everything = ["--out", "a.png", "--json", "a.json", "--csv", "a.csv", "--film", "a.gif"]
    assert (
        main(
            [
                "visualize",
                *CHANNEL,
                *SMALL,
                "--seed",
                "7",
                "--count",
                "2",
                "--set",
                "l1=0.1",
                "--set",
                "jitter=2",
                *everything,
            ]
        )
        == 0
    )
    assert "a.png: " in capsys.readouterr().out
    made = np.asarray(Image.open("a.png"))
    assert made.shape == (64, 2 * 96 + 4, 3) and made[:, :96].std() > 2

    recipe = export.read_recipe((here / "a.png").read_bytes())
    assert recipe.spec.objective == Channel("blocks.1.0", 3) and (recipe.spec.height, recipe.spec.width) == (64, 96)
    assert (recipe.spec.seed, recipe.spec.count, recipe.spec.iterations) == (7, 2, 3)
    texture = preset("good").textures.fine.hyperparams  # a cell of this layer sees 11 pixels
    assert recipe.hyperparams == texture.with_value("l1", 0.1).with_value("jitter", 2)

    told = json.loads((here / "a.json").read_text())
    table = list(csv.DictReader(io.StringIO((here / "a.csv").read_text())))
    assert Recipe.from_json(json.dumps(told["recipe"])) == recipe
    assert [point["iteration"] for point in told["points"]] == [int(row["iteration"]) for row in table] == [1, 2, 3]
    assert told["points"][2]["score"] == [float(table[2]["score_0"]), float(table[2]["score_1"])]
    assert Image.open("a.gif").n_frames == 3

    assert main(["visualize", "--recipe", "a.png", "--out", "b.png"]) == 0
    assert (np.asarray(Image.open("b.png")) == made).all()
    (here / "r.json").write_text(json.dumps(told["recipe"]))
    assert export.read_recipe((here / "a.json").read_bytes()) == recipe, "what --json wrote"
    assert main(["visualize", "--recipe", "a.json", "--out", "c.png"]) == 0
    assert (np.asarray(Image.open("c.png")) == made).all()


def test_it_makes_the_picture_that_the_page_makes(here, capsys):
    """The page computes on a thread of its own, and leaves a core to the server; this takes them all."""
    torch.set_num_threads(2)
    assert main(["visualize", "--layer", "blocks.4.0", "--channel", "20", "--iterations", "8", "--size", "128"]) == 0
    recipe = export.read_recipe((here / "actviz.png").read_bytes())
    scheduler = Scheduler()
    try:
        torch.set_num_threads(1)
        run = scheduler.start(Run(replay(load_model("efficientnet_lite0", "cpu"), recipe), 8))
        assert run.wait(lambda run: run.ended, 60)
    finally:
        scheduler.close()
    assert np.array_equal(np.asarray(Image.open("actviz.png")), run.newest.images[0])


def test_a_recipe_tells_where_it_was_made(here, capsys):
    assert main(["visualize", *CHANNEL, "--iterations", "1", "--size", "64"]) == 0
    data = (here / "actviz.png").read_bytes()
    assert export.read_recipe(data).origin == origin.here(torch.device("cpu"))
    (here / "r.png").write_bytes(data)
    capsys.readouterr()
    assert main(["visualize", "--recipe", "r.png"]) == 0 and "elsewhere" not in capsys.readouterr().err
    recipe = export.read_recipe(data)
    elsewhere = replace(recipe, origin=replace(recipe.origin, instructions="AVX2-like"))
    (here / "r.json").write_text(elsewhere.to_json())
    assert main(["visualize", "--recipe", "r.json"]) == 0
    assert "actviz: Made elsewhere (instructions AVX2-like instead of " in capsys.readouterr().err
    assert export.read_recipe((here / "actviz.png").read_bytes()).origin == recipe.origin


def test_options_on_top_of_a_recipe(here, capsys):
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)).save("photo.png")
    recipe = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=2))
    (here / "r.json").write_text(recipe.to_json())
    assert (
        main(
            ["visualize", "--recipe", "r.json", "--class", "flamingo", "--iterations", "1", "--photograph", "photo.png"]
        )
        == 0
    )
    spec = export.read_recipe((here / "actviz.png").read_bytes()).spec
    assert (spec.objective, spec.iterations, spec.start, spec.height) == (ClassLogit("flamingo"), 1, "photograph", 64)
    capsys.readouterr()
    assert main(["visualize", "--recipe", "r.json", "--class", "flamingo", *CHANNEL, "--iterations", "1"]) == 0
    assert "actviz: --layer and --channel are ignored: --class is of the network's output." in capsys.readouterr().err
    assert (
        main(
            [
                "visualize",
                "--recipe",
                "r.json",
                *CHANNEL,
                "--neuron",
                "2,20",
                "--preset",
                "maco",
                "--set",
                "crops=2",
                "--iterations",
                "1",
            ]
        )
        == 0
    )
    recipe = export.read_recipe((here / "actviz.png").read_bytes())
    assert recipe.spec.objective == Neuron("blocks.1.0", 3, 2, 20) and recipe.spec.parametrization == PhaseImage()
    assert recipe.hyperparams.value("crops.count") == 2
    (here / "photos").mkdir()
    (here / "photo.png").rename(here / "photos" / "photo.png")
    assert main(["visualize", "--recipe", "r.json", "--spectrum", "photos", "--iterations", "1"]) == 0
    assert len(export.read_recipe((here / "actviz.png").read_bytes()).spec.parametrization.spectrum) == 8


def test_weights_are_recorded_by_their_hash(here, capsys):
    """A picture that is passed on must not tell where its maker keeps files, nor open any."""
    network = timm.create_model("tf_efficientnet_lite0", num_classes=3)
    torch.save(network.state_dict(), here / "mine.pth")
    digest = hashlib.sha256((here / "mine.pth").read_bytes()).hexdigest()
    assert main(["visualize", *CHANNEL, *SMALL, "--weights", "mine.pth", "--out", "a.png"]) == 0
    assert export.read_recipe((here / "a.png").read_bytes()).spec.weights == f"sha256:{digest}"
    assert (
        main(["visualize", "--recipe", "a.png", "--out", "b.png"]) == 2
        and "name it with --weights" in capsys.readouterr().err
    )
    assert main(["visualize", "--recipe", "a.png", "--weights", "mine.pth", "--out", "b.png"]) == 0
    assert (here / "b.png").read_bytes() == (here / "a.png").read_bytes()


def test_a_full_disk_costs_nobody_the_file_that_was_there_before(here, capsys):
    (here / "a.png").write_bytes(b"precious")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        assert main(["visualize", *CHANNEL, *SMALL, "--out", "a.png"]) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "a.png cannot be written: File too large." in capsys.readouterr().err
    assert [(file.name, file.read_bytes()) for file in here.iterdir()] == [("a.png", b"precious")]


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(here, capsys, monkeypatch):
    monkeypatch.setattr(
        "os.access", lambda path, mode: Path(path) != here
    )  # the tests may be root's, who may write anywhere
    monkeypatch.setattr("actviz_core.cli.visualize.loaded", lambda *_: pytest.fail("a network was loaded"))
    assert main(["visualize", *CHANNEL, *SMALL, "--out", "a.png"]) == 2
    assert main(["gallery", "--layer", "blocks.1.0", "--sheet", "a.png"]) == 2
    assert (
        capsys.readouterr().err.splitlines()
        == ["actviz: a.png cannot be written: the folder is read-only, or somebody else's."] * 2
    )


def test_a_device_stays_one(here):
    os.mkfifo(here / "pipe")
    with ThreadPoolExecutor(1) as reader:
        data = reader.submit((here / "pipe").read_bytes)
        assert main(["visualize", *CHANNEL, *SMALL, "--out", "pipe"]) == 0
    assert export.read_recipe(data.result()).spec.objective == Channel("blocks.1.0", 3) and (here / "pipe").is_fifo()


def test_models_are_listed(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["efficientnet_lite0", "packaged"] and any(
        line.startswith("vgg16 ") and "MB" in line for line in lines
    )


def test_layers_are_listed_with_their_real_shapes(capsys):
    assert main(["layers", "--model", "efficientnet_lite0", "--size", "64x96"]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["blocks.1.0"][1:] == ["24", "16", "24"] and rows["output"][1:] == ["1000", "1", "1"]


def test_ctrl_c_while_torch_is_imported_ends_without_a_traceback():
    process = subprocess.Popen(
        [sys.executable, "-m", "actviz_core", "models"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while "libtorch" not in Path(f"/proc/{process.pid}/maps").read_text():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.communicate() == ("", "") and process.returncode == 130
