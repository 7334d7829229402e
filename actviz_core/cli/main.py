"""python -m actviz_core {models, layers, visualize, gallery}: reads the command line and runs one command."""

import argparse
import sys

from .. import machine
from ..errors import ActvizError
from . import gallery, layers, models, visualize


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0, or 2 with a sentence on stderr when something was asked for wrongly."""
    options = parser().parse_args(arguments)
    machine.keep_memory()
    try:
        options.command(options)
    except ActvizError as problem:
        print(f"actviz: {problem}", file=sys.stderr)
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        return 130
    except OSError as problem:
        print(f"actviz: {problem.filename or 'a file'} cannot be written: {problem.strerror}.", file=sys.stderr)
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="actviz",
        description="Activation maximization: what a network's neurons look for.",
        epilog="actviz without a command opens the dashboard.",
    )
    commands = top.add_subparsers(required=True, metavar="models | layers | visualize | gallery")
    for command in (models, layers, visualize, gallery):
        command.add(commands)
    return top
