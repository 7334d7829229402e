"""What the README says is done exactly so."""

import re
import shlex
from pathlib import Path

import pytest

from actviz_core import registry
from actviz_core.cli.main import main, parser
from actviz_core.registry import kinds

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.S)
COMMANDS = re.findall(r"^    python -m actviz_core (.*)$", README, re.M)


def test_its_first_program_runs(capsys):
    exec(BLOCKS[0], {})  # our own text
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and lines[-1].startswith("8 (") and lines[-1].endswith("(1, 96, 96, 3)")


def test_its_network_in_memory_is_used(capsys):
    exec(BLOCKS[1], {})
    assert capsys.readouterr().out == "8 (1, 48, 64, 3)\n"


def test_its_objective_is_one(monkeypatch):
    from actviz_core import OBJECTIVES, Channel, Objective

    monkeypatch.setitem(registry.KINDS, Objective, OBJECTIVES)
    names: dict = {}
    exec(BLOCKS[2], names)
    total = names["Brightest"]("blocks.1.0") - 2 * Channel("blocks.1.0", 1)
    assert total.layers == ("blocks.1.0",) and "brightest" in kinds(Objective)


def test_its_commands_can_be_parsed():
    assert len(COMMANDS) >= 4
    for command in COMMANDS:
        parser().parse_args(shlex.split(command))


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith(("models", "layers"))])
def test_its_short_commands_run(command, capsys):
    assert main(shlex.split(command)) == 0
    assert len(capsys.readouterr().out.splitlines()) > 20


def test_its_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_dependencies_are_declared_once():
    first, *rest = (ROOT / "requirements.txt").read_text().splitlines()
    assert first == "-e .[dashboard]" and all(line.startswith("#") for line in rest if line)
