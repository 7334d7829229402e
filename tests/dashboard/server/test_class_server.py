"""A class at a real server: the links that it prints, what a restart leaves, and five hundred sockets."""

import asyncio
import json
import re
import urllib.error
import urllib.request

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.visitor import Visitor
from tests.browser.conftest import Server
from tests.dashboard.test_opening import run_aside

MANY = 500


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    server = Server(tmp_path, "--share")
    yield server
    if server.process.poll() is None:
        server.stop()


def links(server: Server) -> tuple[str, str, str]:
    """What it prints: join token, code, the teacher's token."""
    text = server.text()
    join = re.search(rf"{server.url}/\?join=([\w-]{{20,}})\n", text)[1]
    code = re.search(r"with the code (\w{3} \w{3})\n", text)[1]
    return join, code, re.search(rf"{server.url}/class#([\w-]{{20,}})\n", text)[1]


async def page_of(server: Server) -> tuple[Visitor, str]:
    """A page that is open, and the address of its class's socket."""
    visitor = Visitor(server.port, "explore")
    await visitor.open()
    return visitor, f"ws://127.0.0.1:{server.port}" + visitor.viewer["live"].replace("/live/", "/class/")


async def heard(socket, what: str) -> dict:
    """The next message that tells that."""
    async with asyncio.timeout(20):
        while what not in (message := json.loads(await socket.recv())):
            pass
    return message


def cookie_of(server: Server, token: str) -> str:
    request = urllib.request.Request(
        f"{server.url}/class/teacher",
        json.dumps({"token": token}).encode(),
        {"Content-Type": "application/json", "Origin": server.url},
    )
    return urllib.request.urlopen(request).headers["Set-Cookie"].partition(";")[0]


async def lesson(server: Server, join: str, secret: str, cookie: str) -> dict:
    """Somebody joins, the teacher pushes, and what holds then is pulled."""
    visitor, address = await page_of(server)
    wall = f"ws://127.0.0.1:{server.port}/class/wall"
    async with connect(address) as phone, connect(wall, additional_headers={"Cookie": cookie}) as teacher:
        await phone.send(json.dumps({"join": join, "secret": secret, "lang": "de"}))
        first = await heard(phone, "you")
        if not secret:
            await teacher.send(json.dumps({"push": {"lesson": "3-noise", "step": "blur"}}))
            await heard(phone, "version")
            await phone.send(json.dumps({"pull": first["version"]}))
            first = await heard(phone, "you")
    await visitor.socket.close()
    return first


async def besiege(server: Server, join: str) -> bool:
    """Whether of so many sockets of one page, which all join, the last one alone stays open."""
    visitor, address = await page_of(server)
    sockets = []
    for _ in range(MANY // 50):
        sockets += await asyncio.gather(*(connect(address) for _ in range(50)))
        await asyncio.gather(*map(join_by, sockets[-50:], [join] * 50))
    sockets.append(await connect(address))
    await join_by(sockets[-1], join)
    await heard(sockets[-1], "you")
    await visitor.socket.close()
    async with asyncio.timeout(20):
        await asyncio.gather(*(socket.wait_closed() for socket in sockets[:-1]))
    alive = await is_open(sockets[-1])
    await sockets[-1].close()
    return alive


async def join_by(socket, join: str) -> None:
    try:
        await socket.send(json.dumps({"join": join, "secret": "", "lang": "en"}))
    except ConnectionClosed:
        return


async def is_open(socket) -> bool:
    """Whether it still says something."""
    try:
        async with asyncio.timeout(20):
            while json.loads(await socket.recv()) != {}:
                pass
    except ConnectionClosed:
        return False
    return True


async def foreign(server: Server) -> list[int]:
    """How sockets and the teacher's door answer a page whose name was made to lead here."""
    visitor, address = await page_of(server)
    await visitor.socket.close()
    name = f"evil.example:{server.port}"
    refused = []
    for place in (address.partition(str(server.port))[2], "/_stcore/stream"):
        with pytest.raises(InvalidStatus) as problem:
            await connect(f"ws://{name}{place}", origin=f"http://{name}", host="127.0.0.1", port=server.port)
        refused.append(problem.value.response.status_code)
    headers = {"Content-Type": "application/json", "Host": name, "Origin": f"http://{name}"}
    asked = urllib.request.Request(f"{server.url}/class/teacher", b"{}", headers)
    with pytest.raises(urllib.error.HTTPError) as problem:
        await asyncio.to_thread(urllib.request.urlopen, asked)
    return [*refused, problem.value.code]


def test_a_class_comes_back_after_a_restart_and_holds_against_a_siege(server):
    printed = join, code, teacher = links(server)
    cookie = cookie_of(server, teacher)
    assert run_aside(foreign(server)) == [403, 403, 403], "without the command that names its hosts, too"
    before = run_aside(lesson(server, code.lower(), "", cookie))
    assert before["class"]["pushed"]["step"] == "blur"
    server.stop()
    server.start(server.port)
    assert links(server) == printed
    after = run_aside(lesson(server, "", before["you"]["secret"], cookie))
    assert (after["you"], after["class"]) == (before["you"], before["class"])
    assert run_aside(besiege(server, join))
    last = run_aside(lesson(server, "", before["you"]["secret"], cookie))
    assert last["class"] == before["class"]
