"""The components' JavaScript and styles, and Plotly's from its package: nothing comes from outside.

A script's address is its place below `components`: modules import each other in the browser as they do on disk.
"""

import hashlib
from pathlib import Path

import plotly
import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

COMPONENTS = Path(__file__).parents[1] / "components"
SCRIPTS = {path.relative_to(COMPONENTS).as_posix(): path for path in sorted(COMPONENTS.rglob("*.js"))}
FILES = SCRIPTS | {"plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js"}

# Part of every file's address, so that browsers may keep the files for ever.
VERSION = hashlib.sha256(
    b"".join([plotly.__version__.encode(), *(path.read_bytes() for path in SCRIPTS.values())])
).hexdigest()[:12]

# Modules import each other, which code handed to Streamlit as a text cannot: it only fetches the first of them.
# Fetching takes its time, and what was asked for first may come last: only the newest call counts. Streamlit also ends
# calls that are merely superseded; what is mounted ends with the newest call, or with its place on the page.
LOADER = """
export default (component) => {
    const { parentElement, data } = component;
    const module = import(new URL(data.files + "MODULE", location.origin).href);
    const newest = () => parentElement.newestCall === component;
    parentElement.newestCall = component;
    module.then(({ mount }) => newest() && mount(component));
    return () => setTimeout(() => {
        if (newest() || !parentElement.isConnected) module.then(({ unmount }) => unmount(parentElement));
    });
};
"""


def loader(module: str) -> str:
    """The JavaScript of a component whose `data.files` is where the module lies; it exports `mount` and `unmount`."""
    return LOADER.replace("MODULE", module)


def base() -> str:
    """What all addresses of this server begin with."""
    return f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")


def address() -> str:
    """Where the scripts lie."""
    return f"{base()}/components/{VERSION}/"


def style(*files: str) -> str:
    """What these style sheets hold."""
    return "".join((COMPONENTS / file).read_text(encoding="utf-8") for file in files)


def script(request: Request) -> FileResponse:
    """The endpoint: a script by its place below `components`, under an address with their version in it."""
    path, fresh = FILES.get(request.path_params["file"]), request.path_params["version"] == VERSION
    if path is None:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
    return FileResponse(path, media_type="text/javascript", headers=headers)
