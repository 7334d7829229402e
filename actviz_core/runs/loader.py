"""The loader: brings networks as far as no device is needed.

Files are downloaded and read, and networks built, on threads of its own: a download takes minutes, and meanwhile the
owner of the device goes on.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakSet

from .task import Models, Network, Tell

AT_ONCE = 4  # networks; others wait


@dataclass(frozen=True, eq=False)
class Waiting:
    """Who is told how far a network is, and that it is there."""

    tell: Tell
    arrived: Callable[[], None]


class Loader:
    """Each network is brought once, however many wait for it."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.lock = threading.Lock()
        self.awaited: dict[Network, list[Waiting]] = {}
        self.free = threading.Semaphore(AT_ONCE)
        self.threads: WeakSet[threading.Thread] = WeakSet()

    def bring(self, network: Network, waiting: Waiting) -> None:
        """Says when the network is there, at once if it is already; what went wrong, the owner hears on asking."""
        if self.models.has(*network):
            waiting.arrived()
            return
        with self.lock:
            others = self.awaited.get(network)
            if others is not None:
                others.append(waiting)
                return
            self.awaited[network] = [waiting]
        thread = threading.Thread(target=self.fetch, args=(network,), name="loader", daemon=True)
        thread.start()
        self.threads.add(thread)

    def fetch(self, network: Network) -> None:
        def tell(fraction: float) -> None:
            for waiting in tuple(self.awaited[network]):
                waiting.tell(fraction)

        try:
            with self.free:
                self.models.fetch(*network, tell)
        finally:
            with self.lock:
                waiting_for_it = self.awaited.pop(network)
            for waiting in waiting_for_it:
                waiting.arrived()
