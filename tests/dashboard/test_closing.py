"""SIGTERM ends a real server within five seconds, whatever is open; and what it says when it begins."""

import asyncio
import json
import signal
import socket
import tempfile
import threading
import time

import pytest
from streamlit import config, net_util
from streamlit.web import bootstrap
from websockets.asyncio.client import connect

from benchmarks.visitor import Visitor
from dashboard import closing
from dashboard.server.assets import VERSION
from dashboard.state import folders
from tests.browser.conftest import Server
from tests.dashboard.test_opening import run_aside


def slow_download(port: int, path: str) -> socket.socket:
    """A request whose answer nobody reads."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", port))
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert reader.recv(12) == b"HTTP/1.1 200"
    return reader


async def end(server: Server) -> float:
    """Seconds from the signal to the end.

    With a run going, an export under way, a slow download and three sockets open.
    """
    visitor = Visitor(server.port, "explore")
    await visitor.open()
    await visitor.press("Start")
    (run,) = visitor.viewer["runs"]
    watching = asyncio.create_task(visitor.watch())
    while not (visitor.pictures and visitor.pictures[-1][1] > 20):
        await asyncio.sleep(0.05)
    reader = slow_download(server.port, f"/components/{VERSION}/plotly.min.js")
    export = socket.create_connection(("127.0.0.1", server.port))
    path = f"{visitor.viewer['live']}/{run['key']}/save/run.gif"
    export.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
    async with connect(f"ws://127.0.0.1:{server.port}{visitor.viewer['live']}") as silent:
        await silent.send(json.dumps({"watch": {run["key"]: 0}}))
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(server.process.wait, 60)
        ended = time.monotonic() - began
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    reader.close()
    export.close()
    return ended


def test_folders_go_with_the_server(monkeypatch):
    monkeypatch.setattr(folders, "FOLDERS", {})
    folder = folders.passing_folder("actviz-test-")
    (folder / "weights.pth").write_bytes(b"x")
    folders.clear()
    assert not folder.parent.exists()


def test_folders_of_a_server_that_was_killed_go_with_the_next_and_no_others(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "FOLDERS", {})
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "actviz-weights-of-somebody").mkdir()  # who has not locked it yet
    killed, living = (folders.passing_folder("actviz-weights-") for _ in range(2))
    (killed / "weights.pth").write_bytes(b"x")
    folders.FOLDERS.pop(killed.parent).release()  # as the system does, whatever ends a process
    newest = folders.passing_folder("actviz-weights-")
    assert not killed.parent.exists() and living.is_dir() and newest.is_dir() and len(list(tmp_path.iterdir())) == 3
    assert list(newest.iterdir()) == []
    folders.clear()


def test_a_server_prints_its_own_link_and_sigterm_ends_it_whatever_is_open(server):
    assert f"actviz is at {server.url}\n" in server.text()
    assert run_aside(end(server)) < 5


def test_free_memory_goes_back_again_and_again_while_it_serves(monkeypatch):
    given = []

    async def serve() -> None:
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def give_back() -> None:
            given.append(threading.current_thread() is threading.main_thread())
            if len(given) == 3:
                loop.call_soon_threadsafe(done.set)

        monkeypatch.setattr(closing.KEEPER, "give_back", give_back)
        tidying = asyncio.create_task(closing.tidy(0.001))
        await asyncio.wait_for(done.wait(), 60)
        tidying.cancel()

    asyncio.run(serve())
    assert not any(given), "requests are answered meanwhile"


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_bound_to_all_addresses_it_asks_nobody_who_it_is(monkeypatch, address, capsys):
    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("outside"))
    monkeypatch.setattr(net_util, "get_internal_ip", lambda: asked.append("inside"))
    before = config.get_option("server.address")
    config.set_option("server.address", address)
    try:
        bootstrap._print_url(is_running_hello=False)
    finally:
        config.set_option("server.address", before)
    assert asked == [] and capsys.readouterr().out == ""
