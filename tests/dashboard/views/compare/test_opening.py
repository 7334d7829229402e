"""What Compare opens: an address, a contact sheet, a single picture."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Comparison, export
from dashboard.state import links
from tests.dashboard.screen import state_of
from tests.dashboard.views.compare.board import SCRIPT, SMALL, changed, texts, three_running


@pytest.mark.parametrize("text", ["nonsense", "eJw=", "A" * 13_000])
def test_an_address_that_cannot_be_used_is_a_sentence(text):
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params[links.COMPARISON] = text
    app.run()
    assert "does not contain a valid comparison" in app.error[0].value and not app.exception


def test_an_address_that_unpacks_to_too_much_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 2**22)).decode()
    with pytest.raises(Exception, match="too large"):
        links.read_comparison({links.COMPARISON: bomb})


def test_an_opened_file_takes_the_board_of_other_columns_away(page):
    app, runs = three_running(page)
    app.file_uploader(key="comparison_file").upload(
        "a.json",
        Comparison().added(SMALL).to_json().replace('"origin":null', '"origin":{"torch":"1.0"}').encode(),
        "application/json",
    ).run()
    assert [toast.value[:14] for toast in app.toast] == ["Made elsewhere"] and state_of(
        app
    ).comparison == Comparison().added(SMALL)
    assert not state_of(app).board and all(run.wait(lambda run: run.ended, 60) for run in runs)
    assert "1. blocks.1.0, channel 3" in texts(app)


def test_a_single_picture_opens_as_the_only_column_and_a_map_says_where_it_belongs(page):
    app, saved = page(), changed(objective=Channel("blocks.1.0", 8))
    picture = export.png(np.zeros((1, 32, 48, 3), np.uint8), saved)
    app.file_uploader(key="comparison_file").upload("picture.png", picture, "image/png").run()
    assert not app.error and state_of(app).comparison.recipes == (saved,)
    app = page()
    app.file_uploader(key="comparison_file").upload("map.json", b'{"kind":"explanation"}', "application/json").run()
    assert app.error[0].value.replace("\\", "") == (
        "This is a map of an image, not a comparison: open it on Explain, in Open a saved map."
    )
    assert not state_of(app).comparison.columns
