"""sweep, on the tiny network: a grid whose cells are what each recipe makes alone."""

import io

import pytest
from PIL import Image

from actviz_core import Channel, Comparison, Recipe, Spec, contact_sheet, read_comparison
from actviz_core.cli.main import main
from tests.core.cli.test_compare import METHOD, NETWORK, TINY, alone

CHANNEL = ["--layer", "conv1", "--channel", "1"]
RATES, SHIFTS = ["learning_rate", "0.1", "0.4", "2"], ["jitter", "0", "2", "3"]


def test_a_grid_row_by_row_shows_what_each_cell_is_alone(here, capsys):
    files = ["--out", "a.png", "--json", "a.json", "--csv", "a.csv"]
    assert main(["sweep", *NETWORK, *CHANNEL, *METHOD, "--across", *SHIFTS, "--down", *RATES, *files]) == 0
    comparison = read_comparison((here / "a.png").read_bytes())
    numbers = [(r.hyperparams.value("jitter.pixels"), r.hyperparams.learning_rate) for r in comparison.recipes]
    assert numbers == [(0, 0.1), (1, 0.1), (2, 0.1), (0, 0.4), (1, 0.4), (2, 0.4)]
    frames = [alone(recipe) for recipe in comparison.recipes]
    captions = [
        f"{place}. Jitter {shift}, Learning rate {rate:g}: {frame.score[0]:.4g}"
        for place, ((shift, rate), frame) in enumerate(zip(numbers, frames, strict=True), 1)
    ]
    pictures, title = [frame.images[0] for frame in frames], f"{TINY}, conv1, channel 1"
    assert (here / "a.png").read_bytes() == contact_sheet(pictures, captions, comparison, title=title, across=3)
    wide = Image.open(io.BytesIO((here / "a.png").read_bytes()))
    assert wide.width > 3 * 100 and wide.height < 2 * (12 + 24 + 4) + 24 + 1
    assert capsys.readouterr().out == f"a.png: {' '.join(f'{frame.score[0]:.4g}' for frame in frames)} on cpu\n"
    assert Comparison.from_json((here / "a.json").read_text()) == comparison

    sheet = (here / "a.png").read_bytes()
    assert main(["compare", *NETWORK, "--recipe", "a.png", "--out", "b.png"]) == 0
    again = read_comparison((here / "b.png").read_bytes())
    assert again == comparison and read_comparison(sheet) == again


def test_of_a_recipe_in_a_file_the_first_picture_is_varied(here, capsys):
    objectives = Channel("conv2", 3), Channel("conv2", 1)
    spec = Spec(TINY, objectives, height=12, width=16, iterations=2, count=2, seed=8)
    (here / "r.json").write_text(Recipe(spec).to_json())
    sides = ["--across", "scale.low", "0.5", "0.9", "2", "--down", *RATES]
    assert main(["sweep", *NETWORK, "--recipe", "r.json", *sides]) == 0
    found = read_comparison((here / "actviz.png").read_bytes()).recipes
    assert {(recipe.spec.objective, recipe.spec.count, recipe.spec.seed) for recipe in found} == {(objectives[0], 1, 8)}
    assert [recipe.hyperparams.value("scale.low") for recipe in found] == [0.5, 0.9, 0.5, 0.9]


@pytest.mark.parametrize(
    "across, sentence",
    [
        (["jiter", "0", "2", "2"], "there is no setting 'jiter' (did you mean jitter"),
        (["pad.fill", "0", "2", "2"], "pad.fill is not a number that can be swept."),
        (["jitter", "a", "2", "2"], "axis.low is 'a'; it must be a number."),
        (["jitter", "0", "2", "2.5"], "axis.steps is 2.5; it must be a whole number."),
        (["jitter", "0", "2", "7"], "axis.steps is 7; it must be between 2 and 6."),
        (["jitter", "0", "200", "2"], "jitter.pixels is 200; it must be between 0 and 64 px."),
        (["learning_rate", "0", "2", "2"], "a sweep needs two different settings."),
    ],
)
def test_what_cannot_be_swept_is_told_in_a_sentence(across, sentence, here, capsys):
    arguments = [*NETWORK, *CHANNEL, *METHOD, "--across", *across, "--down", *RATES]
    assert main(["sweep", *arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("actviz: ") and sentence in told and told.count("\n") == 1 and list(here.iterdir()) == []


@pytest.mark.parametrize("missing", [["--across", *SHIFTS], ["--across", "jitter", "0", "--down", *RATES]])
def test_both_sides_are_needed_whole(missing, here, capsys):
    with pytest.raises(SystemExit) as end:
        main(["sweep", *NETWORK, *CHANNEL, *missing])
    assert end.value.code == 2 and "error:" in capsys.readouterr().err
