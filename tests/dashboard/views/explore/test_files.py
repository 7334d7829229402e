"""Files that Explore opens: a recipe, a picture of a run, and what is neither."""

import base64
import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from actviz_core import (
    Channel,
    ClassLogit,
    Comparison,
    Gallery,
    Hyperparams,
    Jitter,
    Neuron,
    PixelImage,
    Recipe,
    Spec,
    Store,
    Tile,
    choose_device,
    export,
)
from actviz_core.origin import Origin, here
from dashboard.state import links, services
from tests.dashboard.screen import run_of, state_of, visitor_of
from tests.dashboard.views.explore.page import SMALL, bare_png, recipe_of


def test_a_recipe_file_sets_the_page(page):
    app = page()
    recipe = Recipe(
        Spec("efficientnet_lite0", ClassLogit(130), PixelImage(), height=32, width=48), Hyperparams(0.5, (Jitter(2),))
    )
    picture = export.png(np.zeros((1, 32, 48, 3), np.uint8), recipe)
    app.file_uploader(key="recipe_file").upload("picture.png", picture, "image/png").run()
    assert not app.error and recipe_of(app) == recipe


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("comparison", "This is a comparison, not a recipe: open it on Compare, in the tab Open."),
        ("explanation", "This is a map of an image, not a recipe: open it on Explain, in Open a saved map."),
        ("explanations", "These are maps of an image, not a recipe: open them on Explain, in Open a saved map."),
        ("sweep", 'This is not a recipe of actviz: it says "kind": "sweep".'),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name_with_where_it_opens(page, kind, sentence):
    app = page(Recipe(SMALL))
    text = Comparison().added(Recipe(SMALL)).added(Recipe(replace(SMALL, seed=1))).to_json()
    data = export.pictures.with_text(
        np.zeros((9, 9, 3), np.uint8), text.replace('{"kind":"comparison"', f'{{"kind":"{kind}"')
    )
    app.file_uploader(key="recipe_file").upload("sheet.png", data, "image/png").run()
    assert app.error[0].value.replace("\\", "") == sentence and recipe_of(app) == Recipe(SMALL)


def test_an_opened_file_takes_the_place_of_the_run_with_its_own_picture(page, shown):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    before = run_of(app)
    other = Recipe(replace(SMALL, objective=Channel("blocks.2.0", 7)), picture=57)
    red = np.zeros((1, 64, 96, 3), np.uint8) + np.array([200, 0, 0], np.uint8)
    app.file_uploader(key="recipe_file").upload("red.png", export.png(red, other), "image/png").run()
    assert before.wait(lambda run: run.ended, 60) and state_of(app).run == "" and shown["runs"] == []
    assert shown["title"] == "efficientnet_lite0, blocks.2.0, channel 7"
    assert shown["placeholder"] == "Opened from red.png, iteration 57 of 100000; press Start to make it again."
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(shown["still"].partition(",")[2]))))
    assert picture.shape == (64, 96, 3) and np.abs(picture.mean((0, 1)) - (200, 0, 0)).max() < 6
    assert not any("have changed" in caption.value for caption in app.caption)
    app.number_input(key="target.channel").set_value(3).run()
    assert (
        shown["still"]
        and shown["title"].endswith("channel 7")
        and any("have changed" in caption.value for caption in app.caption)
    )
    app.button(key="start").click().run()
    assert (
        state_of(app).opened is None
        and not shown["still"]
        and [run["key"] for run in shown["runs"]] == [state_of(app).run]
    )


def test_the_curve_is_called_as_the_score_of_the_run_that_is_shown(page, shown):
    app = page(Recipe(replace(SMALL, iterations=1)))
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and shown["scoreLabel"] == "score (mean activation)"
    app.button_group(key="target.kind").set_value("Class").run()
    assert isinstance(recipe_of(app).spec.objective, ClassLogit) and shown["scoreLabel"] == "score (mean activation)"
    app.button(key="start").click().run()
    assert shown["scoreLabel"] == "score (logit)"


def test_settings_without_a_picture_say_where_they_come_from(page, shown):
    app = page(Recipe(SMALL))
    assert (
        shown["title"] == "efficientnet_lite0, blocks.1.0, channel 3"
        and shown["placeholder"] == "Opened from the address of this page; press Start."
    )
    app.button(key="start").click().run()
    app.file_uploader(key="recipe_file").upload(
        "a.json", Recipe(replace(SMALL, seed=4)).to_json().encode(), "application/json"
    ).run()
    assert shown["runs"] == [] and not shown["still"] and shown["placeholder"] == "Opened from a.json; press Start."
    app.number_input(key="target.channel").set_value(5).run()
    assert shown["placeholder"] == "Press Start and watch the picture form." and shown["title"].endswith("channel 5")


