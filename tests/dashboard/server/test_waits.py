"""What the wall tells of those who wait: for what, and how long."""

import threading

import pytest

from actviz_core import Channel, Recipe, Run, Spec
from dashboard.jobs.exports import Exports, Order
from dashboard.server.waits import Wait, Waits, counted
from dashboard.state.mapped import Mapped
from dashboard.state.visitors import Visitors
from tests.dashboard.server.test_classroom import frames

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40))


@pytest.fixture
def member(room):
    return room.join(Visitors().new(), room.join_token, "", "en")


@pytest.fixture
def look(member):
    """look(seconds): what the member waits for then."""
    exports, now = Exports(), [0.0]
    waits = Waits(exports, lambda: now[0])

    def seen(seconds=0.0):
        now[0] = seconds
        return waits.look([member]).get(member.id)

    seen.exports = exports
    return seen


def test_a_run_waits_for_its_network_then_for_the_device_until_its_first_picture(member, look):
    run = member.visitor.show(Run(frames(), 9), lambda: RECIPE).run
    run.ready = False
    assert look(5) is None  # not for a second yet
    assert look(17.4) == Wait("network", 12)
    run.ready = True
    assert (look(18), look(20)) == (None, Wait("device", 2))
    run.pause()
    assert look(21) is None
    run.resume()
    look(22)
    member.connections = 0
    assert look(30) is None  # who is away waits for nothing
    member.connections = 1
    run.note(next(frames()), None)
    look(31)
    assert look(40) is None


def test_a_map_is_waited_for_until_it_is_whole(member, look):
    run = Run(frames(), 9)
    member.visitor.explain([Mapped(run, None, "a map")])
    run.note(next(frames()), None)
    look()
    assert look(3) == Wait("device", 3)
    run.cancel()
    run.end("cancelled")
    assert look(4) is None


def test_a_file_is_waited_for_by_whose_runs_it_shows(member, look):
    entry = member.visitor.show(Run(frames(), 0), lambda: RECIPE)
    entry.run.limit = 0
    with look.exports.wanted(Order((("another",), "run.gif"), 1, lambda check: blocked(check))):
        look()
        assert look(3) is None
        with look.exports.wanted(Order(((entry.key,), "run.gif"), 1, lambda check: b"")):
            look(4)
            assert look(9) == Wait("file", 5)


def blocked(check):
    while not threading.Event().wait(0.001):
        check()


def test_they_are_counted_by_what_they_wait_for():
    waits = [Wait("device", 4), Wait("network", 12), Wait("device", 2)]
    assert counted(waits) == [
        {"what": "device", "count": 2, "longest": 4},
        {"what": "network", "count": 1, "longest": 12},
    ]
