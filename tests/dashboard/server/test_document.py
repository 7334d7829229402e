from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.server.document import Styled

STYLE = "p { color: red; }"
PAGE = f"<html><body><p>{'words ' * 500}</p></body></html>"
BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-encoding": "gzip", "if-none-match": '"known"'}


async def page(request):
    if request.headers.get("if-none-match"):
        return HTMLResponse(status_code=304)
    return HTMLResponse(PAGE, headers={"etag": '"known"'})


async def parts(request):
    return StreamingResponse(iter([PAGE[:100], PAGE[100:]]), media_type="text/html")


async def numbers(request):
    return JSONResponse({"page": "</body>"}, headers={"etag": '"numbers"'})


async def report(request):
    return HTMLResponse(PAGE, headers={"Content-Disposition": 'attachment; filename="my-work.html"'})


INSIDE = Starlette(
    routes=[Route("/page", page), Route("/report", report), Route("/parts", parts), Route("/numbers", numbers)],
    middleware=[Middleware(GZipMiddleware)],
)
CLIENT = TestClient(Styled(INSIDE, STYLE))


def test_a_document_ends_with_the_style_however_it_is_sent():
    for path in ("/page", "/parts"):
        answer = CLIENT.get(path, headers=BROWSER)
        named = PAGE.replace("<body>", f'<body data-page="{path[1:]}">')
        assert answer.text == named.replace("</body>", f"<style>{STYLE}</style></body>")
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert "etag" not in answer.headers


def test_all_else_is_sent_as_it_is():
    for headers in (BROWSER, {"accept": "*/*"}):
        answer = CLIENT.get("/numbers", headers=headers)
        assert answer.json() == {"page": "</body>"}
        assert answer.headers["etag"] == '"numbers"'
    assert CLIENT.get("/page", headers={"accept": "*/*"}).text == PAGE
    assert CLIENT.get("/report", headers=BROWSER).text == PAGE  # a file that is saved


def test_only_a_name_becomes_part_of_the_document():
    answer = CLIENT.get("/%22%3E%3Cscript%3E", headers=BROWSER)
    assert "<script>" not in answer.text
    inside = Starlette(routes=[Route("/{any:path}", page)])
    assert 'data-page=""' in TestClient(Styled(inside, STYLE)).get("/%22%3E%3Cscript%3E", headers=BROWSER).text
