"""The gallery's JavaScript and style; its building blocks are the viewer's."""

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

from dashboard.viewer import files as viewer

HERE = Path(__file__).parent
FILES = {path.name: path for path in sorted(HERE.glob("*.js"))} | {"element.js": viewer.SCRIPTS["element.js"]}
STYLE = viewer.STYLE + (HERE / "gallery.css").read_text(encoding="utf-8")
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:12]


def gallery_file(request: Request) -> FileResponse:
    path, fresh = FILES.get(request.path_params["file"]), request.path_params["version"] == VERSION
    if path is None:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
    return FileResponse(path, media_type="text/javascript", headers=headers)
