"""gallery: a small picture of every channel of a layer."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from ..models.model import Model
from ..models.weights import weights_name
from ..objectives import Channel
from ..optimization.presets import preset
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..studies.gallery import FAILED, Gallery
from ..studies.sheet import gallery_sheet, gallery_table
from ..studies.store import Store, default_folder
from .command import Command
from .files import check_paths, keep
from .method import PRESET_NAMES
from .network import USUAL, ModelOptions, loaded
from .options import option, size, spec_option


@dataclass(frozen=True)
class GalleryOptions:
    """Which channels, how, and where they are kept."""

    network: ModelOptions
    layer: str = option(help="a name from `layers`")
    channels: str = option("", metavar="0-63,70", help="all of the layer's if not given")
    preset: str = option("good", help=PRESET_NAMES)
    iterations: int = spec_option("iterations", default=64)
    size: tuple[int, int] = option((128, 128), parse=size, help="pixels a side, or HEIGHTxWIDTH; 128 if not given")
    seed: int = spec_option("seed", default=0)
    store: Path | None = option(
        None, help="folder to keep the pictures in; ACTVIZ_STORE, or one among your caches, if not given"
    )
    sheet: Path | None = option(None, help="PNG with all of them, labelled")
    table: Path | None = option(None, help="CSV: channel, score, state")


def make_gallery(options: GalleryOptions) -> None:
    """Makes what the store lacks, and writes the sheet and the table."""
    check_paths(options.sheet, options.table)
    model = loaded(USUAL, options.network)
    gallery = gallery_of(options, model)
    wanted, store = gallery.chosen(options.channels), Store(options.store or default_folder())
    tiles = {channel: tile for channel, tile in store.tiles(gallery).items() if channel in wanted}
    with tqdm(total=len(wanted), initial=len(tiles), unit="channel", disable=None) as bar:
        for tile in store.fill(gallery, model, wanted - tiles.keys()):
            tiles[tile.channel] = tile
            bar.update()
    if options.sheet:
        keep(options.sheet, gallery_sheet(gallery, dict(sorted(tiles.items()))))
    if options.table:
        keep(options.table, gallery_table(tiles).encode())
    print(f"{store.place(gallery)}: {len(tiles)} of {gallery.channels} channels of {gallery.layer}")
    for tile in (tile for tile in tiles.values() if tile.flag == FAILED):
        print(f"actviz: channel {tile.channel} failed: {tile.reason}", file=sys.stderr)


def gallery_of(options: GalleryOptions, model: Model) -> Gallery:
    """The gallery that the options describe."""
    height, width = options.size
    target, weights = Channel(options.layer, 0), weights_name(options.network.weights)
    spec = Spec(model.name, target, height=height, width=width, seed=options.seed, weights=weights)
    recipe = preset(options.preset).applied(Recipe(spec))
    return Gallery.of(model, options.layer, replace(recipe, spec=replace(recipe.spec, iterations=options.iterations)))


COMMAND = Command(
    "gallery",
    "make a small picture of every channel of a layer; goes on where it stopped",
    GalleryOptions,
    make_gallery,
)
