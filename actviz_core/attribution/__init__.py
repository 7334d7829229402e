"""Where in an image a score comes from: maps of images. To add a method is one class and one entry here."""

from ..registry import register_kinds
from .attribute import Attribute, AttributionFrame, attribute
from .cams import GradCam
from .gradients import InputXGradient, Saliency
from .maps import Maps
from .method import Method
from .smoothed import SmoothGrad, VarGrad
from .subject import Subject

METHODS = register_kinds(Method, Saliency, SmoothGrad, VarGrad, InputXGradient, GradCam)
"""The methods that recipes, links and the page may name."""

__all__ = [
    "METHODS",
    "Attribute",
    "AttributionFrame",
    "GradCam",
    "InputXGradient",
    "Maps",
    "Method",
    "Saliency",
    "SmoothGrad",
    "Subject",
    "VarGrad",
    "attribute",
]
