"""index: which images of a folder each channel answers to most."""

import math
import sys
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from ..dataset.sources import Folder, printed
from ..models.model import Model
from ..studies.indexing import IndexFrame, index_folder, indexing
from ..studies.read_ahead import NO_PICTURE
from .command import Command
from .network import USUAL, ModelOptions, loaded
from .options import option

MOST_TOLD = 20  # files that were skipped


@dataclass(frozen=True)
class IndexOptions:
    """Of which images, for which layers, and where it is kept."""

    network: ModelOptions
    images: Path = option(help="folder of images, with the folders in it")
    layers: tuple[str, ...] = option(
        (), words="+", metavar="LAYER", help="names from `layers`; all blocks if not given"
    )
    store: Path | None = option(
        None,
        help="folder to keep the index in; one beside the galleries if not given, where the pages "
        "look for it; beyond 4 GiB there those not used for longest go",
    )


def make_index(options: IndexOptions) -> None:
    """Makes the index, or goes on with it, and says what is in it."""
    root = options.store or index_folder()
    model = loaded(USUAL, options.network)
    last = watched(model, options, root)
    assert last.index, "the last frame has the index"
    index = last.index
    channels = sum(index.channels(layer) for layer in index.layers)
    sizes = (index.images, "image"), (channels, "channel"), (len(index.layers), "layer")
    print(f"{printed(str(root))}: {', '.join(counted(*each) for each in sizes)}")
    if index.skipped:
        print(f"actviz: not in it: {counted(len(index.skipped), 'file')}", file=sys.stderr)
    for name, why in index.skipped[:MOST_TOLD]:
        print(f"  {name}: {why}", file=sys.stderr)
    if len(index.skipped) > MOST_TOLD:
        print(f"  and {len(index.skipped) - MOST_TOLD:,} more", file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """1 layer, 1,000 files."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def watched(model: Model, options: IndexOptions, root: Path) -> IndexFrame:
    """The last frame, with a bar until it is there."""
    last = IndexFrame(0, NO_PICTURE, ())
    with tqdm(total=100, unit="%", disable=None, bar_format="{l_bar}{bar}| {elapsed}<{remaining}{postfix}") as bar:
        for last in indexing(model, Folder(str(options.images)), options.layers, root):
            bar.set_postfix_str(last.words, refresh=False)
            bar.update(math.floor(100 * last.fraction) - bar.n)
    return last


COMMAND = Command(
    "index",
    "find which images of a folder each channel answers to most; goes on where it stopped",
    IndexOptions,
    make_index,
)
