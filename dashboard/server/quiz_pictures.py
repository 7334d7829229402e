"""The pictures of a trial: crops of indexed images where a cell sees, and synthesized pictures that all share."""

import io
from functools import lru_cache

import numpy as np
from PIL import Image

from actviz_core import Channel, FieldOf, Index, ModelHandle, Objective, Patch, Recipe, Spec, framing, quiz
from dashboard.jobs.indexing import FOLDER, INDEXINGS, SAMPLES
from dashboard.jobs.synthesizing import MADE, Synthesized
from dashboard.server import synthesis
from dashboard.server.feed import jpeg
from dashboard.state import services
from dashboard.state.visitors import Visitor

SIDE = 224  # px of a crop
SYNTHETIC, NATURAL = "synthetic", "natural"
ENDS = "least", "most"
SHOWN = {"none": (), "synthetic": (SYNTHETIC,), "natural": (NATURAL,), "both": (SYNTHETIC, NATURAL)}


def source() -> str:
    """Which images are asked about: the owner's folder, where there is one."""
    return FOLDER if INDEXINGS.folder else SAMPLES


@lru_cache(4)
def pool_of(index: Index, layers: tuple[str, ...], of: str) -> tuple[tuple[quiz.Unit, ...], str]:
    """The units that all are asked about, and the stamp of what they are asked with. Raises TooFew, DamagedIndex."""

    units = quiz.pool(index, layers, lambda image: photograph(index, image) if of == SAMPLES else index.names[image])
    return units, quiz.stamp_of(index, units)


def photograph(index: Index, image: int) -> str:
    """The sample photograph that an image was cut from."""
    return index.names[image].partition(" ")[0]


def photographs(index: Index) -> int:
    """How many sample photographs its images were cut from."""
    return len({photograph(index, image) for image in range(index.images)})


def layers_of(model: ModelHandle, index: Index) -> tuple[str, ...]:
    """Those whose maps have more than one cell."""
    known = set(index.layers)
    return tuple(each.name for each in model.list_layers() if each.name in known and each.height * each.width > 1)


def slots(trial: quiz.Trial) -> list[str]:
    """What is shown beside the two images, such as "least-natural"."""
    return [f"{end}-{kind}" for end in ENDS for kind in SHOWN[trial.condition]]


def patch_of(trial: quiz.Trial, unit: quiz.Unit, slot: str) -> Patch:
    """A natural image; in a catch trial the one that drives the unit more is the one that is shown beside."""
    high = unit.most if trial.kind == "catch" else unit.high
    known = {"least-natural": unit.least, "most-natural": unit.most, trial.side: high}
    return known.get(slot, unit.low)


def crop(visitor: Visitor, model: ModelHandle, index: Index, unit: quiz.Unit, patch: Patch) -> bytes:
    """JPEG of the part that the unit sees where it answers most, moved into the image at its border."""
    field = services.door().ask(FieldOf(model.network, unit.layer), whom=visitor.token)
    with Image.open(io.BytesIO(index.picture(patch.image))) as image:
        pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    frame = framing.fitted(field.box(patch.row, patch.column), height, width, (SIDE, SIDE))
    return jpeg(framing.framed(pixels, frame, (SIDE, SIDE)))


def objective_of(unit: quiz.Unit, slot: str) -> Objective:
    """The least driving picture maximizes the negative of what the most driving one does."""
    channel = Channel(unit.layer, unit.channel)
    return channel if slot.startswith("most") else -channel


def synthesized(visitor: Visitor, model: ModelHandle, unit: quiz.Unit, slot: str, start: bool) -> Synthesized | None:
    """The same picture for everybody, whatever Explore is set to; `start`: it is made if it is not there."""
    recipe = Recipe(Spec(model.name, Channel(unit.layer, unit.channel), weights=model.network[1]))
    small = synthesis.small(recipe, objective_of(unit, slot), model)
    if start:
        return synthesis.looked(visitor, small, "quiz", going=not visitor.halted)
    return services.synthesizings().there(synthesis.key_of(small, visitor))


def missing(
    visitor: Visitor, model: ModelHandle, units: tuple[quiz.Unit, ...], trials: tuple[quiz.Trial, ...]
) -> list[tuple[quiz.Unit, str]]:
    """The synthesized pictures that these trials lack, in their order."""
    wanted = [(units[trial.unit], slot) for trial in trials for slot in slots(trial) if slot.endswith(SYNTHETIC)]
    return [each for each in wanted if not is_there(synthesized(visitor, model, *each, start=False))]


def is_there(found: Synthesized | None) -> bool:
    return found is not None and found.status == MADE
