"""Folders of images for the tests of indexes, and indexes of them."""

import numpy as np

from actviz_core import Folder, IndexImages
from tests.core.tiny import tiny_model

LAYERS = ("conv1", "relu@2", "pool", "output")


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, 12, 16, 3), np.uint8)


def made(folder, root, layers=LAYERS, model=None):
    work = IndexImages(("tiny", ""), Folder(str(folder)), layers, str(root))
    return list(work.begin(lambda name, weights: model or tiny_model()))


def same(one, other):
    """But for the last bits, which depend on how many pictures went through the network together."""
    assert one.skipped == other.skipped and list(one.pictures) == list(other.pictures)
    for layer in one.layers:
        for mine, theirs in zip(one.units[layer], other.units[layer], strict=True):
            assert all((mine["patches"][name] == theirs["patches"][name]).all() for name in ("image", "row", "column"))
            assert np.allclose(mine["quantiles"], theirs["quantiles"], atol=1e-4)
            assert all(mine[name] == theirs[name] for name in ("tied", "at_border", "dead"))
