"""The health route, asked from a process of its own while a server is busy."""

import multiprocessing
import time
from multiprocessing.connection import Connection

from benchmarks.server import answers


class Health:
    """Asks the health route fifty times a second from a process of its own, which is there before the server is."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=ask_on, args=(theirs,), daemon=True)
        self.process.start()
        self.pipe.recv()

    def begin(self, port: int) -> None:
        self.pipe.send(port)

    def end(self) -> list[float]:
        """Milliseconds of each answer."""
        self.pipe.send("enough")
        delays = self.pipe.recv()
        self.process.join()
        return delays


def ask_on(pipe: Connection) -> None:
    pipe.send("there")
    delays, port = [], pipe.recv()
    while not pipe.poll(0.02):
        began = time.perf_counter()
        good = answers(port)
        delays.append(1000 * (time.perf_counter() - began) if good else float("inf"))
    pipe.send(delays)
