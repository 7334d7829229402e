"""Presets: settings that became standard, each with its source. They choose how a picture is made, not of what."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ActvizError, near
from ..models.layers import AnyModel
from ..objectives import Channel, LayerEnergy, Objective
from .hyperparams import Hyperparams
from .manners import BORDER, METHOD, SMALL_BORDER, Manner, Textures
from .optimizers import Adam, GradientAscent, NAdam
from .parametrizations import FourierImage, PhaseImage, PixelImage
from .recipe import Recipe
from .regularizers import Blur, Decay, Operator, SmallContribution, SmallNorm
from .spec import Spec
from .transforms import Crops, Jitter, Narrow, Noise, Pad, Rotate, Scale


@dataclass(frozen=True)
class Preset:
    """A named way of making pictures.

    `method` holds the fields of Spec that the preset decides; `made_for` the target its authors chose, if one is
    famous; `textures` how it is done where a cell of the target sees little of the picture.
    """

    name: str
    title: str
    source: str
    hyperparams: Hyperparams
    method: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)
    made_for: tuple[str, Objective] | None = None
    note: str = ""
    textures: Textures | None = None

    def applied(self, recipe: Recipe, model: AnyModel | None = None) -> Recipe:
        """The recipe's target, size, seed and count, made the preset's way.

        By the receptive field of the target where a model is given, which the preset may follow. Raises ImageTooSmall.
        """
        plain = Manner(self.hyperparams, self.method).applied(recipe)
        if self.textures is None or model is None or recipe.spec.start == "photograph":
            return plain
        return self.textures.applied(recipe, model) or plain

    @property
    def manners(self) -> tuple[Manner, ...]:
        plain = Manner(self.hyperparams, self.method)
        return (plain, *self.textures.all) if self.textures else (plain,)


def method_of(spec: Spec) -> dict[str, Any]:
    """What a preset decides of a spec; a photograph to start from is nobody else's."""
    return {name: getattr(spec, name) for name in METHOD if name != "start"}


def yosinski(number: int, iterations: int, step: float, seen: str, original: str, *operators: Operator) -> Preset:
    """His operators and iterations; the step in grey levels of 255.

    He chose it for one network's inputs and gradients.
    """
    return Preset(
        f"yosinski-{number}",
        f"Yosinski 2015, setting {number}",
        "Yosinski et al. 2015, Understanding Neural Networks Through Deep Visualization, table 1",
        Hyperparams(step, (), operators),
        dict(
            parametrization=PixelImage(128.0, 17.0),
            optimizer=GradientAscent("rms"),
            iterations=iterations,
            redirected=0,
        ),
        note=f"{seen} Each step moves the pixels by {step:g} of 255 levels (root mean square), "
        "whatever the network and the layer. "
        f"In the original, made for CaffeNet and printed with its contrast stretched: {original}.",
    )


def texture(decay: float, iterations: int, border: int = BORDER) -> Manner:
    """All waves at once, twice the rate, and as much of the pattern seen around a tile as its edge needs."""
    seen = (Pad(border, "grey"), Jitter(16), Scale(0.9, 1.2), Rotate(12.0), Narrow(0.8))
    return Manner(Hyperparams(0.35, seen), dict(parametrization=FourierImage(decay=decay), iterations=iterations))


TEXTURES = Textures(texture(1.4, 224), texture(1.3, 224), texture(1.4, 192, SMALL_BORDER))

