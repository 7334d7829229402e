"""A member's phone, as tests of the class have it: its side of the socket."""

import json

import pytest
from starlette.websockets import WebSocketDisconnect

HERE = {"origin": "http://testserver"}


class Phone:
    """A member's side of the socket."""

    def __init__(self, client, visitor, join="", secret="", lang="en", headers=HERE):
        self.connection = client.websocket_connect(f"/class/{visitor.token}", headers=headers)
        self.socket = self.connection.__enter__()
        client.phones.append(self)
        self.send(join=join, secret=secret, lang=lang)

    def send(self, **message):
        self.socket.send_text(json.dumps(message))

    def hear(self, good=lambda message: message):
        """The next message that is good; signs of life pass."""
        while not good(message := json.loads(self.socket.receive_text())):
            pass
        return message

    def pull(self):
        self.send(pull=0)
        return self.hear(lambda message: "class" in message)

    def close(self):
        if self.connection is not None:
            self.connection.__exit__(None, None, None)
        self.connection = None


def closed_with(socket) -> int:
    with pytest.raises(WebSocketDisconnect) as end:
        while True:
            socket.receive_text()
    return end.value.code
