"""The opening: all that must have happened before the first visitor, so that thirty at once meet nothing half made.

Two threads that import at once see half of a module (Plotly and Streamlit look for pandas in `sys.modules`), and what
the first visitor loads all others wait for.
"""

from importlib import import_module

from PIL import Image
from starlette.formparsers import MultiPartParser

from actviz_core import list_layers, photographs
from dashboard.actions import membership
from dashboard.state import services, streamlit_private
from dashboard.state.page_state import START
from dashboard.views import classroom, compare, explain, explore, gallery, glossary, layers, learn
from dashboard.widgets import keyboard

PAGES = (
    classroom,
    compare,
    explain,
    explore,
    gallery,
    glossary,
    layers,
    learn,
    keyboard,
    membership,
)  # which their script (main.py) then finds imported

FORM = 2**16  # bytes around a file in what a browser sends

# Imported by libraries at first use, while people wait; every browser test's server writes down what is missing here.
AT_FIRST_USE = (
    "encodings.cp437",
    "encodings.utf_8_sig",
    "jinja2",
    "pandas",
    "pyarrow.pandas_compat",
)


def keep_images_in_memory() -> None:
    """What is uploaded may be somebody's image: nothing of it lies on the disk, not even until it has been read."""
    MultiPartParser.spool_max_size = photographs.LARGEST_FILE + FORM


def prepare() -> None:
    """Everything that any page needs is imported.

    The network that everybody sees first is loaded and its layers listed.
    """
    for name in AT_FIRST_USE:
        import_module(name)
    streamlit_private.import_all()
    Image.init()
    streamlit_private.ask_nobody_outside()
    keep_images_in_memory()
    spec = START.spec
    model = services.model(spec.model, spec.weights)
    list_layers(model, spec.height, spec.width)
    services.store()
