"""What is asked of a network: the score that is maximized. To add a kind is one class and one entry here."""

from ..registry import register_kinds
from .directions import Direction
from .diversity import Diversity
from .objective import Objective, Sum, Term, terms_of
from .scores import scores_of
from .units import Channel, ClassLogit, LayerEnergy, Neuron, check_channels, class_layer, class_name

OBJECTIVES = register_kinds(Objective, Channel, Neuron, ClassLogit, LayerEnergy, Direction, Diversity, Sum)
"""The kinds of objectives that recipes, links and the page may name."""

__all__ = [
    "OBJECTIVES",
    "Channel",
    "ClassLogit",
    "Direction",
    "Diversity",
    "LayerEnergy",
    "Neuron",
    "Objective",
    "Sum",
    "Term",
    "check_channels",
    "class_layer",
    "class_name",
    "scores_of",
    "terms_of",
]
