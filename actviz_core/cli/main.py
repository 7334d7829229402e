"""python -m actviz_core COMMAND: reads the command line and runs one command."""

import argparse
import sys
import warnings

from PIL import Image

from ..errors import ActvizError
from ..memory import KEEPER
from . import compare, explain, gallery, index, layers, lessons, models, settings, sweep, visualize
from .command import Command
from .options import add_options, read_options

COMMANDS = tuple(
    module.COMMAND for module in (models, layers, settings, visualize, compare, sweep, gallery, explain, index, lessons)
)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0, 1 where a check found problems, 2 with a sentence on stderr when something was asked for
    wrongly, or 130 after Ctrl-C."""
    given = parsed(parser(), sys.argv[1:] if arguments is None else arguments)
    command: Command = given.command
    KEEPER.serve()
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # how large images may be, readers say in sentences
    try:
        return command.carry_out(read_options(command.options, given)) or 0
    except ActvizError as problem:
        print(f"actviz: {problem}", file=sys.stderr)
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        return 130
    except OSError as problem:
        print(f"actviz: {problem.filename or 'a file'} cannot be written: {problem.strerror}.", file=sys.stderr)
        return 2


def parsed(reader: argparse.ArgumentParser, arguments: list[str]) -> argparse.Namespace:
    """What was given, words before options or behind them: argparse takes no second word from behind an option."""
    given, left = reader.parse_known_args(arguments)
    if not left:
        return given
    others = list(arguments)
    if not any(word.startswith("-") for word in left):
        for word in left:
            others.remove(word)
        at = next((at for at, word in enumerate(others) if word.startswith("-")), len(others))
        others[at:at] = left
    return reader.parse_args(others)


def parser() -> argparse.ArgumentParser:
    """What reads the command line of all commands."""
    top = argparse.ArgumentParser(
        prog="actviz",
        description="Activation maximization: what a network's neurons look for.",
        epilog="actviz without a command opens the dashboard.",
    )
    names = " | ".join(command.name for command in COMMANDS)
    commands = top.add_subparsers(required=True, metavar=names)
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help)
        add_options(one, command.options)
        one.set_defaults(command=command)
    return top
