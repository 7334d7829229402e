"""A real server, started with the very command of the README from another folder, and a real browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright

from actviz_core import Channel, Comparison, Recipe, Spec
from actviz_core.studies.comparison import Column
from dashboard.state import links

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--process-per-site"  # all pages of a profile compile the scripts once
)
SIZE = {"width": 1440, "height": 900}
IMPORTS = Path(__file__).parents[1] / "imports"  # its sitecustomize.py writes down what a server imports
COMPLAINT = re.compile("WARN|Failed to run custom component")  # Plotly's, and Streamlit's of our components
PATIENCE = 60_000  # ms, for conditions that a busy machine may delay
expect.set_options(timeout=PATIENCE)
PHONE, SMALL, LARGE = (390, 844), (1280, 720), (1440, 900)
# Still running, however slow the machine.
ENDLESS = Spec("efficientnet_lite0", Channel("blocks.4.0", 20), iterations=50_000)
COLUMNS = tuple(
    Column(Recipe(replace(ENDLESS, objective=Channel("blocks.4.0", number)))) for number in (20, 21, 22, 23)
)
QUERY = {
    "": f"?recipe={quote(Recipe(ENDLESS).to_json())}",
    "compare": f"?{links.COMPARISON}={links.write_comparison(Comparison(COLUMNS))}",
    "gallery": "",
}


class Server:
    """`streamlit run dashboard/app.py` on a free port of 127.0.0.1, with options of ours if any.

    Nothing runs before somebody starts it, unless the welcome is wanted.
    """

    def __init__(self, folder: Path, *options: str, welcome: bool = False):
        self.folder, self.options = folder, options if welcome else ("--no-welcome", *options)
        self.start()

    def start(self, port: int = 0) -> None:
        with socket.socket() as free:
            if not port:
                free.bind(("127.0.0.1", 0))
            self.port = port or free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (self.folder / "server.log").open("w+")
        streamlit = Path(sys.executable).with_name("streamlit")
        command = [str(streamlit), "run", str(APP), "--server.port", str(self.port), "--", *self.options]
        self.imports = self.folder / f"imports-{self.port}.log"
        path = os.pathsep.join([str(IMPORTS), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = (
            {"ACTVIZ_STORE": str(self.folder / "pictures")}
            | os.environ
            | {"PYTHONPATH": path, "ACTVIZ_IMPORTS": str(self.imports)}
        )
        self.process = subprocess.Popen(
            command, cwd=self.folder, stdout=self.log, stderr=subprocess.STDOUT, env=environment
        )
        self.wait()
        self.early = len(self.imports.read_text().split())

    def wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return urllib.request.urlopen(f"{self.url}/_stcore/health").close()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)  # between two looks at the condition
        self.process.kill()
        raise RuntimeError(f"the server did not start:\n{self.text()}")

    def text(self) -> str:
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    @property
    def late(self) -> list[str]:
        """What was imported, or looked for in vain, since the server has answered.

        Threads that do so at once see half of a module.
        """
        return sorted(set(self.imports.read_text().split()[self.early :]))

    def stop(self) -> None:
        """Ends it, and complains of what went wrong while it ran, or as it ended."""
        late = self.late
        self.process.terminate()
        self.process.wait(30)
        text = self.text()
        self.log.close()
        assert "Traceback" not in text and "terminate called" not in text, text
        assert not late, f"to be imported before the first visitor comes (dashboard/opening.py): {late}"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("elsewhere"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        except Error as problem:
            if os.environ.get("CI"):
                pytest.fail(f"there is no browser: {problem}")
            pytest.skip("there is no browser: install chromium")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visited(browser):
    """One profile for all tests: each new one would load and compile all scripts anew, a matter of seconds."""
    context = browser.new_context(viewport=SIZE, color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def profile(visited, server):
    """The profile, of which nothing is left afterwards but its cache, and a page without scripts.

    While one is open its process goes on, and with it what has been compiled.
    """
    if not visited.pages:
        visited.new_page().goto(f"{server.url}/_stcore/health")
    yield visited
    for page in visited.pages[1:]:
        page.close()
    visited.pages[0].evaluate("localStorage.clear()")  # by now no page is there to keep anything more
    visited.unroute_all()
    visited.clear_cookies()
    visited.clear_permissions()


@pytest.fixture
def visit(server, profile):
    """visit(query) opens a page in a tab, and every tab is a visitor; in another profile if wanted, of another server.

    Complains of errors of its scripts.
    """
    problems = []

    def visit(query: str = "", context=profile, of: Server = server, theme: str | None = None, size: dict = SIZE):
        page = context.new_page()
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(size)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if COMPLAINT.match(message.text) else None)
        page.goto(f"{of.url}/{query}")
        start, frame = page.get_by_role("button", name="Start", exact=True), page.get_by_test_id("frame")
        start.or_(frame).first.wait_for()  # Explain has nothing to start
        return page

    yield visit
    assert not problems, problems


@pytest.fixture
def opened(server, profile):
    """opened(page, theme, size): a page of the server on which nothing moves."""

    def go(name: str, theme: str = "dark", size: tuple[int, int] = LARGE) -> Page:
        page = profile.new_page()
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.goto(f"{server.url}/{name}{QUERY[name]}")
        page.get_by_test_id("stSidebarUserContent").get_by_role("button").or_(page.get_by_role("radio")).first.wait_for(
            state="attached"
        )
        expect(page.get_by_test_id("gallery" if name == "gallery" else "viewer")).to_be_attached()
        page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # scripts of widgets are loaded when they are drawn
        page.add_style_tag(
            content="[data-stale] { opacity: 1 !important; transition: none !important; }"
        )  # Streamlit dims what it is about to redraw
        return page

    return go
