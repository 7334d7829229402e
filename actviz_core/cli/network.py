"""The network that a command is about, as options."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ..errors import ActvizError
from ..models.model import Model, load_model
from ..models.own import register
from ..models.weights import weights_name
from .options import option

USUAL = "efficientnet_lite0"  # needs no download


@dataclass(frozen=True)
class ModelOptions:
    """A network, its weights, and where it computes."""

    model: str = option("", help="a name from `models`, timm/NAME, or package.module:function of your own")
    weights: str = option("", help="untrained, or a file of weights for that architecture")
    input_size: str = option("", metavar="64x96", help="what a network of your own takes, in pixels; 224 if not given")
    mean: str = option(
        "", metavar="0.5,0.4,0.3", help="of each channel of its input, of images in [0, 1]; 0 if not given"
    )
    std: str = option("", metavar="0.2,0.2,0.2", help="the same; 1 if not given")
    labels: str = option("", metavar="FILE", help="the names of its classes, one a line")
    device: str = option("auto", help="auto, cpu, cuda, mps")


def loaded(usual: str, options: ModelOptions, recorded: str = "") -> Model:
    """The network that the options name, else the usual one.

    What a recipe says is neither imported nor opened: `recorded` are its weights. Raises ActvizError for names and
    files that cannot be used.
    """
    register_own(options)
    if not options.weights and recorded not in ("", "untrained"):
        raise lacks_weights(recorded)
    return load_model(options.model or usual, options.device, options.weights or recorded)


def loader(options: ModelOptions) -> Callable[[str, str], Model]:
    """(name, weights as a recipe records them) -> network, each loaded once.

    ActvizError for weights that are not the published ones and not those of the options.
    """
    register_own(options)
    own = weights_name(options.weights)

    @cache
    def load(name: str, weights: str) -> Model:
        if weights not in ("", "untrained", own):
            raise lacks_weights(weights)
        return load_model(name, options.device, options.weights if weights == own else weights)

    return load


def register_own(options: ModelOptions) -> None:
    """Makes a network of one's own known by its name."""
    if ":" in options.model:
        register(options.model, options.input_size, options.mean, options.std, options.labels)


def lacks_weights(recorded: str) -> ActvizError:
    """What is said where a recipe's weights are those of a file that was not named."""
    return ActvizError(f"the recipe needs a file of weights ({recorded:.24}...); name it with --weights.")
