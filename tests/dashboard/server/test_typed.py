"""Addresses of pages as people type them."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.server import typed


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/explore", "/"),
        ("/Explore?recipe=%7B%7D&a=b", "/?recipe=%7B%7D&a=b"),
        ("/index", "/"),
        ("/Learn?lesson=first", "/learn?lesson=first"),
    ],
)
@pytest.mark.parametrize("base", ["", "a/b"])
def test_a_typed_name_leads_to_its_page_with_all_that_the_address_says(base, asked, led):
    below = f"/{base}" if base else ""
    client = TestClient(Starlette(routes=typed.routes(base)), base_url="http://here", follow_redirects=False)
    answer = client.get(below + asked)
    assert answer.status_code == 307 and answer.next_request is not None
    assert str(answer.next_request.url) == f"http://here{below}{led}"


def test_the_pages_own_names_are_theirs():
    assert TestClient(Starlette(routes=typed.routes())).get("/learn").status_code == 404
