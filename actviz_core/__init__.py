"""actviz_core: activation maximization as a library; knows images, networks and gradient ascent, and no screen."""

import os
import signal
import sys

if sys.argv[:1] == ["-m"]:  # python -m actviz_core: its imports take seconds, and Ctrl-C meanwhile deserves no traceback
    signal.signal(signal.SIGINT, lambda number, frame: os._exit(130))

from . import export, machine, origin, photographs
from .catalogue import Entry, catalogue, register
from .comparison import ALL_LOCKED, BOARD_CHANGES, FILLS, FINEST, MOST, Axis, Column, Comparison, Sweep, check_fill, filled, sweep
from .contact import contact_sheet, gallery_sheet, gallery_table, read_comparison
from .diagnosis import REMEDIES, Diagnosis, diagnose
from .errors import ActvizError, Diverged, ImageTooSmall, OutOfMemory
from .film import FILMS, Film, encode
from .frames import Frame, Snapshot
from .gallery import Gallery, Tile, batch_size, rendering
from .history import History, Point
from .judgement import Judgement, judge
from .layers import OUTPUT, Layer, find_layer, list_layers
from .models import Model, choose_device, load_model
from .objectives import OBJECTIVES, Channel, ClassLogit, Direction, Diversity, LayerEnergy, Neuron, Objective, Sum, Term, class_layer
from .optimization import optimize, replay, steps
from .optimizers import OPTIMIZERS, SGD, Adam, Ascent, NAdam, Optimizer
from .passes import together
from .parametrizations import PARAMETRIZATIONS, FourierImage, Parametrization, PhaseImage, PixelImage, spectrum_of
from .presets import PRESETS, Preset, preset
from .recipe import MOST_CHANGES, Change, Hyperparams, Recipe, Spec, label_of
from .regularizers import (
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
from .scheduler import Run, Scheduler
from .settings import Setting, described, kind
from .store import Store, default_folder
from .transforms import TRANSFORMS, BlurView, Crops, Flip, Jitter, Narrow, Noise, Pad, Rotate, Scale, Transform

__all__ = [name for name in dir() if not name.startswith("_") and name not in ("os", "signal", "sys")]
