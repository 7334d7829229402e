"""python -m actviz_core {models, layers, visualize, gallery}: the core from a command line."""

import signal
import sys

from .cli.main import main

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as usual again, after the imports (__init__.py)
    sys.exit(main())
