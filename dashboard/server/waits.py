"""Waits: what members wait for, and for how long, as far as the teacher's page has been looking."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.jobs.exports import Exports
from dashboard.state.member import Member
from dashboard.state.visitors import Visitor

NETWORK, DEVICE, FILE = "network", "device", "file"


@dataclass(frozen=True)
class Wait:
    """For a network that is brought, the device's turn (a first picture, a map), or a file; in whole seconds."""

    what: str
    seconds: int


class Waits:
    """Kept for all who look at the wall. `look` notes what is awaited now."""

    def __init__(self, exports: Exports, clock: Callable[[], float] = time.monotonic) -> None:
        self.exports, self.clock = exports, clock
        self.since: dict[tuple[str, str], float] = {}  # by member and what

    def look(self, members: Iterable[Member]) -> dict[str, Wait]:
        """By member; who waits for a second at least."""
        ordered, now = self.exports.names, self.clock()
        found = {
            (member.id, what): self.since.get((member.id, what), now)
            for member in members
            if member.visitor and member.connected and (what := awaited(member.visitor, ordered))
        }
        self.since = found
        waits = {member: Wait(what, int(now - since)) for (member, what), since in found.items()}
        return {member: wait for member, wait in waits.items() if wait.seconds}


def awaited(visitor: Visitor, ordered: Sequence[Any]) -> str:
    """What that page waits for, "" where for nothing; `ordered`: the names of all files under way."""
    wanted = [run for run in visitor.active if run.wanted]
    if any(not run.ready for run in wanted):
        return NETWORK
    if any(run.newest is None or run.key in visitor.mapped for run in wanted):
        return DEVICE
    own = {visitor.token, *visitor.watched}
    return FILE if any(own.intersection(flat(name)) for name in ordered) else ""


def flat(name: Any) -> Iterable[Any]:
    """What a file's name is made of: keys of runs, or a visitor's token."""
    return [part for each in name for part in (each if isinstance(each, tuple) else (each,))]


def counted(waits: Iterable[Wait]) -> list[dict]:
    """How many wait for each thing, and the longest of them for how long."""
    by_what: dict[str, list[int]] = {}
    for wait in waits:
        by_what.setdefault(wait.what, []).append(wait.seconds)
    return [{"what": what, "count": len(times), "longest": max(times)} for what, times in sorted(by_what.items())]
