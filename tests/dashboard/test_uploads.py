"""What people upload, on its way to the page."""

import pytest
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from actviz_core import photographs
from dashboard.opening import keep_images_in_memory


async def taken(request: Request) -> PlainTextResponse:
    """As Streamlit's own endpoint reads an upload; answers whether it lay on the disk."""
    async with request.form() as form:
        return PlainTextResponse(str(form["file"].file._rolled))


@pytest.mark.parametrize("size", [2**20 + 1, photographs.LARGEST_FILE])
def test_an_image_never_lies_on_the_disk(monkeypatch, size):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    client = TestClient(Starlette(routes=[Route("/", taken, methods=["POST"])]))
    assert client.post("/", files={"file": ("cat.png", bytes(2**20 + 1))}).text == "True", "Starlette's own way"
    keep_images_in_memory()
    assert client.post("/", files={"file": ("cat.png", bytes(size))}).text == "False"