PRESETS = (
    Preset(
        "good",
        "Good default",
        (
            "actviz: wide random views, a smooth spectrum and a quick optimizer, "
            "chosen by measurement (docs/measurements.md)"
        ),
        Hyperparams(),
        textures=TEXTURES,
        note="A clean texture, pattern or object in natural colours that fills the picture. Where a cell of the target "
        "sees at most three quarters of the picture, all waves are there at once and the learning rate is double; "
        "where it sees still less, or the picture is small, a tile is made that repeats.",
    ),
    Preset(
        "textbook",
        "Textbook",
        "Chollet 2017, Deep Learning with Python, section 5.4.2",
        Hyperparams(1.0, (), ()),
        dict(parametrization=PixelImage(138.0, 10.0), optimizer=GradientAscent("rms"), iterations=40, redirected=0),
        made_for=("vgg16", Channel("features.28", 0)),
        note="Plain gradient ascent on pixels: nothing keeps fine noise away, in which deep layers and classes drown; "
        "the other presets are for that.",
    ),
    yosinski(
        1,
        500,
        6.0,
        "A few important parts in sharp lines on a grey ground.",
        "rise of the score in each step 2, learning rate at most 100",
        Blur(0.5, 4),
        SmallNorm(50.0),
    ),
    yosinski(
        2,
        750,
        20.0,
        (
            "Fine, high-frequency lines on grey: nothing smooths here, and the strong decay keeps only "
            "what the last few steps drew."
        ),
        "learning rate 100",
        Decay(0.3),
        SmallNorm(20.0),
    ),
    yosinski(
        3,
        1000,
        8.0,
        (
            "Broad, smooth shapes that fill the picture, the clearest of the four; "
            "most of the paper's pictures are made this way."
        ),
        "learning rate 100",
        Decay(0.0001),
        Blur(1.0, 4),
    ),
    yosinski(
        4,
        1000,
        12.0,
        "Only the pixels that matter most, scattered over grey.",
        "the 90 % of pixels that contribute least wiped, where scattered dots would be left of networks whose "
        "gradient changes from pixel to pixel; rise of the score in each step 2, learning rate at most 1e8",
        Blur(0.5, 4),
        SmallContribution(50.0),
    ),
    Preset(
        "lucid",
        "Lucid",
        "Olah et al. 2018, the Lucid library's standard settings",
        # Lucid pads by 12 and its jitters of 8 and 4 crop 6 of them away on each side again.
        Hyperparams(0.05, (Pad(6, "grey"), Jitter(4), Scale(0.9, 1.1), Rotate(10.0), Jitter(2)), ()),
        dict(parametrization=FourierImage(), optimizer=Adam(), iterations=512, redirected=16),
        note="A clear pattern or object in natural colours, with more fine detail than the Good default.",
    ),
    Preset(
        "distill",
        "Distill",
        "Olah et al. 2017, Feature Visualization, distill.pub, doi 10.23915/distill.00007",
        Hyperparams(0.05, (Pad(0, "grey"), Jitter(8), Scale(0.95, 1.05), Rotate(5.0), Jitter(4)), ()),
        dict(parametrization=FourierImage(), optimizer=Adam(), iterations=2560, redirected=16),
        note="Like Lucid with narrower views, so with more fine detail and noise; 2,560 iterations take a while.",
    ),
    Preset(
        "deepdream",
        "DeepDream",
        "Mordvintsev et al. 2015, Inceptionism, Google Research",
        Hyperparams(1.5, (Pad(0, "reflect"), Jitter(32)), ()),
        dict(
            parametrization=PixelImage(),
            optimizer=GradientAscent("mean"),
            iterations=40,
            octaves=4,
            octave_factor=1.4,
            redirected=0,
        ),
        made_for=("efficientnet_lite0", LayerEnergy("blocks.4.0")),
        note="Meant to start from a photograph and to excite a whole layer; "
        "from noise a texture of small motifs comes out.",
    ),
    Preset(
        "maco",
        "MACO",
        "Fel et al. 2023, Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization",
        Hyperparams(1.0, (Crops(32, 0.5, 0.25), Noise(0.08)), ()),
        dict(parametrization=PhaseImage(), optimizer=NAdam(), iterations=256, redirected=16),
        note="The motif here and there in a cloud of natural contrast and soft colours. "
        "32 crops in every iteration are slow on a CPU. "
        "The original's crops go down to .05 of a larger picture's side; "
        "at the size of these networks' inputs that leaves a few pixels, so here they end at .25.",
    ),
)
"""Recipes of the literature by their names, and a good default; each says its source."""


def preset_of(recipe: Recipe, presets: Sequence[Preset] = PRESETS) -> Preset | None:
    """The preset that the settings are at the recipe's end, for however many iterations; None where they are none."""
    ended = replace(recipe, hyperparams=recipe.final, changes=(), picture=0, origin=None)
    for known in presets:
        for manner in known.manners:
            if manner.hyperparams != ended.hyperparams:
                continue  # told at once: pages ask at every look
            made = manner.applied(recipe).spec
            tile = recipe.spec.tile if known.textures and manner in known.textures.all else made.tile
            if replace(made, iterations=recipe.spec.iterations, tile=tile) == ended.spec:
                return known
    return None


def followed(recipe: Recipe, spec: Spec, model: AnyModel, presets: Sequence[Preset] = PRESETS) -> Recipe:
    """The recipe's settings for another target, size or network: a preset's, where they are one's.

    The iterations stay where they are not the preset's own. Raises ImageTooSmall.
    """
    after = replace(recipe, spec=spec, hyperparams=recipe.final, changes=(), picture=0)
    known = preset_of(recipe, presets)
    if known is None or known.textures is None:
        return after
    same = (recipe.spec.model, recipe.spec.weights) == (spec.model, spec.weights)
    if recipe.spec.tile and same and recipe.spec.tile != known.applied(recipe, model).spec.tile:
        return after  # a tile of one's own
    applied = known.applied(after, model)
    if any(manner.applied(recipe).spec.iterations == recipe.spec.iterations for manner in known.manners):
        return applied
    return replace(applied, spec=replace(applied.spec, iterations=recipe.spec.iterations))


def preset(name: str) -> Preset:
    """A preset by its name; ActvizError with near names."""
    for known in PRESETS:
        if known.name == name:
            return known
    names = [known.name for known in PRESETS]
    raise ActvizError(f"there is no preset {name!r}{near(name, names)}; there are {', '.join(names)}.")
