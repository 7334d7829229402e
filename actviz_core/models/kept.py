"""The networks that one process keeps, by name: where the owner of its device gets them from."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakValueDictionary

from ..errors import ActvizError, without_traces
from .device import choose_device
from .model import Model, fetched
from .weights import Progress

FAILURES = 16  # that are remembered

Network = tuple[str, str]  # its name, and that of its weights


class KeptModels:
    """As many networks as are to stay, those that were asked for last; others go as soon as nothing uses them.

    file_of   by what name `load_model` knows the weights that a recipe names
    released  is called when a network is no longer kept
    """

    def __init__(
        self,
        most: int,
        file_of: Callable[[str], str] = str,
        released: Callable[[], object] = lambda: None,
        device: str = "auto",
    ) -> None:
        self.most, self.file_of, self.released = most, file_of, released
        self.device = choose_device(device)
        self.lock = threading.Lock()  # of the dictionaries, and never held while a network is made
        self.kept: OrderedDict[Network, Model] = OrderedDict()
        self.used: WeakValueDictionary[Network, Model] = WeakValueDictionary()  # somewhere, kept or not
        self.arrived: dict[Network, Callable[[], Model]] = {}
        self.failed: OrderedDict[Network, BaseException] = OrderedDict()

    def has(self, name: str, weights: str) -> bool:
        """Whether a call needs nothing but the device."""
        return (name, weights) in self.used or (name, weights) in self.arrived

    def fetch(self, name: str, weights: str, tell: Progress | None) -> None:
        """All that needs no device, on any thread; what goes wrong, the call raises."""
        try:
            found = fetched(name, self.device, self.file_of(weights), tell)
        except BaseException as problem:  # of somebody's file nearly anything can be raised
            self.fail((name, weights), problem)
            return
        with self.lock:
            self.failed.pop((name, weights), None)
            self.arrived[name, weights] = found

    def __call__(self, name: str, weights: str) -> Model:
        """The network, fetched if it has not been; on the thread that owns the device."""
        network = name, weights
        model = self.used.get(network)
        if model is None:
            if network not in self.arrived and network not in self.failed:
                self.fetch(name, weights, None)
            with self.lock:
                finish, problem = self.arrived.pop(network, None), self.failed.get(network)
            if finish is None:
                raise problem or ActvizError(f"{name} could not be loaded.")
            try:
                model = finish()
            except BaseException as trouble:
                self.fail(network, trouble)
                raise
        self.keep(network, model)
        return model

    def fail(self, network: Network, problem: BaseException) -> None:
        """All who wait for it hear of it; who asks later has it tried again."""
        with self.lock:
            self.failed[network] = without_traces(problem)
            while len(self.failed) > FAILURES:
                self.failed.popitem(last=False)

    def keep(self, network: Network, model: Model) -> None:
        with self.lock:
            self.used[network] = self.kept[network] = model
            self.kept.move_to_end(network)
            surplus = len(self.kept) > self.most
            if surplus:
                self.kept.popitem(last=False)
        if surplus:
            self.released()
