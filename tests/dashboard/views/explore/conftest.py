"""The Explore page without a browser: what its widgets describe, and what a bad input gets."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Recipe
from dashboard.components import viewer
from dashboard.state import links
from tests.dashboard.screen import MAIN


@pytest.fixture
def page(nothing_left_running):
    """page(recipe) runs the page set to a recipe."""

    def open_page(recipe: Recipe | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        if recipe:
            app.query_params[links.PARAMETER] = recipe.to_json()
        app.run()
        assert not app.exception
        return app

    return open_page


@pytest.fixture
def shown(monkeypatch):
    """What the viewer was given last."""
    given, mount = {}, viewer.mount

    def mounted(key, data, **more):
        given.update(data)
        return mount(key=key, data=data, **more)

    monkeypatch.setattr(viewer, "mount", mounted)
    return given


@pytest.fixture
def ask(page, monkeypatch):
    """ask(app, event) does what the browser does when something is asked for on the viewer."""
    events = []
    show = viewer.show
    monkeypatch.setattr(
        viewer,
        "show",
        lambda *given, on_event, **more: on_event(events.pop()) if events else show(*given, on_event=on_event, **more),
    )

    def ask(app: AppTest, event: viewer.ViewerEvent) -> None:
        events.append(event)
        app.run()
        app.run()
        assert not app.exception and not app.error

    return ask
