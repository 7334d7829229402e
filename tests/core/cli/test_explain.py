"""explain: maps of an image from the command line."""

import numpy as np
import pytest
from PIL import Image

from actviz_core import (
    METHODS,
    Channel,
    ClassLogit,
    Explanation,
    GradCam,
    Neuron,
    attribute,
    export,
    framing,
    image_hash,
    kind,
    load_model,
    resized,
)
from actviz_core.attribution import InputXGradient, Occlusion, Saliency
from actviz_core.attribution.attribute import tensor_of
from actviz_core.attribution.prediction import predict
from actviz_core.cli.explain import Asked
from actviz_core.cli.main import main
from tests.core.cli.test_compare import NETWORK
from tests.core.tiny import tiny_model


@pytest.fixture
def photo(here):
    """An image that is wider and higher than the network's picture."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 70, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(here / "photo.png")
    return pixels


def explain(*arguments):
    return main(["explain", "photo.png", *NETWORK, "--device", "cpu", *arguments])


def seen(photo, size, frame=None):
    return framing.framed(photo, frame or framing.whole(*photo.shape[:2], size), size)


def by_hand(photo, objective, method):
    model = load_model(NETWORK[1], "cpu")
    size = model.height, model.width
    return attribute(model, tensor_of(seen(photo, size)[None]), objective, method), size


def arrays():
    with np.load("map.npz", allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def test_the_overlay_the_numbers_and_the_table(here, photo, capsys):
    assert explain("--class", "1", "--at", "conv1", "--values", "map.npz", "--csv", "map.csv", "--out", "o.png") == 0
    maps, size = by_hand(photo, ClassLogit(1), GradCam("conv1"))
    found = arrays()
    assert np.allclose(found["map"], maps.values[0], atol=1e-6) and found["map"].shape == maps.values.shape[1:]
    assert found["target_score"] == pytest.approx(maps.score[0])
    top, left, height, width = framing.whole(40, 70, size)
    assert found["resized"].shape == (40, 70)
    inside = found["resized"][top : top + height, left : left + width]
    assert np.allclose(inside, resized(maps, size=(height, width))[0], atol=1e-6)
    assert not found["resized"][:, :left].any() and not found["resized"][:, left + width :].any()
    explanation = export.read_explanation((here / "o.png").read_bytes())
    assert explanation.method == GradCam("conv1") and explanation.objective == ClassLogit(1)
    assert explanation.image == image_hash(photo) and explanation.image_name == "photo.png"
    assert explanation.frame == (top, left, height, width) and explanation.origin
    assert Explanation.from_json(str(found["explanation"])) == explanation
    assert len((here / "map.csv").read_text().splitlines()) == 1 + maps.values[0].size
    assert "o.png: Grad-CAM at conv1: class 1" in capsys.readouterr().out


def test_without_a_target_the_likeliest_class_is_explained_and_named(here, photo, capsys):
    assert explain("--method", "saliency", "--out", "o.png") == 0
    model = load_model(NETWORK[1], "cpu")
    found = predict(model, seen(photo, (model.height, model.width)))
    label, share = found.ranked[0], 100 * found.probabilities.max()
    told = capsys.readouterr().out
    assert f"class {label}" in told or str(label) in told
    assert f"({share:.1f} %)" in told
    assert export.read_explanation((here / "o.png").read_bytes()).objective == ClassLogit(label)


def test_why_one_class_and_not_another(photo):
    assert explain("--class", "2", "--against", "0", "--method", "input_xgradient", "--values", "map.npz") == 0
    difference, _ = by_hand(photo, ClassLogit(2) - ClassLogit(0), InputXGradient())
    assert np.allclose(arrays()["map"], difference.values[0], atol=1e-6)


@pytest.mark.parametrize(
    "target, objective",
    [(["--channel", "1"], Channel("conv1", 1)), (["--channel", "1", "--neuron", "2,3"], Neuron("conv1", 1, 2, 3))],
)
def test_a_unit_is_explained(photo, target, objective):
    assert explain("--layer", "conv1", *target, "--method", "saliency", "--values", "map.npz") == 0
    assert np.allclose(arrays()["map"], by_hand(photo, objective, Saliency())[0].values[0], atol=1e-6)


def test_an_explanation_is_made_again_from_its_file(here, photo, capsys):
    assert (
        explain("--class", "1", "--at", "conv1", "--frame", "2,3,20,30", "--size", "16x24", "--values", "map.npz") == 0
    )
    first, saved = arrays(), export.read_explanation((here / "explained.png").read_bytes())
    again = ["--explanation", "explained.png", "--out", "again.png", "--values", "map.npz"]
    assert main(["explain", "photo.png", "--device", "cpu", *NETWORK, *again]) == 0
    assert (arrays()["map"] == first["map"]).all() and "another image" not in capsys.readouterr().err
    assert export.read_explanation((here / "again.png").read_bytes()) == saved and saved.size == (16, 24)
    Image.fromarray(photo[::-1]).save(here / "photo.png")
    assert main(["explain", "photo.png", "--device", "cpu", *NETWORK, *again, "--method", "saliency"]) == 0
    assert "another image" in capsys.readouterr().err and (arrays()["map"] != first["map"].mean()).any()


def test_a_frame_that_is_not_within_the_image_is_moved_and_that_is_said(here, photo, capsys):
    assert explain("--class", "1", "--size", "16x24", "--frame", "35,60,20,30", "--method", "saliency") == 0
    assert "the frame is 20,40,20,30, to lie in the image" in capsys.readouterr().err
    assert export.read_explanation((here / "explained.png").read_bytes()).frame == (20, 40, 20, 30)


def test_all_methods_on_one_sheet(here, photo, capsys):
    quick = ["masks=32", "samples=2", "steps=32"]
    assert explain("--class", "1", "--method", "all", "--set", *quick, "--out", "sheet.png") == 0
    made = export.read_explanations((here / "sheet.png").read_bytes())
    out, err = capsys.readouterr()
    left_out = {line.split()[1] for line in err.splitlines() if "is left out" in line}
    assert {kind(type(each.method)) for each in made} | left_out == {kind(cls) for cls in METHODS}
    assert len(made) >= 8 and f"{len(made)} maps of class 1" in out
    assert explain("--explanation", "sheet.png") == 2
    assert f"sheet.png is a sheet of {len(made)} maps; --explanation takes the file of one" in capsys.readouterr().err


def test_the_methods_are_listed_with_their_costs(capsys):
    assert main(["explain", "--methods", *NETWORK, "--device", "cpu"]) == 0
    told = capsys.readouterr().out
    for cls in METHODS:
        assert f"\n{kind(cls)} " in told and cls.title in told and cls.meaning in told and cls.misleads in told
    assert "grad_cam                 Grad-CAM (Selvaraju et al. 2017): 2 passes" in told


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--method", "nothing"], "--method has the unknown kind 'nothing'"),
        (["--method", "saliency", "--at", "conv1"], "the map of that method has none"),
        (["--method", "saliency", "--set", "steps=3"], "--set steps: there is no such setting of the method"),
        (["--method", "smooth_grad", "--set", "samples=0"], "smooth_grad.samples is 0"),
        (["--at", "nowhere"], "has no layer 'nowhere'"),
        (["--at", "output"], "has no positions"),
        (["--class", "no such class"], "no such class"),
        (["--against", "99"], "99"),
        (["--method", "all", "--values", "map.npz"], "--values and --csv hold the numbers of one map"),
        (["--method", "all", "--top", "1"], "--top is for the maps of one method"),
        (["--top", "0"], "--top is 0; it must be 1e-30 to 1e+30"),
        (["--top", "inf"], "--top is inf"),
        (["--top", "1e-320"], "--top is 9.99989e-321"),
        (["--out", "./photo.png"], "photo.png is the image itself, which would be lost"),
        (["--size", "0x5"], "--size is 0x5; sides must be 1 to 2048 px"),
        (["--size", "9000"], "--size is 9000x9000"),
        (["--frame", "0,0,0,7"], "its height and width must be at least 1 px"),
        (["--out", "map.jpg"], "--out is written as PNG; map.jpg names another kind of file"),
        (["--opacity", "2"], "--opacity is 2"),
        (["--opacity", "nan"], "--opacity is nan"),
        (["--out", "nowhere/o.png"], "there is no folder"),
        (["--explanation", "photo.png"], "does not contain a recipe"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(here, photo, arguments, sentence, capsys):
    assert explain(*arguments) == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["photo.png"]


def test_one_scale_for_several_images_and_a_map_resized_plainly(here, photo):
    given = ["--class", "1", "--at", "blocks.1.0", "--size", "64x96", "--opacity", "1", "--values", "map.npz"]
    given = ["explain", "photo.png", "--device", "cpu", "--set", "signed=true", *given]
    assert main([*given, "--out", "own.png"]) == 0
    placed = arrays()
    largest = np.abs(placed["map"]).max()
    assert main([*given, "--plain", "--top", str(4 * largest), "--out", "other.png"]) == 0
    plain = arrays()
    assert (plain["map"] == placed["map"]).all() and "rows" not in plain
    assert not np.allclose(plain["resized"], placed["resized"])
    own, other = (np.asarray(Image.open(name).convert("L"))[export.LABEL : -80] for name in ("own.png", "other.png"))
    assert other.min() > own.min() + 40  # a quarter of the scale is as far as the map goes, and its ends are darkest


def test_a_saved_explanation_asks_for_no_more_than_options_may(here, photo, capsys):
    (here / "evil.json").write_text(Explanation("tiny", ClassLogit(1), GradCam(), height=4096, width=64).to_json())
    assert explain("--explanation", "evil.json") == 2
    assert "the size in --explanation is 4096x64; sides must be 1 to 2048 px" in capsys.readouterr().err


def test_a_setting_that_is_empty(here, photo):
    """What `--methods` lists as `window=` can be given so."""
    chosen = ["--class", "1", "--method", "occlusion", "--set", "window=", "baseline=mean"]
    assert explain(*chosen, "--out", "map.png") == 0
    assert export.read_explanation((here / "map.png").read_bytes()).method == Occlusion()


def test_a_picture_that_is_a_line_is_drawn(photo):
    line = Explanation("tiny", ClassLogit(1), GradCam(), height=1, width=2048, frame=(0, 0, 1, 70))
    assert Asked(tiny_model(), photo, photo[:1], line).drawn().shape == (1, 448, 3)


@pytest.mark.parametrize("name", ["", "none.jpg", ".", "text.jpg"])
def test_what_is_no_image_is_told_in_a_sentence(here, name, capsys):
    (here / "text.jpg").write_text("no image")
    assert main(["explain", *([name] if name else []), *NETWORK]) == 2
    err = capsys.readouterr().err
    assert err.startswith("actviz: ") and err.count("\n") == 1


def test_a_map_without_evidence_says_so(photo, capsys):
    against = (
        '{"kind": "sum", "terms": [{"weight": -1, "objective": {"kind": "channel", "layer": "relu", "channel": 1}}]}'
    )
    assert explain("--objective", against, "--at", "relu") == 0
    assert "no positive evidence at this layer: --set signed=true" in capsys.readouterr().err
