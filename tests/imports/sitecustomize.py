"""On the path of a server under test: writes down the name of every module that is imported.

It does so at the moment the module is asked for.
"""

import os
import sys

if "ACTVIZ_IMPORTS" in os.environ:
    log = os.open(os.environ["ACTVIZ_IMPORTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    sys.addaudithook(lambda event, arguments: event == "import" and os.write(log, f"{arguments[0]}\n".encode()))
