"""Addresses, messages and events of strangers: an answer or a refusal, never an error of the server."""

import base64
import json
import zlib
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import ActvizError, Channel, Comparison, Gallery, Recipe, Run, Scheduler, Spec, Store
from dashboard.components import gallery, viewer
from dashboard.jobs.exports import Exports
from dashboard.jobs.filling import Filling, Fillings
from dashboard.jobs.shelf import Shelf
from dashboard.server import live
from dashboard.server.connection import parse
from dashboard.server.gallery import routes
from dashboard.server.sockets import BAD_MESSAGE
from dashboard.state import links
from dashboard.state.visitors import Visitors
from tests.dashboard.server.test_live import frames, recipe
from tests.strategies import JSON, NUMBERS, TEXTS, spoiled_json

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3)))
COMPARISON = Comparison().added(RECIPE).added(RECIPE)
MANY_DIGITS = 5000 * "9"


# addresses


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"))).decode()


@given(st.text(max_size=30) | spoiled_json(RECIPE.to_json()) | JSON.map(json.dumps))
def test_addresses_with_recipes(text):
    try:
        assert isinstance(links.read({links.PARAMETER: text}), Recipe | None)
    except ActvizError as problem:
        assert len(str(problem)) < 500


@given(st.text(max_size=30) | st.text(max_size=30).map(packed) | spoiled_json(COMPARISON.to_json()).map(packed))
@example(packed('"\ud800"'))
def test_addresses_with_comparisons(text):
    try:
        assert isinstance(links.read_comparison({links.COMPARISON: text}), Comparison | None)
    except ActvizError as problem:
        assert len(str(problem)) < 500


SEGMENTS = st.one_of(
    st.sampled_from(
        [
            "{token}",
            "{run}",
            "{name}",
            "picture",
            "save",
            "like",
            "state",
            "coarse",
            "fine",
            "live",
            "gallery",
            "..",
            "%00",
            "%ff",
            "%2e%2e%2f",
        ]
    ),
    st.sampled_from(
        [
            "1",
            "1.png",
            MANY_DIGITS,
            MANY_DIGITS + ".png",
            "-1",
            "٣",
            "1e9",
            "sheet.png",
            "table.csv",
            "picture.png",
            "run.gif",
            "curves.csv",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=6),
)
QUERIES = st.dictionaries(
    st.sampled_from(["image", "iteration", "since", "on_screen", "paused"]),
    st.sampled_from(["", "0", "1", "-1", "1,2", MANY_DIGITS, "\u0663", "1e400", "\0", "null"]),
    max_size=3,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Both families of routes with a run that has ended and a filling that nobody has begun; the names of both."""
    scheduler, visitors, fillings = Scheduler(), Visitors(), Fillings()
    store = Store(tmp_path_factory.mktemp("store"))
    part = Gallery(Recipe(Spec("m", Channel("a"), height=8, width=16)), 5, "hash")
    filling = fillings.open(
        "key", lambda: Filling((Shelf("coarse", part, store), Shelf("fine", part, store)), None, None, None)
    )
    visitor = visitors.new()
    run = scheduler.start(Run(frames(4), 4))
    entry = visitor.show(run, recipe)
    assert run.wait(lambda run: run.ended, 20)
    with TestClient(
        Starlette(routes=[*live.routes(visitors, Exports()), *routes(visitors, fillings, Exports())])
    ) as client:
        yield client, visitor, {"{token}": visitor.token, "{run}": entry.key, "{name}": filling.name}
    scheduler.close()


KNOWN = st.sampled_from(
    [
        "live/{token}/{run}/picture",
        "live/{token}/{run}/save",
        "gallery/{token}/{name}",
        "gallery/{token}/{name}/like",
        "gallery/{token}/{name}/fine",
        "components/x",
    ]
)


def test_every_path_is_answered(server):
    client, _, names = server

    @given(KNOWN.map(lambda path: path.split("/")) | st.just([]), st.lists(SEGMENTS, max_size=3), QUERIES)
    @example(["live", "{token}", "{run}", "picture"], [MANY_DIGITS], {})
    @example(["gallery", "{token}", "{name}", "like"], [MANY_DIGITS], {})
    @example(["gallery", "{token}", "{name}", "fine"], [MANY_DIGITS + ".png"], {})
    def every(begin, rest, query):
        path = "/" + "/".join(
            names.get(segment, segment if "%" in segment else quote(segment)) for segment in (*begin, *rest)
        )
        answer = client.get(path, params=query)  # an error of the server would be raised here
        assert answer.status_code in (200, 404, 405)

    every()


# messages


MESSAGES = st.one_of(
    st.text(max_size=30),
    JSON.map(json.dumps),
    st.fixed_dictionaries(
        {},
        optional={
            "watch": JSON | st.dictionaries(TEXTS, NUMBERS, max_size=3),
            "ack": JSON | NUMBERS,
            "wish": JSON | st.just("pause"),
            "run": JSON | TEXTS,
        },
    ).map(json.dumps),
)


@given(MESSAGES)
@example(f'{{"ack": {MANY_DIGITS}}}')
@example('{"watch": {"\\ud800": 1}, "run": "\\ud800"}')
@example("[" * 16_000)
def test_messages_are_read_or_refused(text):
    with suppress(ValueError):
        assert isinstance(parse(text), dict)


def test_messages_over_the_socket_are_obeyed_or_end_it(server):
    """After any message the socket still tells of a run, or it has been closed for that message."""
    client, visitor, names = server

    @given(MESSAGES)
    @example('{"watch": {"{run}": %s}}' % (4000 * "9"))
    @example('{"watch": {"{run}": true}, "ack": %s}' % (4000 * "9"))
    def every(text):
        with client.websocket_connect(f"/live/{visitor.token}") as socket:
            socket.send_text(text.replace("{run}", names["{run}"]).encode("utf-8", "replace").decode())
            socket.send_text(json.dumps({"watch": {names["{run}"]: 0}}))
            event = socket.receive()
            assert event["type"] == "websocket.send" or event["code"] == BAD_MESSAGE

    every()


@given(
    JSON
    | st.fixed_dictionaries(
        {"kind": JSON | st.sampled_from(["branch", "remedy", "again", "open", "add"])},
        optional=dict.fromkeys(("run", "iteration", "until", "remedy", "channel", "of"), JSON | NUMBERS),
    )
)
@example({"kind": "branch", "run": []})
@example({"kind": []})
def test_events_of_the_browser(value):
    event, on_gallery = viewer.event_of(value, {"run"}), gallery.event_of(value, 5)
    assert (
        event is None
        or event.run == "run"
        and isinstance(event.iteration, int)
        and isinstance(event.until, int)
        or event == viewer.ViewerEvent("again", "", of=event.of)
    )
    assert on_gallery is None or 0 <= on_gallery.channel < 5
