"""All pages of one visitor, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Comparison, Recipe
from dashboard.state import links
from tests.dashboard.screen import MAIN
from tests.dashboard.views.pages.several import LONG


@pytest.fixture
def page(nothing_left_running, tmp_path, monkeypatch):
    """page(recipe, comparison) opens Explore; the gallery's pictures go to a folder of the test's own."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))

    def open_page(recipe: Recipe = LONG, comparison: Comparison | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params[links.PARAMETER] = recipe.to_json()
        if comparison:
            app.query_params[links.COMPARISON] = links.write_comparison(comparison)
        app.run()
        assert not app.exception
        return app

    return open_page
