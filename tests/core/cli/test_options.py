"""Options are typed values, made of the fields that describe them; the page of all settings is made of those too."""

from dataclasses import fields
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from actviz_core import (
    METHODS,
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    REGULARIZERS,
    TRANSFORMS,
    Adam,
    Channel,
    PixelImage,
    Recipe,
    Spec,
    described,
    export,
    kind,
    load_model,
    replay,
)
from actviz_core.cli.main import COMMANDS, main, parsed, parser
from actviz_core.cli.options import declared_options, flag_of, read_options
from actviz_core.cli.settings import page
from actviz_core.cli.visualize import VisualizeOptions
from tests.core.cli.test_compare import NETWORK

ROOT = Path(__file__).parents[3]


def options_of(*arguments):
    given = parser().parse_args(arguments)
    return read_options(given.command.options, given)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_says_what_it_is(command, capsys):
    for field, _ in declared_options(command.options):
        assert field.metadata["option"].help, flag_of(field)
    names = [field.name for field, _ in declared_options(command.options)]
    assert len(set(names)) == len(names), "two groups have options of one name"
    with pytest.raises(SystemExit) as end:
        main([command.name, "--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0 and all(flag_of(field) in told for field, _ in declared_options(command.options))


def test_options_are_a_frozen_value_of_the_declared_types():
    options = options_of(
        "visualize",
        "--layer",
        "a",
        "--neuron",
        "3,4",
        "--size",
        "64",
        "--set",
        "a=1",
        "b=2",
        "--set",
        "c=3",
        "--out",
        "x.png",
    )
    assert isinstance(options, VisualizeOptions) and hash(options)
    assert (options.target.neuron, options.method.size, options.method.set) == ((3, 4), (64, 64), ("a=1", "b=2", "c=3"))
    assert options.out == Path("x.png") and options.json is None and options.method.iterations is None
    assert options_of("visualize").method.set == () == options_of("visualize").method.set


def test_help_and_range_are_those_of_the_setting(capsys):
    with pytest.raises(SystemExit):
        main(["visualize", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "--iterations ITERATIONS gradient steps (1 to 100000)" in told
    assert f"--octave-factor OCTAVE_FACTOR {described(Spec)['octave_factor'].help} (1.1 to 2)" in told


def test_kinds_are_chosen_with_their_numbers(here, capsys):
    arguments = ["--iterations", "1", "--size", "12x16", "--optimizer", "adam:beta1=0.5,cooling=0.25"]
    arguments += ["--parametrization", "pixel_image:mean=100,decorrelate=true", "--start", "grey"]
    arguments += ["--objective", '{"kind": "channel", "layer": "conv1", "channel": 2}']
    assert main(["visualize", *NETWORK, *arguments]) == 0
    spec = export.read_recipe((here / "actviz.png").read_bytes()).spec
    assert (spec.optimizer, spec.parametrization) == (Adam(0.5, 0.999, 0.25), PixelImage(100.0, 10.0, True))
    assert (spec.objective, spec.start) == (Channel("conv1", 2), "grey")


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--optimizer", "adm"], "--optimizer has the unknown kind 'adm'; known: adam, "),
        (["--optimizer", "adam:beta9=1"], "--optimizer has the unknown field 'beta9'; known: beta1, beta2, cooling."),
        (["--optimizer", "adam:beta1=2"], "adam.beta1 is 2.0; it must be between 0.0 and 0.999."),
        (["--optimizer", "adam:beta1"], "--optimizer 'beta1' lacks a value; write NAME=VALUE."),
        (["--parametrization", "pixel_image:decorrelate=1"], "pixel_image.decorrelate is 1; it must be true or false."),
        (["--octaves", "7"], "spec.octaves is 7; it must be between 1 and 6."),
        (["--start", "photograph"], "the run is to start from a photograph, but none is given."),
    ],
)
def test_what_does_not_fit_a_setting_is_told_in_a_sentence(arguments, sentence, here, capsys):
    assert main(["visualize", *NETWORK, "--layer", "conv1", "--channel", "0", *arguments]) == 2
    assert sentence in capsys.readouterr().err and list(here.iterdir()) == []


def test_a_picture_that_was_saved_on_the_way_is_made_again_and_not_the_last_one(here, capsys):
    spec = Spec(NETWORK[1], Channel("conv1", 2), height=12, width=16, iterations=6)
    (here / "r.json").write_text(Recipe(spec, picture=4).to_json())
    assert main(["visualize", *NETWORK, "--recipe", "r.json", "--csv", "r.csv"]) == 0
    made = (here / "actviz.png").read_bytes()
    *_, expected = islice(replay(load_model(NETWORK[1], "cpu"), Recipe(spec)), 4)
    assert (np.asarray(Image.open("actviz.png")) == expected.images[0]).all()
    assert export.read_recipe(made).picture == 4 and len((here / "r.csv").read_text().splitlines()) == 5
    assert main(["visualize", *NETWORK, "--recipe", "r.json", "--iterations", "5"]) == 0
    assert export.read_recipe((here / "actviz.png").read_bytes()).picture == 0


# the page


def test_the_page_of_settings_is_up_to_date(capsys):
    told = (ROOT / "docs" / "settings.md").read_text()
    assert told == page(), "write it anew: python -m actviz_core settings > docs/settings.md"
    assert main(["settings"]) == 0 and capsys.readouterr().out == told


def test_every_setting_is_on_the_page():
    told = page()
    for cls in (*PARAMETRIZATIONS, *OPTIMIZERS, *TRANSFORMS, *REGULARIZERS, *OBJECTIVES, *METHODS):
        assert f"### `{kind(cls)}`" in told
        assert all(f"| `{kind(cls)}.{name}` |" in told for name in described(cls)), cls
    assert all(f"| `{name}` |" in told for name in described(Spec))


def test_every_field_of_a_run_can_be_set_from_the_command_line():
    flags = {flag_of(field) for field, _ in declared_options(VisualizeOptions)}
    other = {"height": "--size", "width": "--size", "objective": "--layer"}
    assert {other.get(field.name, f"--{field.name.replace('_', '-')}") for field in fields(Spec)} <= flags


@pytest.mark.parametrize("text", ["32x", "x32", "32x48x", "", "x"])
def test_a_size_is_one_number_or_two(text, capsys):
    with pytest.raises(SystemExit):
        options_of("visualize", "--size", text)
    assert f"argument --size: {text!r} is no size: give pixels, as in 64x96 or 64" in capsys.readouterr().err


def test_a_word_may_stand_behind_an_option():
    for arguments in (["lessons", "check", "mine", "--quick"], ["lessons", "check", "--quick", "mine"]):
        given = parsed(parser(), arguments)
        assert (given.deed, given.folder, given.quick) == ("check", Path("mine"), True)
    for arguments in (["lessons", "check", "mine", "too"], ["lessons", "check", "--quik", "mine"]):
        with pytest.raises(SystemExit):
            parsed(parser(), arguments)
