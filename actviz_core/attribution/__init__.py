"""Where in an image a score comes from: maps of images. To add a method is one class and one entry here."""

from ..registry import register_kinds
from .attribute import Attribute, AttributionFrame, attribute
from .cam import Cam
from .cams import (
    EigenCam,
    GradCam,
    GradCamPlusPlus,
    GradientCam,
    GradientTimesActivation,
    HiresCam,
    LayerCam,
)
from .every_layer import AttributeEveryLayer, AttributeLayers, attribute_layers
from .gradients import InputXGradient, Saliency
from .maps import Maps
from .method import Method
from .placement import resized
from .scale import ColourScale, words_of
from .smoothed import SmoothGrad, VarGrad
from .subject import Subject

METHODS = register_kinds(
    Method,
    Saliency,
    SmoothGrad,
    VarGrad,
    InputXGradient,
    GradCam,
    GradCamPlusPlus,
    HiresCam,
    LayerCam,
    GradientTimesActivation,
    Cam,
    EigenCam,
)
"""The methods that recipes, links and the page may name."""

__all__ = [
    "Attribute",
    "AttributeEveryLayer",
    "AttributeLayers",
    "AttributionFrame",
    "Cam",
    "ColourScale",
    "EigenCam",
    "GradCam",
    "GradCamPlusPlus",
    "GradientCam",
    "GradientTimesActivation",
    "HiresCam",
    "InputXGradient",
    "LayerCam",
    "METHODS",
    "Maps",
    "Method",
    "Saliency",
    "SmoothGrad",
    "Subject",
    "VarGrad",
    "attribute",
    "attribute_layers",
    "resized",
    "words_of",
]
