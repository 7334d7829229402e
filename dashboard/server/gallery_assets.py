"""The gallery's JavaScript and style; its building blocks are the viewer's."""

import hashlib
from pathlib import Path

from dashboard.server import assets as viewer

HERE = Path(__file__).parents[1] / "components" / "gallery"
FILES = {path.name: path for path in sorted(HERE.glob("*.js"))} | {
    name: viewer.SCRIPTS[name] for name in ("element.js", "duration.js", "saving.js", "sidebar.js")
}
STYLE = viewer.STYLE + (HERE / "gallery.css").read_text(encoding="utf-8")
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:12]
gallery_file = viewer.serving(FILES, VERSION)
