"""The dashboard as a process of its own, started as the README says, for benchmarks that visit it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
PATIENCE = 120  # seconds for anything; a server that is later than this has failed


class Server:
    """`streamlit run dashboard/app.py` on a free port, with options of ours if any.

    up  seconds until it answered its health route

    Nothing runs before somebody starts it, unless the welcome is wanted.
    """

    def __init__(self, folder: Path, *options: str, welcome: bool = False) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        streamlit, began = Path(sys.executable).with_name("streamlit"), time.perf_counter()
        command = [str(streamlit), "run", str(APP), "--server.port", str(self.port), "--", *options]
        command += [] if welcome else ["--no-welcome"]
        self.log = (folder / f"{self.port}.log").open("w+")
        environment = os.environ | {"ACTVIZ_STORE": str(folder / "store")}
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, cwd=folder, env=environment)
        while not answers(self.port):
            if self.process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"the server did not start:\n{self.text()}")
            time.sleep(0.01)
        self.up = time.perf_counter() - began

    def text(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
