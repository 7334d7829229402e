"""A page as its browser has it.

A fragment that is drawn anew replaces its own widgets and leaves the others as they are.
"""

import threading
from functools import partial
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from actviz_core import Run
from dashboard.state.keys import Key
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitor
from dashboard.state.watched import Watched

MAIN = Path(__file__).parents[2] / "dashboard" / "main.py"
RUNNER = "streamlit.testing.v1.local_script_runner.RerunData"


def visitor_of(app: AppTest) -> Visitor:
    return app.session_state["visitor"]


def state_of(app: AppTest) -> PageState:
    return visitor_of(app).state


def run_of(app: AppTest) -> Run:
    """The one that Explore shows."""
    return visitor_of(app).get(state_of(app).run).run


def judgement_of(entry: Watched):
    """What the entry's picture is worth, as soon as that is known."""
    heard = threading.Event()
    entry.run.listeners += (heard.set,)
    assert entry.judgement or heard.wait(60)
    return entry.judgement


def go(app: AppTest, title: str) -> None:
    """As by a click on the navigation: the address has no parameters then.

    AppTest itself knows pages that are files only.
    """
    app.query_params.clear()
    app._page_hash = next(key for key, page in app._registered_pages.items() if page["page_name"] == title)
    app.run()
    assert not app.exception


class Screen:
    """The widgets of an AppTest by key, last drawing of each. AppTest by itself never runs a fragment alone."""

    def __init__(self, app: AppTest):
        self.app, self.widgets, self.fragments, self.states = app, {}, {}, {}
        self.take()

    def take(self) -> None:
        """What has been drawn by the last run of the script: the whole page, or one fragment of it."""
        metadata = self.app.session_state._state._state._new_widget_state.widget_metadata
        nodes = [node for node in self.app._tree if isinstance(node, Widget) and node.key]
        drawn = {Key(node.key, None).after(0).name: node for node in nodes}
        fragments = {key: metadata[node.id].fragment_id for key, node in drawn.items()}
        if len(set(fragments.values())) == 1 and None not in fragments.values():  # one fragment alone
            left = {
                key: widget for key, widget in self.widgets.items() if self.fragments[key] not in fragments.values()
            }
            drawn, fragments = left | drawn, {key: self.fragments[key] for key in left} | fragments
        self.widgets, self.fragments = drawn, fragments
        self.states = {key: widget._widget_state for key, widget in drawn.items()}

    def move(self, key: str, value, late: bool = False) -> None:
        """What a browser does when a widget is moved.

        All states go to the server, and only the widget's fragment runs. What comes of it is not there yet if late.
        """
        self.widgets[key].set_value(value)
        self.states[key] = self.widgets[key]._widget_state
        states = WidgetStates(widgets=self.states.values())
        with pytest.MonkeyPatch.context() as patch:
            if self.fragments[key]:
                patch.setattr(RUNNER, partial(RerunData, fragment_id=self.fragments[key]))
            self.app._run(states)
        assert not self.app.exception
        if not late:
            self.take()


def parameters(app: AppTest) -> dict:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
