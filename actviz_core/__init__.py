"""actviz_core: activation maximization as a library; knows images, networks and gradient ascent, and no screen."""

import os
import signal
import sys

# python -m actviz_core: its imports take seconds, and Ctrl-C meanwhile deserves no traceback.
if sys.argv[:1] == ["-m"]:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

from . import export, files, machine, origin, quiz, reading
from .attribution import (
    METHODS,
    Attribute,
    AttributeAtOnce,
    AttributeEveryLayer,
    AttributeLayers,
    AttributionFrame,
    ColourScale,
    Deconvolution,
    FeatureMaps,
    GradCam,
    GradientCam,
    GuidedBackpropagation,
    LayerMaps,
    Maps,
    Method,
    Saliency,
    attribute,
    attribute_layers,
    words_of,
)
from .attribution.decision import DecisionFrame, TurnDecision
from .attribution.explanation import Explanation, Explanations, image_hash
from .attribution.gains import ChannelGains
from .attribution.masking import Touch, masked
from .attribution.placement import resized
from .attribution.prediction import Predict, Prediction
from .dataset import framing, photographs, samples
from .dataset.index import DamagedIndex, Index, Patch, UnitRecord
from .dataset.sources import Folder, Samples
from .errors import ActvizError, Diverged, DownloadFailed, ImageTooSmall, NotAllowed, OtherKind, OutOfMemory
from .evaluation.agreement import AgreementFrame, MeasureAgreement, variants
from .evaluation.deletion import Curves, DeletionFrame, MeasureDeletion
from .evaluation.diagnosis import Diagnosis, diagnose
from .evaluation.held_out import Judge, Judgement, judge
from .evaluation.noise import noise
from .evaluation.randomization import CascadeFrame, CascadeStage, Randomize
from .evaluation.remedies import REMEDIES
from .export.animation import FILMS, Film, encode
from .export.report import Chapter, Exhibit, report
from .export.script import WriteScript, script_of
from .frames import Frame, Snapshot
from .lessons.checks import Check, Measure, parse_check, parse_measure
from .lessons.course import Course, read_course
from .lessons.gained import FindGained, find_gained
from .lessons.glossary import Word, glossary, word_of_kind
from .lessons.lesson import After, Choice, Estimate, Lesson, Question, Solution, Step, StepGained, StepImage, StepRun
from .lessons.observed import work_of
from .lessons.problems import LessonError, Problem
from .lessons.reading import read_lesson
from .lessons.steering import choose
from .lessons.verdicts import Verdict
from .lessons.work import ImageWork, RunWork, Work
from .models.catalogue import catalogue
from .models.device import choose_device
from .models.handle import Describe, ModelHandle
from .models.kept import KeptModels
from .models.layer import OUTPUT, Layer
from .models.layers import find_layer, list_layers
from .models.model import Model, load_model
from .models.own import register
from .models.receptive_field import FieldOf, ReceptiveField, receptive_field
from .models.source import Entry
from .numerals import written
from .objectives import (
    OBJECTIVES,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    LayerEnergy,
    Neuron,
    Objective,
    Sum,
    Term,
    class_layer,
    class_name,
)
from .optimization.changes import MOST_CHANGES, Change
from .optimization.hyperparams import Hyperparams, label_of
from .optimization.in_step import together
from .optimization.loop import Ascent, optimize, replay
from .optimization.manners import Manner, Textures
from .optimization.optimizers import OPTIMIZERS, SGD, Adam, GradientAscent, NAdam, Optimizer
from .optimization.parametrizations import (
    PARAMETRIZATIONS,
    FourierImage,
    Parametrization,
    PhaseImage,
    PixelImage,
)
from .optimization.presets import PRESETS, Preset, followed, method_of, preset, preset_of
from .optimization.recipe import Recipe
from .optimization.regularizers import (
    L1,
    L2,
    REGULARIZERS,
    Blur,
    Boundary,
    Decay,
    HighFrequency,
    Lp,
    Regularizer,
    SmallContribution,
    SmallNorm,
    TotalVariation,
)
from .optimization.spec import Spec
from .optimization.transforms import (
    TRANSFORMS,
    BlurView,
    Crops,
    Flip,
    Jitter,
    Narrow,
    Noise,
    Pad,
    Rotate,
    Scale,
    Transform,
)
from .optimization.waves import spectrum_of
from .optimization.work import Replay, ReplayInStep, alike
from .registry import kind, kinds, register_kinds
from .runs.history import History, Point
from .runs.run import Run
from .runs.scheduler import Scheduler
from .runs.task import Result, Task
from .settings import Checked, Setting, check_range, described, setting, to_data
from .studies import labels
from .studies.comparison import ALL_LOCKED, BOARD_CHANGES, FINEST, MOST, Column, Comparison
from .studies.fills import FILLS, check_fill, filled
from .studies.gallery import Gallery, GalleryFrame, RenderTiles, Tile, batch_size, rendering
from .studies.indexing import IndexFrame, IndexImages, find_index, index_folder
from .studies.sheet import contact_sheet, gallery_sheet, gallery_table, read_comparison
from .studies.store import Store, default_folder
from .studies.sweep import Axis, Sweep, sweep

