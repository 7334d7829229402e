"""Pages by names that people type: Streamlit knows Explore, its first page, by no name at all, and no capitals."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

FIRST = ("explore", "Explore", "index", "Index")
PAGES = ("compare", "gallery", "explain", "layers", "learn", "glossary")


def routes(base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    base = f"/{base.strip('/')}".rstrip("/")
    return [Route(f"{base}/{name}", lead) for name in (*FIRST, *(page.capitalize() for page in PAGES))]


def lead(request: Request) -> RedirectResponse:
    """To the page that is meant, with all that the address says; relative, for the sake of proxies."""
    name = request.url.path.rpartition("/")[2].lower()
    page = f"./{name if name in PAGES else ''}"
    return RedirectResponse(f"{page}?{request.url.query}" if request.url.query else page)
