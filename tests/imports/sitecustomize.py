"""On the path of a server under test: writes down the name of every module that is imported, at the moment it is asked for."""

import os
import sys

if "ACTVIZ_IMPORTS" in os.environ:
    log = open(os.environ["ACTVIZ_IMPORTS"], "a", buffering=1)
    sys.addaudithook(lambda event, arguments: event == "import" and log.write(f"{arguments[0]}\n"))
