"""The viewer's own JavaScript, and Plotly's from its package: nothing comes from outside."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import plotly
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

HERE = Path(__file__).parent
SCRIPTS = {path.name: path for path in sorted(HERE.glob("*.js"))}
FILES = SCRIPTS | {"plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js"}
STYLE = (HERE / "viewer.css").read_text(encoding="utf-8")

# Part of every file's address, so that browsers may keep the files for ever.
VERSION = hashlib.sha256(b"".join([plotly.__version__.encode(), *(path.read_bytes() for path in SCRIPTS.values())])).hexdigest()[:12]


def serving(files: Mapping[str, Path], version: str) -> Callable[[Request], FileResponse]:
    """An endpoint for these scripts by name, under an address with their version in it."""

    def file(request: Request) -> FileResponse:
        path, fresh = files.get(request.path_params["file"]), request.path_params["version"] == version
        if path is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
        return FileResponse(path, media_type="text/javascript", headers=headers)

    return file


viewer_file = serving(FILES, VERSION)
