"""Where in an image a score comes from: maps of images. To add a method is one class and one entry here."""

from ..registry import register_kinds
from .ablation_cam import AblationCam
from .attribute import Attribute, AttributeAtOnce, AttributionFrame, attribute
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
from .feature_maps import FeatureMaps, LayerMaps, feature_maps
from .gradients import InputXGradient, Saliency
from .guided import Deconvolution, GuidedBackpropagation, GuidedGradCam
from .integrated import IntegratedGradients
from .maps import Maps
from .method import Method
from .occlusion import Occlusion
from .placement import resized
from .rise import Rise
from .scale import ColourScale, words_of
from .score_cam import ScoreCam
from .smoothed import SmoothGrad, VarGrad
from .subject import Subject

METHODS = register_kinds(
    Method,
    Saliency,
    SmoothGrad,
    VarGrad,
    InputXGradient,
    IntegratedGradients,
    GuidedBackpropagation,
    Deconvolution,
    GradCam,
    GuidedGradCam,
    GradCamPlusPlus,
    HiresCam,
    LayerCam,
    GradientTimesActivation,
    Cam,
    ScoreCam,
    AblationCam,
    EigenCam,
    Occlusion,
    Rise,
)
"""The methods that recipes, links and the page may name."""

__all__ = [
    "AblationCam",
    "Attribute",
    "AttributeAtOnce",
    "AttributeEveryLayer",
    "AttributeLayers",
    "AttributionFrame",
    "Cam",
    "ColourScale",
    "Deconvolution",
    "EigenCam",
    "FeatureMaps",
    "GradCam",
    "GradCamPlusPlus",
    "GradientCam",
    "GradientTimesActivation",
    "GuidedBackpropagation",
    "GuidedGradCam",
    "HiresCam",
    "InputXGradient",
    "LayerCam",
    "LayerMaps",
    "METHODS",
    "IntegratedGradients",
    "Maps",
    "Method",
    "Occlusion",
    "Rise",
    "Saliency",
    "ScoreCam",
    "SmoothGrad",
    "Subject",
    "VarGrad",
    "attribute",
    "attribute_layers",
    "feature_maps",
    "resized",
    "words_of",
]
