"""The opening: all that must have happened before the first visitor, so that thirty at once meet nothing half made.

Two threads that import at once see half of a module (Plotly and Streamlit look for pandas in `sys.modules`), and what
the first visitor loads all others wait for.
"""

from importlib import import_module

from PIL import Image

from actviz_core import list_layers
from dashboard.state import services, streamlit_private
from dashboard.state.page_state import START
from dashboard.views import compare, explain, explore, gallery

PAGES = compare, explain, explore, gallery  # which their script (main.py) then finds imported

# Imported by libraries at first use, while people wait; every browser test's server writes down what is missing here.
AT_FIRST_USE = (
    "pandas",
    "pyarrow.pandas_compat",
)


def prepare() -> None:
    """Everything that any page needs is imported.

    The network that everybody sees first is loaded and its layers listed.
    """
    for name in AT_FIRST_USE:
        import_module(name)
    streamlit_private.import_all()
    Image.init()
    streamlit_private.ask_nobody_outside()
    spec = START.spec
    model = services.model(spec.model, spec.weights)
    list_layers(model, spec.height, spec.width)
    services.store()
