"""What the pages are set to and show: one frozen value, kept with its visitor and replaced as a whole."""

from dataclasses import dataclass, replace

from actviz_core import FILLS, ActvizError, Channel, Comparison, Objective, Preset, Recipe, Spec, Sum, Sweep
from dashboard.state.explaining import Explaining, Picture, Seen
from dashboard.state.learning import Learning

START = Recipe(Spec("efficientnet_lite0", Channel("blocks.4.0", 20)))
# The first picture, which nobody has to ask for: small, so that thirty at once may have theirs, and long enough to be
# seen forming, for the first second of it passes while the page is still being put together.
WELCOME = replace(START, spec=replace(START.spec, height=128, width=128, iterations=192))

SIZES = (64, 96, 128)
MOST_TARGETS = 64  # remembered
LONGEST_GALLERY = 2048  # iterations of each picture


def about(recipe: Recipe) -> tuple[str, str, str]:
    """What a gallery depends on in a recipe: network, weights, layer."""
    return recipe.spec.model, recipe.spec.weights, getattr(recipe.spec.objectives[0], "layer", "")


@dataclass(frozen=True)
class GalleryChoice:
    """What the Gallery page shows.

    It holds while the recipe `about` stays what it was: after another choice in Explore it begins anew.
    """

    about: tuple[str, str, str]
    layer: str
    size: int = 96
    iterations: int = 64
    channel: int | None = None

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            sizes = ", ".join(map(str, SIZES))
            raise ActvizError(f"a picture of a gallery has one of the sizes {sizes}; {self.size} is none of them.")
        if not 1 <= self.iterations <= LONGEST_GALLERY:
            raise ActvizError(
                f"a picture of a gallery takes 1 to {LONGEST_GALLERY} iterations; {self.iterations} is outside of that."
            )


@dataclass(frozen=True)
class LayersChoice:
    """What the Layers page shows: a layer of the network `about`, and the channel that is looked at, if any."""

    about: tuple[str, str]
    layer: str
    channel: int | None = None


@dataclass(frozen=True)
class Opened:
    """What Explore was opened with: a file's name or the Gallery, the recipe, and the picture as a JPEG.

    picture  b"" where there is none
    sketch   how wide the Gallery's picture is, which the recipe makes larger; 0: the picture is the recipe's own
    """

    name: str
    recipe: Recipe
    picture: bytes = b""
    sketch: int = 0


@dataclass(frozen=True)
class Lent:
    """What Explain and Layers were about before a lesson's step put its own photograph in their place.

    place  of the step, a lesson's name and an id
    """

    place: tuple[str, str]
    image: Picture | None
    explanation: Explaining


@dataclass(frozen=True)
class PageState:
    """Runs are named by their keys.

    recipe, run            what Explore is set to, and the run that it shows
    opened                 the file or tile whose picture it shows instead of a run's, None where it shows a run or
                           nothing
    comparison, fill       what Compare is set to, and which columns it offers to create
    board, difference      the runs of its columns; the two whose difference is shown
    sweep, swept, picked   the runs of its sweep; what that is of; the one that was clicked
    sweeping               whether it shows the sweep, and the columns wait
    gallery, layer         what Gallery and Layers are set to, None at first
    explanation, image     what Explain is set to; the image that it is about, None at first
    seen, explained        what the network sees of that, and what is explained of it; None before the first drawing
    learning               what was done of the lessons, and which one is open
    lent                   what Explain was set to before a lesson; None while no lesson shows an image
    presets                the visitor's own
    targets                what was maximized before, the last of each kind and layer, the newest at the end
    wish                   the channel wanted of a target whose layer has too few, and that target; void with another
                           one
    closed                 the tips that are not to be shown again
    """

    recipe: Recipe = START
    run: str = ""
    opened: Opened | None = None
    comparison: Comparison = Comparison()
    fill: str = next(iter(FILLS))
    board: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()
    sweep: tuple[str, ...] = ()
    swept: Sweep | None = None
    picked: str = ""
    sweeping: bool = False
    gallery: GalleryChoice | None = None
    layer: LayersChoice | None = None
    explanation: Explaining = Explaining()
    image: Picture | None = None
    seen: Seen | None = None
    explained: Objective | None = None
    learning: Learning = Learning()
    lent: Lent | None = None
    presets: tuple[Preset, ...] = ()
    targets: tuple[Objective, ...] = ()
    wish: tuple[Objective, int] | None = None
    closed: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The runs that Compare shows."""
        return self.sweep if self.sweeping else self.board

    @property
    def bytes(self) -> int:
        """What the images take, the only things here that are large."""
        images = (self.image, self.lent.image if self.lent else None)
        return sum(image.pixels.nbytes for image in images if image)

    def set_to(self, recipe: Recipe) -> "PageState":
        """Explore is set to another recipe; what it was set to is remembered."""
        told = {(type(each), getattr(each, "layer", "")): each for each in self.targets}
        for each in (*targets_of(self.recipe), *targets_of(recipe)):
            told.pop(key := (type(each), getattr(each, "layer", "")), None)
            told[key] = each
        wish = self.wish if self.wish and self.wish[0] in targets_of(recipe) else None
        return replace(self, recipe=recipe, targets=tuple(told.values())[-MOST_TARGETS:], wish=wish)

    def wished(self, objective: Objective) -> Objective:
        """The target that was wanted where this one stands in for it."""
        return replace(objective, channel=self.wish[1]) if self.wish and self.wish[0] == objective else objective


def targets_of(recipe: Recipe) -> list[Objective]:
    """What a recipe maximizes, sums taken apart."""
    return [
        part
        for each in recipe.spec.objectives
        for part in ([term.objective for term in each.terms] if isinstance(each, Sum) else [each])
    ]
