"""actviz: opens the dashboard; with the name of a command it does what `python -m actviz_core` does."""

import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

APP = Path(__file__).with_name("app.py")


def main() -> int:
    """`actviz [STREAMLIT'S OPTIONS] [-- OPTIONS OF app.py]`, or `actviz COMMAND ...`."""
    arguments = sys.argv[1:]
    if arguments and (not arguments[0].startswith("-") or arguments[0] in ("-h", "--help")):
        return command(arguments)
    if find_spec("streamlit") is None:
        print("actviz: the dashboard is not installed: pip install 'actviz[dashboard]'.", file=sys.stderr)
        return 2
    return os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(APP), *arguments])


def command(arguments: list[str]) -> int:
    # The imports take seconds, and Ctrl-C meanwhile deserves no traceback.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from actviz_core.cli.main import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run(arguments)
