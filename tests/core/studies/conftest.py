import pytest
from PIL import Image

from actviz_core.studies import turn
from tests.core.studies.images import pictures


@pytest.fixture(autouse=True)
def frames_after_each_pass(monkeypatch):
    """However long a test takes in between."""
    monkeypatch.setattr(turn, "LONGEST", 0)


@pytest.fixture
def folder(tmp_path):
    """Eleven pictures of the network's size; a copy of the third, one that is no image, one that is cut short."""
    place = tmp_path / "images"
    (place / "more").mkdir(parents=True)
    for number, picture in enumerate(pictures(11)):
        Image.fromarray(picture).save(place / f"{number:02}.png")
    Image.fromarray(pictures(11)[2]).save(place / "more" / "copy.png", compress_level=0)
    (place / "notes.jpg").write_text("no image")
    (place / "short.png").write_bytes((place / "00.png").read_bytes()[:200])
    (place / ".hidden.png").write_bytes(b"")
    return place
