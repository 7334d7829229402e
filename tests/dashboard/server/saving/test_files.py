"""What of a run and of a board can be saved, and what it is called."""

import io
import re
from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from PIL import Image

from actviz_core import Change, ClassLogit, Frame, Hyperparams, Jitter, Recipe, Run, read_comparison
from actviz_core.export.pictures import length_of
from actviz_core.studies.fills import CLASSIFIERS
from dashboard.server.saving import file_name
from dashboard.state import links
from tests.dashboard.server.saving.frames import HEIGHT, TITLE, WIDTH, frames, name_of, path, recipe

NAMES = {
    "picture.png": ("image/png", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.png"),
    "curves.csv": ("text/csv; charset=utf-8", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5-curves.csv"),
    "recipe.json": ("application/json", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5-recipe.json"),
    "run.gif": ("image/gif", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.gif"),
    "run.webp": ("image/webp", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.webp"),
    "run.mp4": ("video/mp4", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.mp4"),
}


@pytest.mark.parametrize("what", NAMES)
def test_everything_of_a_run_can_be_saved_and_says_what_it_is(client, ended, visitor, what):
    entry = ended()
    answer = client.get(path(visitor, [entry], what))
    assert answer.status_code == 200 and len(answer.content) > 30
    assert (answer.headers["content-type"], name_of(answer)) == NAMES[what]
    assert answer.headers["cache-control"] == "no-store"


def test_a_script_comes_or_the_sentence_that_says_why_there_is_none(client, ended, visitor):
    entry = ended()
    answer = client.get(path(visitor, [entry], "script.py"), params={"iteration": 3})
    assert answer.headers["content-type"].startswith("text/x-python") and name_of(answer).endswith("iteration-3.py")
    assert "SEED, COUNT, PICTURE," in answer.text and " = 0, 1, 3, " in answer.text
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, start="grey"))
    answer = client.get(path(visitor, [entry], "script.py"))
    assert answer.status_code == 409 and answer.json()["problem"].startswith("A script makes pictures of one target")


def test_a_recipe_is_that_of_the_picture_shown(client, ended, visitor):
    entry = ended()
    for iteration, kept in ((3, 3), (5, 5), (None, 5)):  # the recipe has 192 iterations, and this run ended at 5
        answer = client.get(path(visitor, [entry], "recipe.json"), params={"iteration": iteration} if iteration else {})
        assert Recipe.from_json(answer.text).picture == (0 if kept == entry.run.iterations else kept)


def test_a_link_makes_the_same_again_with_all_its_changes(client, ended, visitor):
    entry = ended()
    changed = replace(
        recipe(), changes=tuple(Change(index + 1, Hyperparams(0.1 + index / 1000)) for index in range(60))
    )
    entry.recipe = lambda: changed
    told = client.get(path(visitor, [entry], "run.link"), params={"iteration": 3}).json()
    assert links.read(dict(parse_qsl(told["query"]))) == replace(changed, picture=3)
    told = client.get(path(visitor, [entry], "comparison.link")).json()
    assert links.read_comparison(dict(parse_qsl(told["query"]))).recipes == (changed,)


def test_what_fits_into_no_link_is_told(client, ended, visitor):
    entry = ended()
    many = tuple(
        Change(index + 1, Hyperparams(0.1 + index / 1e5, (Jitter(index * index % 60),))) for index in range(4000)
    )
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, iterations=9000), changes=many)
    problem = client.get(path(visitor, [entry], "run.link")).json()["problem"]
    assert problem.startswith("With all that was changed the link would have") and problem.endswith(
        "Save the recipe (JSON) instead."
    )
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, start="photograph", photograph="Q"))
    assert client.get(path(visitor, [entry], "comparison.link")).json() == {
        "problem": "A photograph does not fit into a link. Save the contact sheet instead."
    }


def test_an_earlier_picture_is_saved_under_its_iteration(client, ended, visitor):
    entry = ended()
    for query, value in (("?iteration=2", 2), ("", 5)):
        answer = client.get(path(visitor, [entry], f"picture.png{query}"))
        assert Image.open(io.BytesIO(answer.content)).getpixel((0, 0)) == (
            20 * value,
        ) * 3 and f"iteration-{value}.png" in name_of(answer)
    for query in ("?iteration=x", "?iteration=-1", "?iteration=", "?iteration=0"):
        assert client.get(path(visitor, [entry], f"picture.png{query}")).status_code == 404