__all__ = [
    "ALL_LOCKED",
    "ActvizError",
    "Adam",
    "After",
    "AgreementFrame",
    "Ascent",
    "Attribute",
    "AttributeAtOnce",
    "AttributeEveryLayer",
    "AttributeLayers",
    "AttributionFrame",
    "Axis",
    "BOARD_CHANGES",
    "Blur",
    "BlurView",
    "Boundary",
    "CascadeFrame",
    "CascadeStage",
    "Change",
    "Channel",
    "ChannelGains",
    "Check",
    "Checked",
    "Choice",
    "Chapter",
    "ClassLogit",
    "ColourScale",
    "Column",
    "Comparison",
    "Course",
    "Crops",
    "Curves",
    "DamagedIndex",
    "Decay",
    "Deconvolution",
    "DecisionFrame",
    "DeletionFrame",
    "Describe",
    "Diagnosis",
    "Direction",
    "Diverged",
    "Diversity",
    "DownloadFailed",
    "Entry",
    "Estimate",
    "Explanation",
    "Explanations",
    "FILLS",
    "FILMS",
    "FINEST",
    "FeatureMaps",
    "Exhibit",
    "FieldOf",
    "FindGained",
    "Film",
    "Flip",
    "Folder",
    "FourierImage",
    "Frame",
    "Gallery",
    "GalleryFrame",
    "GradCam",
    "GradientAscent",
    "GradientCam",
    "GuidedBackpropagation",
    "HighFrequency",
    "History",
    "Hyperparams",
    "ImageTooSmall",
    "ImageWork",
    "Index",
    "IndexFrame",
    "IndexImages",
    "Jitter",
    "Judge",
    "Judgement",
    "KeptModels",
    "L1",
    "L2",
    "Layer",
    "LayerEnergy",
    "LayerMaps",
    "Lesson",
    "LessonError",
    "Lp",
    "METHODS",
    "MOST",
    "MOST_CHANGES",
    "Manner",
    "Maps",
    "Measure",
    "MeasureAgreement",
    "MeasureDeletion",
    "Method",
    "Model",
    "ModelHandle",
    "NAdam",
    "Narrow",
    "Neuron",
    "Noise",
    "NotAllowed",
    "OBJECTIVES",
    "OPTIMIZERS",
    "OUTPUT",
    "Objective",
    "Optimizer",
    "OtherKind",
    "OutOfMemory",
    "PARAMETRIZATIONS",
    "PRESETS",
    "Pad",
    "Patch",
    "Parametrization",
    "PhaseImage",
    "PixelImage",
    "Point",
    "Predict",
    "Prediction",
    "Preset",
    "Problem",
    "Question",
    "REGULARIZERS",
    "REMEDIES",
    "Randomize",
    "ReceptiveField",
    "Recipe",
    "Regularizer",
    "RenderTiles",
    "Replay",
    "ReplayInStep",
    "Result",
    "Rotate",
    "Run",
    "RunWork",
    "Saliency",
    "SGD",
    "Samples",
    "Scale",
    "Scheduler",
    "Setting",
    "SmallContribution",
    "SmallNorm",
    "Snapshot",
    "Solution",
    "Spec",
    "Step",
    "StepGained",
    "StepImage",
    "StepRun",
    "Store",
    "Sum",
    "Sweep",
    "TRANSFORMS",
    "Task",
    "Term",
    "Textures",
    "Tile",
    "TotalVariation",
    "Touch",
    "Transform",
    "TurnDecision",
    "UnitRecord",
    "Verdict",
    "Word",
    "Work",
    "WriteScript",
    "alike",
    "attribute",
    "attribute_layers",
    "batch_size",
    "catalogue",
    "check_fill",
    "check_range",
    "choose",
    "choose_device",
    "class_layer",
    "class_name",
    "contact_sheet",
    "default_folder",
    "described",
    "diagnose",
    "encode",
    "export",
    "files",
    "filled",
    "find_gained",
    "find_index",
    "find_layer",
    "followed",
    "framing",
    "gallery_sheet",
    "gallery_table",
    "glossary",
    "image_hash",
    "index_folder",
    "judge",
    "kind",
    "kinds",
    "label_of",
    "labels",
    "list_layers",
    "load_model",
    "machine",
    "masked",
    "method_of",
    "noise",
    "optimize",
    "origin",
    "parse_check",
    "parse_measure",
    "photographs",
    "preset",
    "preset_of",
    "quiz",
    "read_comparison",
    "read_course",
    "read_lesson",
    "reading",
    "receptive_field",
    "register",
    "register_kinds",
    "rendering",
    "replay",
    "report",
    "resized",
    "samples",
    "script_of",
    "setting",
    "spectrum_of",
    "sweep",
    "to_data",
    "together",
    "variants",
    "word_of_kind",
    "words_of",
    "work_of",
    "written",
]