def test_a_recipe_made_elsewhere_says_so_in_a_line(page):
    app, recipe = page(), Recipe(SMALL)
    app.file_uploader(key="recipe_file").upload(
        "a.json",
        replace(recipe, origin=Origin("0.1.0", "1.0", "cpu", "AVX2-like")).to_json().encode(),
        "application/json",
    ).run()
    (line,) = [toast.value for toast in app.toast]
    assert (
        line.startswith("Made elsewhere (") and "torch 1.0 instead of" in line and line.endswith("details may differ.")
    )
    assert recipe_of(app) == recipe and "origin" not in app.query_params[links.PARAMETER][0].replace(
        '"origin":null', ""
    )
    app.file_uploader(key="recipe_file").upload(
        "b.json", replace(recipe, origin=here(choose_device())).to_json().encode(), "application/json"
    ).run()
    assert recipe_of(app) == recipe and not app.toast


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bare_png(), "does not contain a recipe"),
        (bare_png()[:40], "damaged"),
        (b"\x80\x04\x95pickle", "neither a PNG nor a JSON"),
        (b"{}", "not a recipe"),
        (
            b'{"kind": "recipe", "spec": {"kind": "spec", "model": "efficientnet_lite0", '
            b'"objective": {"kind": "channel", "layer": "no.such", "channel": 1}}}',
            "no layer",
        ),
        (
            b'{"kind": "recipe", "spec": {"kind": "spec", "model": "efficientnet_lite0", '
            b'"objective": {"kind": "channel", "layer": "blocks.1.0", "channel": 9999}}}',
            "out of range",
        ),
    ],
)
def test_a_bad_recipe_file_is_a_sentence_and_the_run_goes_on(page, data, sentence):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    app.file_uploader(key="recipe_file").upload("recipe.png", data, "image/png").run()
    assert not app.exception and sentence in app.error[0].value
    assert recipe_of(app).spec == SMALL and not run.ended and run_of(app) is run


@pytest.mark.parametrize(
    "key, name, sentence",
    [
        ("recipe_file", "run.gif", "Only PNG and JSON files hold a recipe; this GIF does not."),
        ("recipe_file", "curves.csv", "Only PNG and JSON files hold a recipe; this CSV does not."),
        ("recipe_file", "recipe", "Only PNG and JSON files hold a recipe; this file does not."),
        ("photograph", "run.mp4", "Only PNG, JPG, JPEG and WEBP files hold a photograph; this MP4 does not."),
        ("spectrum", "a.webp.txt", "Only PNG, JPG, JPEG and WEBP files hold a photograph; this TXT does not."),
        ("weights", "run.webp", "Only PTH, PT, CKPT, BIN, TAR and SAFETENSORS files hold weights; this WEBP does not."),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence_and_the_next_one_is_taken(page, key, name, sentence):
    app = page(Recipe(SMALL))
    for attempt in (key, f"{key}.1"):
        app.file_uploader(key=attempt).upload(name, b"GIF89a", "application/octet-stream").run()
        assert not app.exception and [error.value.replace("\\", "") for error in app.error] == [sentence]
    assert app.file_uploader(key=f"{key}.2").value in (None, []), "the refused file is still there"
    app.file_uploader(key="recipe_file.2" if key == "recipe_file" else "recipe_file").upload(
        "b.json", Recipe(replace(SMALL, seed=9)).to_json().encode(), "application/json"
    ).run()
    assert not app.error and recipe_of(app).spec.seed == 9


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The gallery's, empty."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    services.store.clear()
    yield Store(tmp_path / "store")
    services.store.clear()


def test_what_the_gallery_has_is_a_runs_preview(page, store, tmp_path):
    plan = Gallery.of(
        services.model(SMALL.model, ""), "blocks.1.0", Recipe(replace(SMALL, height=32, width=32, iterations=4))
    )
    store.put(plan, Tile(4, np.full((32, 32, 3), 9, np.uint8), 1.5))
    app = page(Recipe(SMALL))

    def preview(**changes) -> bytes | None:
        visitor_of(app).state = state_of(app).set_to(Recipe(replace(SMALL, **changes)))
        app.button(key="start").click().run()
        ask = visitor_of(app).get(run_of(app).key).preview
        with ThreadPoolExecutor(1) as another:  # as the live route does
            return ask and another.submit(ask).result()

    assert preview(objective=Channel("blocks.1.0", 4)) == store.png(plan, 4)
    assert preview() is None and preview(objective=Channel("blocks.1.0", 4), seed=1) is None
    assert (
        preview(objective=Neuron("blocks.1.0", 4)) is None
        and preview(objective=Channel("blocks.1.0", 4), count=2) is None
    )
    services.store.clear()
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "store").write_text("somebody's")
    assert preview(objective=Channel("blocks.1.0", 4)) is None
    assert not app.exception and not app.error
