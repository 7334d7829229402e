"""The entry point: Streamlit's pages and the live route, in one server. `streamlit run dashboard/app.py`"""

import gc

# What is imported stays for ever: looking through all of it again and again would take a fifth of the start.
gc.disable()

import argparse
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from actviz_core import machine, register
from dashboard import closing, opening
from dashboard.jobs.exports import EXPORTS
from dashboard.jobs.filling import FILLINGS
from dashboard.jobs.indexing import INDEXINGS
from dashboard.server import blocks, classroom, explain, gallery, layers, lessons, quiz, report, sockets, typed, units
from dashboard.server.document import Styled
from dashboard.server.live import routes
from dashboard.state.class_file import CLASS_FILE
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning
from dashboard.state.quizzing import QUIZZING
from dashboard.state.visitors import VISITORS
from dashboard.state.welcome import Welcome
from dashboard.widgets import neutral

options = argparse.ArgumentParser(prog="streamlit run dashboard/app.py --")
options.add_argument(
    "--model", action="append", default=[], metavar="PACKAGE.MODULE:FUNCTION", help="a custom model, for all visitors"
)
for name, about in (
    ("size", "pixels a side, or HEIGHTxWIDTH"),
    ("mean", "of each channel, of images in [0, 1]"),
    ("std", "the same"),
    ("labels", "a file of class names"),
):
    options.add_argument(
        "--input-size" if name == "size" else f"--{name}", dest=name, default="", help=f"of the custom models: {about}"
    )
options.add_argument("--images", default="", metavar="FOLDER", help="images that pages may index, for all visitors")
options.add_argument("--share", action="store_true", help="for a class: print a link to join it, and the teacher's")
options.add_argument(
    "--lessons",
    action="append",
    default=[],
    metavar="FOLDER",
    help="lessons of one's own, beside those that come along",
)
options.add_argument(
    "--no-welcome", action="store_true", help="nothing begins by itself when somebody opens Explore, and no tips"
)
given = options.parse_known_args(sys.argv[1:])[0]
for own in given.model:
    register(own, given.size, given.mean, given.std, given.labels)

INDEXINGS.folder = given.images
Welcome.switched_on = not given.no_welcome
CLASSROOM.open = given.share
if given.share:
    sockets.answer_to_names_only()
    CLASS_FILE.load()
    # What thirty people have ended, or left, would fill the memory.
    VISITORS.kept = Learning.running_steps = 1
    VISITORS.absence.most, VISITORS.absence.largest = 60, 2**28
COURSES.folders = tuple(given.lessons)
machine.serve()
base = st.get_option("server.baseUrlPath")
pages = Path(__file__).with_name("main.py")
style = Path(__file__).with_name("page.css").read_text(encoding="utf-8") + neutral.style()
app = st.App(
    pages,
    middleware=[Middleware(Styled, style=style)],
    routes=[
        *routes(VISITORS, EXPORTS, base),
        *gallery.routes(VISITORS, FILLINGS, EXPORTS, base),
        *explain.routes(VISITORS, base),
        *layers.routes(VISITORS, base),
        *units.routes(VISITORS, base),
        *blocks.routes(VISITORS, base),
        *(classroom.routes(VISITORS, CLASSROOM, base, closing.url()) if given.share else ()),
        *lessons.routes(VISITORS, base),
        *quiz.routes(VISITORS, QUIZZING, base),
        *report.routes(VISITORS, EXPORTS, base),
        *typed.routes(base),
    ],
    lifespan=closing.lifespan,
)
opening.prepare()

# No garbage collection need ever look at what is here now (with torch a full one takes 0.1 s, all threads stopped).
gc.freeze()
gc.enable()
