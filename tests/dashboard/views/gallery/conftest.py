"""What the tests of galleries share: a filling, its studio and its store."""

import pytest
import streamlit as st

from actviz_core import Store
from tests.dashboard.views.gallery.studio import Clock, Studio, filling_of


@pytest.fixture
def studio(scheduler):
    studio = Studio()  # torn down before the scheduler, which would wait for it
    yield studio
    studio.let(10_000)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def filling(store, studio, scheduler, clock):
    return filling_of(store, studio, scheduler, clock)


@pytest.fixture
def sheet(monkeypatch):
    """In place of the browser's: it says the same whenever one of two buttons is pressed; what it is given."""
    given = []

    def mount(key, data, on_event_change, on_chosen_change):
        given.append(data)
        st.button("event", key="tell.event", on_click=on_event_change)
        st.button("chosen", key="tell.chosen", on_click=on_chosen_change)
        st.session_state[key] = {"event": {"kind": "add", "channel": 7}, "chosen": {"channel": 9, "turn": 1}}
        return {}

    monkeypatch.setattr("dashboard.components.gallery.mount", mount)
    return given
