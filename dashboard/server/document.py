"""The document that a browser loads first, with the pages' style in it: what is drawn first stands where it will stay.

As an element of the page the style would come after what it is about, since Streamlit fetches the script that draws
such elements when it needs it, and everything would move.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HTML = "text/html"
BEGIN = b"<body>"
END = b"</body>"  # after Streamlit's own styles, which it puts into the head
PAGE = re.compile(r"[a-z]*")
OF_ANOTHER = (b"accept-encoding", b"if-none-match", b"if-modified-since")  # asked of what is not sent as it is


class Styled:
    """Middleware: the documents of an application end with a style, and name their page."""

    def __init__(self, app: ASGIApp, style: str) -> None:
        self.app, self.style = app, f"<style>{style}</style>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or HTML not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        asked = [header for header in scope["headers"] if header[0].lower() not in OF_ANOTHER]
        page = scope["path"].rpartition("/")[2]
        body = f'<body data-page="{page if PAGE.fullmatch(page) else ""}">'.encode()
        await self.app({**scope, "headers": asked}, receive, Answer(send, body, self.style))


class Answer:
    """What is sent: if it is a document, all of it at once, with the style at its end."""

    def __init__(self, send: Send, body: bytes, style: bytes) -> None:
        self.send, self.body, self.style = send, body, style
        self.start: Message = {}
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and is_document(Headers(raw=message["headers"])):
            self.start = message
        elif not self.start:
            await self.send(message)
        else:
            self.parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self.finish()

    async def finish(self) -> None:
        body = b"".join(self.parts).replace(BEGIN, self.body, 1).replace(END, self.style + END, 1)
        headers = MutableHeaders(raw=list(self.start["headers"]))
        headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified"):  # they are of what lies on the disk
            if name in headers:
                del headers[name]
        await self.send({**self.start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def is_document(headers: Headers) -> bool:
    """Whether a browser shows it; what is saved stays as it was written."""
    return HTML in headers.get("content-type", "") and "content-disposition" not in headers