@pytest.mark.parametrize("weights, word", [("untrained", "untrained"), ("sha256:" + "0" * 64, "custom-weights")])
@pytest.mark.parametrize("title", [TITLE, f"{TITLE}, untrained"])
def test_other_weights_are_told_in_the_name_once(client, ended, visitor, weights, word, title):
    entry = ended(weights=weights, title=title)
    name = name_of(client.get(path(visitor, [entry], "run.gif")))
    assert name.count(word) == 1 and name.endswith("-iteration-5.gif")


def test_a_name_is_one_that_every_system_takes():
    assert file_name('../Channel 20 · "blocks"\r\nX: y', "csv") == "Channel-20-blocks-X-y.csv"
    assert len(file_name("x" * 500, "gif")) == 124
    assert (
        file_name("+1 (class 130) −0.5 (blocks.1.0, channel 3)", "png")
        == "1-class-130-minus-0.5-blocks.1.0-channel-3.png"
    )
    assert file_name("blocks.1.0, direction 3:1, 5:-2", "png") == "blocks.1.0-direction-3-1-5-minus-2.png"
    assert file_name("mobilenet-2 seed", "png") == "mobilenet-2-seed.png"


BOARD = {
    "comparison.png": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.png",
    "comparison.csv": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.csv",
    "comparison.gif": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.gif",
    "comparison.webp": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.webp",
    "comparison.mp4": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.mp4",
}


@pytest.mark.parametrize("what", BOARD)
def test_everything_of_a_board_can_be_saved(client, ended, visitor, what):
    entries = [ended(4, "1. channel 3"), ended(6, "2. channel 7", channel=7)]
    answer = client.get(path(visitor, entries, what))
    assert answer.status_code == 200 and name_of(answer) == BOARD[what]
    if what == "comparison.png":
        assert [one.spec.objective.channel for one in read_comparison(answer.content).recipes] == [3, 7]
    if what == "comparison.csv":
        assert len(answer.text.splitlines()) == 1 + 4 + 6
    if what.endswith(("gif", "webp")):
        film = Image.open(io.BytesIO(answer.content))
        assert film.n_frames == 6 and film.size == (2 * length_of("2. channel 7") + 4, HEIGHT + 24)


def test_a_board_is_named_by_what_all_have_in_common(client, ended, visitor):
    entries = [ended(6, f"{number}. {model}") for number, model in enumerate(CLASSIFIERS, 1)]
    for entry, model in zip(entries, CLASSIFIERS, strict=True):
        made = Recipe(replace(recipe().spec, model=model, objective=ClassLogit(130)))
        entry.recipe = lambda made=made: made
    assert re.fullmatch(
        r"comparison-class-130(-flamingo)?-3-pictures-iteration-6\.csv",
        name_of(client.get(path(visitor, entries, "comparison.csv"))),
    )
    entries = [ended(6, "1. trained"), ended(6, "2. untrained", "untrained")]
    assert (
        name_of(client.get(path(visitor, entries, "comparison.csv")))
        == "comparison-efficientnet_lite0-blocks.1.0-channel-3-2-pictures-iteration-6.csv"
    )


def test_what_cannot_be_saved_is_not_there(client, ended, visitor, visitors, scheduler):
    entry, fresh = ended(), visitor.show(Run(frames(3), 3), recipe)
    other = visitors.new()
    for address in (
        *(
            path(visitor, [entry], what)
            for what in ("passwords.txt", "run.exe", "run.", ".gif", "comparison.txt", "sheet.png")
        ),
        *(
            path(visitor, [fresh], what)
            for what in ("picture.png", "run.gif", "run.mp4", "comparison.png", "comparison.gif")
        ),
        path(visitor, [entry, entry], "run.gif"),
        path(other, [entry], "run.gif"),
        path(other, [entry], "run.gif/place"),
        path(visitor, [entry], "recipe.json/place"),
        f"/live/{visitor.token}/{entry.key},nobody/save/comparison.gif",
        f"/live/{visitor.token}/,/save/comparison.gif",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("what", ["comparison.gif", "comparison.png", "comparison.csv"])
def test_a_run_is_asked_for_once(client, ended, visitor, what):
    entry = ended()
    for many in (2, 37):
        assert client.get(path(visitor, [entry] * many, what)).status_code == 404


def test_the_same_film_is_made_once_and_anew_when_the_run_has_gone_on(client, ended, visitor, exports):
    entry = ended()
    first, again = (client.get(path(visitor, [entry], "run.webp")).content for _ in range(2))
    made = exports.files[((entry.key,), "run.webp")]
    assert first == again == made[1] and made[0] == 5
    entry.run.history.add(Frame(6, np.full((1, HEIGHT, WIDTH, 3), 200, np.uint8), (6.0,)))
    assert Image.open(io.BytesIO(client.get(path(visitor, [entry], "run.webp")).content)).n_frames == 6
