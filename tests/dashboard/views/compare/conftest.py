"""The Compare page without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Comparison, Recipe
from dashboard.state import links
from tests.dashboard.views.compare.board import SCRIPT, SMALL


@pytest.fixture
def page(nothing_left_running):
    """page(recipe, comparison): Explore is set to the recipe, the address holds the comparison."""

    def open_page(recipe: Recipe = SMALL, comparison: Comparison | None = None) -> AppTest:
        app = AppTest.from_string(SCRIPT, default_timeout=60)
        app.query_params[links.PARAMETER] = recipe.to_json()
        if comparison:
            app.query_params[links.COMPARISON] = links.write_comparison(comparison)
        app.run()
        assert not app.exception
        return app

    return open_page
