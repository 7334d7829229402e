"""Membership of the class, on every page of a server that has one: the socket, the name, what the teacher does.

The browser holds the secret by which it is known again (memory.js); the page is told only that something is to be done.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.server import assets
from dashboard.state import keys

JOIN = re.compile(r"[A-Za-z0-9_-]{20,64}")

mount = component(
    "actviz_member",
    css=assets.style("member/member.css"),
    js=assets.loader("member/member.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class MemberEvent:
    """What the page has to do: it has "joined" as somebody whom the class knows, or a push was "pushed"."""

    kind: Literal["joined", "pushed"]
    number: int = 0


def show(
    token: str,
    join: str,
    lang: str,
    words: Mapping[str, str],
    here: Mapping[str, Any],
    offered: bool,
    obey: Callable[[MemberEvent], None],
) -> None:
    """Mounts it for the visitor of that token.

    join     what the address says, "" where it says nothing
    words    what the class says to its member, in that language
    here     the page's name, and on Learn "lesson" and "step", or whether it is the "quiz"
    offered  whether who is no member is asked to join
    """
    data = {
        "files": assets.address(),
        "door": f"{assets.base()}/class/{token}",
        "join": join if JOIN.fullmatch(join) else "",
        "lang": lang,
        "words": dict(words),
        "here": dict(here),
        "offered": offered,
    }

    def sent(value: object) -> bool:
        event = event_of(value)
        if event is not None:
            obey(event)
        return event is not None

    turn.show(mount, keys.MEMBER, keys.MEMBER_TURN, data, sent)


def event_of(value: object) -> MemberEvent | None:
    """What the browser sent, if it makes sense."""
    match value:
        case {"kind": "joined"}:
            return MemberEvent("joined")
        case {"kind": "pushed", "number": int(number)}:
            return MemberEvent("pushed", number)
    return None
