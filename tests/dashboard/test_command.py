"""The command `actviz`: what it says without an installation (tests/test_wheel.py has one)."""

import sys

import pytest

from dashboard.command import main, shared
from dashboard.state import addresses


@pytest.fixture
def actviz(monkeypatch, capsys):
    """actviz(*arguments): its exit status, and what it has printed."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["actviz", *arguments])
        try:
            status = main()
        except SystemExit as end:
            status = int(end.code or 0)
        return status, "".join(capsys.readouterr())

    return run


def test_help_says_that_it_opens_the_dashboard(actviz):
    status, printed = actviz("--help")
    assert status == 0 and "opens the dashboard" in printed


def test_a_wrong_command_is_told_with_its_near_name(actviz):
    status, printed = actviz("visualise")
    assert status == 2 and "visualize" in printed


@pytest.mark.parametrize("given", [[], ["--server.port", "80"], ["--", "--share"]])
def test_without_share_nothing_is_added(given):
    assert shared(given) == given


def test_share_binds_to_all_addresses_and_says_by_which_names_the_server_may_be_called(monkeypatch):
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["10.0.0.5"])
    monkeypatch.setattr(addresses.socket, "gethostname", lambda: "Lab.school.example")
    allowed = ["10.0.0.5", "lab.school.example", "lab.local", "localhost", "127.0.0.1"]
    assert shared(["--share", "--server.port=80", "--", "--model", "a:b"]) == [
        *("--server.port=80", "--server.address", "0.0.0.0"),
        *(word for host in allowed for word in ("--server.allowedHosts", host)),
        *("--server.disconnectedSessionTTL", "1800", "--", "--share", "--model", "a:b"),
    ]


def test_what_somebody_chooses_himself_is_left_as_it_is():
    own = [
        "--server.address=127.0.0.1",
        "--server.disconnectedSessionTTL",
        "60",
        "--browser.serverAddress",
        "lab.example",
    ]
    hosts = ["--server.allowedHosts", "lab.example", "--server.allowedHosts", "127.0.0.1"]
    assert shared(["--share", *own]) == [*own, *hosts, "--server.allowedHosts", "localhost", "--", "--share"]
    own += ["--server.allowedHosts", "*"]
    assert shared([*own, "--share"]) == [*own, "--", "--share"]


def test_own_addresses_are_asked_of_nobody(monkeypatch):
    sent = []

    class Probe:
        def __init__(self, *kind):
            assert kind == (addresses.socket.AF_INET, addresses.socket.SOCK_DGRAM)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def connect(self, place):
            if place[0].startswith("172."):
                raise OSError("unreachable")
            sent.append(place)

        def getsockname(self):
            return {"192.0.2.1": "192.168.7.2", "10.255.255.255": "127.0.0.1"}.get(sent[-1][0], "192.168.7.2"), 9

    monkeypatch.setattr(addresses.socket, "socket", Probe)
    assert addresses.own_addresses() == ["192.168.7.2"] and len(sent) == 3
