"""gallery: a small picture of every channel of a layer."""

import sys
from dataclasses import replace
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
from .files import check_paths, keep
from .options import PRESET_NAMES, add_model, loaded, size


def add(commands) -> None:
    command = commands.add_parser(
        "gallery", help="make a small picture of every channel of a layer; goes on where it stopped"
    )
    add_model(command)
    command.add_argument("--layer", required=True, help="a name from `layers`")
    command.add_argument("--channels", default="", metavar="0-63,70", help="all of the layer's if not given")
    command.add_argument("--preset", default="good", help=PRESET_NAMES)
    command.add_argument("--iterations", type=int, default=64)
    command.add_argument("--size", type=size, default=(128, 128), help="pixels a side, or HEIGHTxWIDTH")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument(
        "--store",
        type=Path,
        help="folder to keep the pictures in; ACTVIZ_STORE, or one among your caches, if not given",
    )
    command.add_argument("--sheet", type=Path, help="PNG with all of them, labelled")
    command.add_argument("--table", type=Path, help="CSV: channel, score, state")
    command.set_defaults(command=make_gallery)


def make_gallery(options) -> None:
    check_paths(options.sheet, options.table)
    model = loaded("efficientnet_lite0", options)
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


def gallery_of(options, model: Model) -> Gallery:
    spec = Spec(
        model.name,
        Channel(options.layer, 0),
        height=options.size[0],
        width=options.size[1],
        seed=options.seed,
        weights=weights_name(options.weights),
    )
    recipe = preset(options.preset).applied(Recipe(spec))
    return Gallery.of(model, options.layer, replace(recipe, spec=replace(recipe.spec, iterations=options.iterations)))
