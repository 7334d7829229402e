"""A small gallery, and a studio that makes its pictures when it is told to."""

import threading
import time
from types import SimpleNamespace

import numpy as np

from actviz_core import Channel, Gallery, GalleryFrame, Recipe, Spec, Tile
from dashboard.jobs.filling import Filling
from dashboard.jobs.shelf import Shelf

COUNT, ITERATIONS, PATIENCE = 10, 4, 20
NOTHING = np.zeros((0, 1, 1, 3), np.uint8)
FINE = Gallery(
    Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 0), height=32, width=48, iterations=ITERATIONS)),
    COUNT,
    "hash",
)
COARSE = Gallery(
    Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 0), height=16, width=24, iterations=2)), COUNT, "hash"
)


class Studio:
    """Makes pictures of stripes without any network; each iteration waits to be let through."""

    network = ("efficientnet_lite0", "")

    def __init__(self):
        self.batches, self.gate, self.flags = [], threading.Semaphore(0), {}

    def __call__(self, gallery, channels):
        self.batches.append((gallery is FINE, channels))
        return SimpleNamespace(network=self.network, begin=lambda models: self.frames(gallery, channels))

    def frames(self, gallery, channels):
        for iteration in range(1, gallery.spec.iterations + 1):
            assert self.gate.acquire(timeout=PATIENCE)
            yield GalleryFrame(iteration, NOTHING, ())
        yield GalleryFrame(iteration, NOTHING, (), tiles=tuple(self.tile(gallery, channel) for channel in channels))

    def tile(self, gallery, channel):
        flag = self.flags.get(channel, "")
        image = np.zeros((gallery.spec.height, gallery.spec.width, 3), np.uint8)
        image[:, : 1 + channel * gallery.spec.width // COUNT] = 200
        return Tile(channel, image, 0.0 if flag else channel / 2, flag, "it burns" if flag == "failed" else "")

    def let(self, iterations):
        self.gate.release(iterations)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def filling_of(store, studio, scheduler, clock) -> Filling:
    return Filling(
        (Shelf("coarse", COARSE, store), Shelf("fine", FINE, store)), studio, scheduler.start, lambda gallery: 4, clock
    )


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)  # between two looks at the condition
