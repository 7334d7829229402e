"""How a picture is to be made, as options; and the recipe that all options together describe."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from .. import export
from ..dataset import photographs
from ..errors import ActvizError
from ..models.model import Model
from ..objectives import Objective
from ..optimization.optimizers import Optimizer
from ..optimization.parametrizations import Parametrization, PhaseImage
from ..optimization.presets import PRESETS, followed, preset, preset_of
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..optimization.waves import spectrum_of
from ..settings import described, limits
from .files import read_bytes
from .network import USUAL
from .options import described_help, option, size, spec_option
from .values import assignments, value_of_kind

PRESET_NAMES = ", ".join(known.name for known in PRESETS)
KIND = "KIND:FIELD=VALUE,..."
PHOTOGRAPHS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
PLAIN = (  # fields of Spec that options give as they are
    "iterations",
    "schedule",
    "count",
    "seed",
    "tile",
    "octaves",
    "octave_factor",
    "redirected",
    "start",
    "precision",
)
AIM = ("objective", "height", "width", "start", "photograph")  # what a preset is applied to


@dataclass(frozen=True)
class MethodOptions:
    """A preset and what differs from it; `settings` tells of all numbers."""

    preset: str | None = option(None, help=PRESET_NAMES)
    size: tuple[int, int] | None = option(
        None, parse=size, help=f"pixels a side, or HEIGHTxWIDTH ({limits(described(Spec)['height'])})"
    )
    iterations: int | None = spec_option("iterations")
    schedule: int | None = spec_option("schedule")
    count: int | None = spec_option("count")
    seed: int | None = spec_option("seed")
    parametrization: str | None = option(None, metavar=KIND, help=described_help(Spec, "parametrization"))
    optimizer: str | None = option(None, metavar=KIND, help=described_help(Spec, "optimizer"))
    tile: int | None = spec_option("tile")
    octaves: int | None = spec_option("octaves")
    octave_factor: float | None = spec_option("octave_factor")
    redirected: int | None = spec_option("redirected")
    start: Literal["noise", "grey", "photograph"] | None = spec_option("start")
    precision: Literal["auto", "float32", "autocast"] | None = spec_option("precision")
    photograph: Path | None = option(None, help="an image file to start from")
    spectrum: Path | None = option(None, metavar="FOLDER", help="photographs whose spectrum phases are fitted to")
    set: tuple[str, ...] = option(
        (),
        metavar="NAME=VALUE",
        words="+",
        help="numbers of transforms and regularizers, such as total_variation=0.2 or scale.low=0.9",
    )


def read_recipe(path: Path | None) -> Recipe | None:
    """The recipe in a file, a PNG or JSON saved earlier."""
    return export.read_recipe(read_bytes(path)) if path else None


def usual_model(method: MethodOptions, targeted: bool) -> str:
    """The network that a preset is famous for, when nothing else was asked for; else one that needs no download."""
    made_for = preset(method.preset or "good").made_for
    return made_for[0] if made_for and not targeted else USUAL


def new_recipe(method: MethodOptions, objective: Objective | None, model: Model) -> Recipe:
    """The preset's way for that target, its famous one where none is given, and at that size, or the network's own."""
    height, width = method.size or (model.height, model.width)
    spec = Spec(model.name, objective or famous(method), height=height, width=width)
    return preset(method.preset or "good").applied(Recipe(spec), model)


def changed(
    recipe: Recipe, method: MethodOptions, objective: Objective | None = None, model: Model | None = None
) -> Recipe:
    """The recipe with what the options say in place of its own; a preset may follow the target in the model."""
    given = given_of(method) | ({"objective": objective} if objective else {})
    aim, known = replace(recipe.spec, **{name: given[name] for name in AIM if name in given}), preset_of(recipe)
    if method.preset:
        recipe = preset(method.preset).applied(replace(recipe, spec=aim), model)
    elif model and known and known.textures and aim != recipe.spec:
        recipe = followed(recipe, aim, model)
    spec = replace(recipe.spec, **given)
    picture = 0 if method.iterations else recipe.picture  # who asks for iterations wants all of them
    return steered(replace(recipe, spec=spec, picture=picture), method.set)


def named(recipe: Recipe, model: str, weights: str) -> Recipe:
    """Of that network, with weights as recipes record them; "" leaves those of the recipe."""
    return replace(recipe, spec=replace(recipe.spec, model=model, weights=weights or recipe.spec.weights))


def given_of(method: MethodOptions) -> dict[str, Any]:
    """The fields of Spec that the options give."""
    given = {name: value for name in PLAIN if (value := getattr(method, name)) is not None}
    if method.size:
        given["height"], given["width"] = method.size
    if method.photograph:
        given["start"] = "photograph"
        given["photograph"] = photographs.to_base64(photographs.read(read_bytes(method.photograph)))
    if method.parametrization:
        given["parametrization"] = value_of_kind(Parametrization, method.parametrization, "--parametrization")
    if method.optimizer:
        given["optimizer"] = value_of_kind(Optimizer, method.optimizer, "--optimizer")
    if method.spectrum:
        given["parametrization"] = PhaseImage(measured_spectrum(method.spectrum))
    return given


def steered(recipe: Recipe, texts: tuple[str, ...]) -> Recipe:
    """With numbers of the hyperparams set; then the changes of a recorded run no longer hold."""
    if not texts:
        return recipe
    hyperparams = recipe.hyperparams.with_values(assignments(list(texts), "--set"))
    return replace(recipe, hyperparams=hyperparams, changes=())


def famous(method: MethodOptions) -> Objective:
    """The target that a preset's authors chose."""
    made_for = preset(method.preset or "good").made_for
    if made_for:
        return made_for[1]
    raise ActvizError("say what to maximize: --layer (with --channel, --neuron or --direction), or --class.")


def measured_spectrum(folder: Path) -> tuple[float, ...]:
    """The mean spectrum of the photographs in a folder; ActvizError where there are none."""
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in PHOTOGRAPHS)
    if not folder.is_dir():
        raise ActvizError(f"there is no folder {folder} with photographs.")
    if not files:
        raise ActvizError(f"the folder {folder} holds no photographs.")
    return spectrum_of(photographs.read(read_bytes(file)) for file in files)
