"""A queue in which nobody's many things hold up another's one."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Things by whom they are for: people take turns, and each is given what has waited longest."""

    def __init__(self) -> None:
        self.by_whom: dict[str, deque[T]] = {}  # whose turn it is next, first

    def put(self, whom: str, thing: T) -> None:
        self.by_whom.setdefault(whom, deque()).append(thing)

    def take(self) -> T | None:
        for whom in self.by_whom:
            things = self.by_whom.pop(whom)
            thing = things.popleft()
            if things:
                self.by_whom[whom] = things
            return thing
        return None

    def __iter__(self) -> Iterator[T]:
        return (thing for things in self.by_whom.values() for thing in things)
