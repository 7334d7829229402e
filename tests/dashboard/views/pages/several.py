"""Several pages of one visitor, opened without a browser."""

from dataclasses import replace
from functools import cache

from streamlit.testing.v1 import AppTest

from actviz_core import Adam, Channel, Recipe, Spec
from dashboard.components import tab
from dashboard.state import services
from tests.dashboard.screen import MAIN, visitor_of

LONG = Recipe(
    Spec("efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=32, width=48, iterations=50_000)
)
SHORT = replace(LONG, spec=replace(LONG.spec, iterations=4))


def reloaded(before: AppTest, address: dict | None = None) -> AppTest:
    """Another session, which the browser opens at the address that it had (or another one).

    The browser tells it which visitor the tab was.
    """
    visitor_of(before).leave()
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app._registered_pages, app._page_hash = before._registered_pages, before._finished_page_script_hash
    for name, value in (before.query_params if address is None else address).items():
        app.query_params[name] = value
    return app


def told(app: AppTest, token: str, monkeypatch) -> AppTest:
    """The tab's answer arrives while the page is there already."""
    app.run()
    assert not app.exception
    answers = [token]
    monkeypatch.setattr(
        services, "present", cache(services.present.__wrapped__)
    )  # AppTest's sessions share one cache, those of browsers do not
    monkeypatch.setattr(
        tab, "remembered", lambda now, answered, doubted: answers.pop() if answers and now != token else ""
    )
    return app.run()
