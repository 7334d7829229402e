"""What tests of the dashboard share."""

import threading

import pytest
from streamlit.testing.v1.element_tree import WidgetList
from torch import nn

from actviz_core import Scheduler
from actviz_core.models import kept
from dashboard.jobs.block_pictures import BLOCK_PICTURES
from dashboard.state import folders, services
from dashboard.state.keys import Key
from dashboard.state.visitors import VISITORS
from tests.browser.conftest import Server


@pytest.fixture(autouse=True)
def widgets_are_found_by_their_first_keys(monkeypatch):
    """However often another one has taken a widget's place since."""

    def found(widgets, key):
        for widget in widgets:
            if widget.key and Key(widget.key, None).after(0).name == key:
                return widget
        raise KeyError(key)

    monkeypatch.setattr(WidgetList, "__call__", found)


@pytest.fixture
def scheduler():
    scheduler = Scheduler()
    yield scheduler
    scheduler.close()


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A real one, with a store of its own."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    server = Server(tmp_path)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture(scope="session", autouse=True)
def no_folders_left():
    """A page that a test draws is served by the test's own process, which has to end as a server does."""
    yield
    folders.clear()


@pytest.fixture
def nothing_left_running():
    """What a page has started is cancelled afterwards."""
    yield
    for visitor in VISITORS.by_token.values():
        for run in visitor.active:
            run.cancel()


@pytest.fixture(autouse=True)
def only_the_owner_runs_networks():
    """No thread of a page, a route or the loader does; a test itself may, to compare."""
    strangers = set()

    def note(module, inputs):
        thread = threading.current_thread()
        if thread is not threading.main_thread() and not thread.name.startswith("scheduler"):
            strangers.add(thread.name)

    hook = nn.modules.module.register_module_forward_pre_hook(note)
    yield
    hook.remove()
    assert not strangers, f"ran a network: {strangers}"


@pytest.fixture
def networks(monkeypatch):
    """networks(make): from here on `make(name)` makes what is loaded by name; afterwards nothing is known of it."""

    def forget():
        models = services.models()
        for known in (models.kept, models.used, models.arrived, models.failed, services.door().answers):
            known.clear()
        services.synthesizings.clear()
        BLOCK_PICTURES.by_network.clear()

    def made_by(make):
        monkeypatch.setattr(kept, "fetched", lambda name, *_: lambda: make(name))
        forget()

    yield made_by
    forget()
