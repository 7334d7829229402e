"""python -m benchmarks.index: an index of images beside plain passes through the network, in turns of five seconds.

All blocks of EfficientNet-Lite0, images of 224 px cut out of the sample photographs. Plain passes take pictures that
are in memory already, in batches as large, and keep nothing; the index reads files, and ends on the disk. Two minutes.
"""

import argparse
import io
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from actviz_core import Folder, Index, Model, load_model, photographs, samples
from actviz_core.attribution.attribute import tensor_of
from actviz_core.dataset.duplicates import Distinct, fingerprint
from actviz_core.studies.indexing import TOGETHER, IndexFrame, indexing
from actviz_core.studies.read_ahead import NO_PICTURE

from .machine import processor
from .report import table

SIZE = 224
TURN = 5.0  # seconds; of the index, up to 16 images are read in the other's


def write_images(folder: Path, count: int) -> None:
    """Parts of the sample photographs, no two of them nearly the same."""
    rng, distinct = np.random.default_rng(0), Distinct()
    wholes = [samples.sample(each.name) for each in samples.SAMPLES]
    while len(distinct.names) < count:
        image = wholes[rng.integers(len(wholes))]
        height, width = image.shape[:2]
        side = int(rng.integers(64, min(height, width)))
        top, left = rng.integers(height - side), rng.integers(width - side)
        file = io.BytesIO()
        Image.fromarray(image[top : top + side, left : left + side]).resize((SIZE, SIZE)).save(file, "JPEG", quality=90)
        found = fingerprint(photographs.read(file.getvalue()))
        if distinct.nearest(found) is None:
            distinct.add("", found)
            (folder / f"{len(distinct.names):05}.jpg").write_bytes(file.getvalue())


@torch.inference_mode()
def plain(model: Model, pictures: np.ndarray, seconds: float) -> tuple[int, float]:
    """How many pictures have passed after so many seconds, forward and no more, and the seconds."""
    together, began, passed = TOGETHER["cpu"], time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        start = passed % (len(pictures) - together + 1)
        model(tensor_of(pictures[start : start + together]))
        passed += together
    return passed, time.perf_counter() - began


def rates(model: Model, folder: Path, root: Path, pictures: np.ndarray) -> tuple[float, float, Index]:
    """Images a second of plain passes and of the index, which is paused meanwhile, and the index."""
    passed, forward, spent, last = 0, 0.0, 0.0, IndexFrame(0, NO_PICTURE, ())
    frames = indexing(model, Folder(str(folder)), (), root)
    while last.index is None:
        more, seconds = plain(model, pictures, TURN)
        passed, forward, began = passed + more, forward + seconds, time.perf_counter()
        while last.index is None and time.perf_counter() - began < TURN:
            last = next(frames)
        spent += time.perf_counter() - began
    return passed / forward, len(pictures) / spent, last.index


def peak() -> float:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    given = parser.parse_args()
    model = load_model("efficientnet_lite0", "cpu")
    with tempfile.TemporaryDirectory() as place:
        folder, root = Path(place) / "images", Path(place) / "root"
        folder.mkdir()
        write_images(folder, given.images)
        pictures = np.stack([np.asarray(Image.open(file)) for file in sorted(folder.iterdir())])
        plain(model, pictures, TURN)
        held = peak()
        forward, indexed, index = rates(model, folder, root, pictures)
        channels = sum(map(len, index.units.values()))
        size = sum(file.stat().st_size for file in root.glob("*/units.npy")) / channels
    assert index.images == given.images
    row = given.images, forward, indexed, 100 * indexed / forward, size, peak() - held
    print(
        f"{time.strftime('%Y-%m-%d')}, {processor()}, torch {torch.__version__}, {torch.get_num_threads()} threads.\n"
    )
    head = ["images", "forward, images/s", "index, images/s", "share, %", "bytes/channel", "MB more held"]
    print(table(head, [[f"{number:.0f}" for number in row]]))


if __name__ == "__main__":
    main()
