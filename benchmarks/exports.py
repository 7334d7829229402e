"""python -m benchmarks.exports: what saving animations costs, whoever asks and however many leave.

A server of the live routes in this process, with a live run beside the exports. Needs an otherwise idle machine.
"""

import argparse
import os
import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette

from actviz_core import FILMS, Channel, Recipe, Run, Scheduler, Spec, load_model, machine, preset, replay
from dashboard.jobs.exports import EXPORTS
from dashboard.server.live import routes
from dashboard.state.visitors import VISITORS

NAME = "efficientnet_lite0 blocks.4.0, channel 20"
RECIPE = preset("good").applied(Recipe(Spec("efficientnet_lite0", Channel("blocks.4.0", 20), height=224, width=224)))
LIVE = 10_000  # iterations of the run beside the exports


def serve() -> str:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(100)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(VISITORS, EXPORTS)), log_level="warning"))
    threading.Thread(target=server.run, args=([listening],), daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def fetch(address: str) -> tuple[float, int]:
    """Seconds and bytes."""
    began = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        return time.perf_counter() - began, len(answer.read())


def abandon(host: str, path: str) -> socket.socket:
    """Asks for a file and waits for nothing."""
    asker = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))
    asker.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return asker


class Live:
    """The rate of the live run, and how long the live routes take, between two moments."""

    def __init__(self, run: Run, address: str) -> None:
        self.run, self.address = run, address

    def during(self, work: Callable[[], object]) -> str:
        stop, delays = threading.Event(), []

        def look() -> None:
            while not stop.is_set():
                delays.append(fetch(self.address)[0])
                stop.wait(0.02)

        looking = threading.Thread(target=look)
        began, first = time.perf_counter(), self.run.iteration
        looking.start()
        work()
        stop.set()
        looking.join()
        rate = (self.run.iteration - first) / (time.perf_counter() - began)
        return (
            f"{rate:5.1f} it/s beside it; a recorded picture in {1000 * statistics.median(delays):.0f} ms, "
            f"at most {1000 * max(delays):.0f}"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=6, help="of the live run alone")
    options = options.parse_args()
    machine.serve()
    model, scheduler, visitor, host = load_model(RECIPE.spec.model), Scheduler(), VISITORS.new(), serve()
    finished = visitor.show(Run(replay(model, RECIPE), RECIPE.spec.iterations), lambda: RECIPE, NAME)
    scheduler.start(finished.run)
    finished.run.wait(lambda run: run.ended, 300)
    endless = replace(RECIPE, spec=replace(RECIPE.spec, iterations=LIVE))
    moving = scheduler.start(Run(replay(model, endless), LIVE))
    moving.wait(lambda run: run.iteration >= 20, 60)
    live = Live(moving, f"{host}/live/{visitor.token}/{finished.key}/picture/100")
    path = f"/live/{visitor.token}/{finished.key}/save/run"
    print(f"no export: {live.during(lambda: time.sleep(options.seconds))}", flush=True)
    each_kind(live, host + path)
    others = [visitor.show(finished_copy(finished.run), lambda: RECIPE, NAME) for _ in range(60)]
    visitor.pin([entry.key for entry in others])
    paths = [f"/live/{visitor.token}/{entry.key}/save/run.gif" for entry in others]
    five_at_once(live, [host + path for path in paths[:5]])
    sixty_abandoned(host, paths)
    moving.cancel()
    moving.wait(lambda run: run.ended, 10)
    before = time.process_time(), time.perf_counter()
    time.sleep(2)
    busy = 100 * (time.process_time() - before[0]) / (time.perf_counter() - before[1])
    print(f"then, without the live run: {busy:.0f} % of a core", flush=True)
    scheduler.close()
    os._exit(0)


def each_kind(live: Live, address: str) -> None:
    for kind in FILMS:
        taken: list[tuple[float, int]] = []
        said = live.during(lambda kind=kind, taken=taken: taken.append(fetch(f"{address}.{kind}")))
        ((seconds, size),) = taken
        again = 1000 * fetch(f"{address}.{kind}")[0]
        print(f"{kind}: {seconds:.2f} s, {size / 2**20:.2f} MiB; {said}; again {again:.0f} ms", flush=True)


def five_at_once(live: Live, addresses: list[str]) -> None:
    began = time.perf_counter()
    with ThreadPoolExecutor(5) as pool:
        said = live.during(lambda: list(pool.map(fetch, addresses)))
    print(f"five GIFs at once: {time.perf_counter() - began:.2f} s; {said}", flush=True)
    EXPORTS.files.clear()


def sixty_abandoned(host: str, paths: list[str]) -> None:
    askers = [abandon(host, path) for path in paths]
    time.sleep(0.3)
    for asker in askers:
        asker.close()
    gone = time.perf_counter()
    while EXPORTS.under_way:
        time.sleep(0.005)
    EXPORTS.pool.submit(int).result()
    print(f"sixty GIFs abandoned: calm {time.perf_counter() - gone:.2f} s after the last has gone", flush=True)


def finished_copy(run: Run) -> Run:
    """Another ended run with the same pictures."""
    copy = Run(iter(()), run.iterations, run.history)
    copy.newest = run.newest
    return copy


if __name__ == "__main__":
    main()
