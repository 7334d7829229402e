"""actviz: opens the dashboard; with the name of a command it does what `python -m actviz_core` does."""

import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

APP = Path(__file__).with_name("app.py")
SHARE = "--share"
ADDRESS, HOSTS, NAMED, AWAY = (
    "--server.address",
    "--server.allowedHosts",
    "--browser.serverAddress",
    "--server.disconnectedSessionTTL",
)
ASLEEP = 1800  # seconds that Streamlit keeps a page whose phone sleeps


def main() -> int:
    """`actviz [--share] [STREAMLIT'S OPTIONS] [-- OPTIONS OF app.py]`, or `actviz COMMAND ...`."""
    arguments = sys.argv[1:]
    if arguments and (not arguments[0].startswith("-") or arguments[0] in ("-h", "--help")):
        return command(arguments)
    if find_spec("streamlit") is None:
        print("actviz: the dashboard is not installed: pip install 'actviz[dashboard]'.", file=sys.stderr)
        return 2
    return os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(APP), *shared(arguments)])


def shared(arguments: list[str]) -> list[str]:
    """The same arguments, with what `--share` stands for; what somebody chooses himself is left as it is."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    ours, rest = arguments[:end], arguments[end + 1 :]
    if SHARE not in ours:
        return arguments
    from dashboard.state import addresses

    ours = [argument for argument in ours if argument != SHARE]
    if not values(ours, ADDRESS):
        ours += [ADDRESS, "0.0.0.0"]
    if not values(ours, HOSTS):
        for host in addresses.hosts(values(ours, ADDRESS)[-1], values(ours, NAMED)):
            ours += [HOSTS, host]
    if not values(ours, AWAY):
        ours += [AWAY, str(ASLEEP)]
    return [*ours, "--", SHARE, *rest]


def values(arguments: list[str], option: str) -> list[str]:
    """What an option is given, as "--option value" or "--option=value"."""
    apart = [after for before, after in zip(arguments, arguments[1:], strict=False) if before == option]
    return apart + [argument.partition("=")[2] for argument in arguments if argument.startswith(f"{option}=")]


def command(arguments: list[str]) -> int:
    # The imports take seconds, and Ctrl-C meanwhile deserves no traceback.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from actviz_core.cli.main import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run(arguments)
