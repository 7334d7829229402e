"""The command `actviz`: what it says without an installation (tests/test_wheel.py has one)."""

import sys

import pytest

from dashboard.command import main


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
