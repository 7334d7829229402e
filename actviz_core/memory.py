"""Freed memory that the process keeps while it computes.

Else glibc gives every iteration's buffers back to the system and faults them in again: thousands of page faults each.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Callable

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # names and numbers of glibc's malloc.h
LARGEST_BLOCK = 32 * 2**20  # glibc allows no higher threshold, and goes there by itself when such a block is freed
KEPT = 2**30
USUAL = 2 * LARGEST_BLOCK  # what glibc keeps by itself after such a block
SWITCH = "ACTVIZ_KEEP_MEMORY"  # "0" in the environment leaves the allocator as it is


class Keeper:
    """Freed memory is kept from the first `begin` to the last `end`, or for good.

    mallopt  glibc's two functions, or None where there are none
    """

    def __init__(self, mallopt: Callable[[int, int], int] | None, trim: Callable[[int], int] | None) -> None:
        self.mallopt, self.trim = mallopt, trim
        self.lock, self.runs, self.serves = threading.Lock(), 0, False

    def serve(self) -> None:
        """For good, and in one place for all threads: the process does nothing else."""
        with self.lock:
            self.serves = True
            self.set(M_ARENA_MAX, 1)
            self.set(M_MMAP_THRESHOLD, LARGEST_BLOCK)
            self.set(M_TRIM_THRESHOLD, KEPT)

    def begin(self) -> None:
        with self.lock:
            self.runs += 1
            if self.runs == 1 and not self.serves:
                self.set(M_MMAP_THRESHOLD, LARGEST_BLOCK)
                self.set(M_TRIM_THRESHOLD, KEPT)

    def end(self) -> None:
        """The last one gives back what was kept, to a process that has other things to do."""
        with self.lock:
            self.runs -= 1
            if self.runs == 0 and not self.serves:
                self.set(M_TRIM_THRESHOLD, USUAL)
                self.give_back()

    def give_back(self) -> None:
        """What nobody uses at this moment, holes between what is used too: milliseconds, and runs fault it in anew.

        A process that serves does so now and then, else the holes grow for hours with many people's runs.
        """
        if self.trim is not None and enabled():
            self.trim(0)

    def set(self, threshold: int, value: int) -> None:
        if self.mallopt is not None and enabled():
            self.mallopt(threshold, value)


def enabled() -> bool:
    return os.environ.get(SWITCH) != "0"


def found() -> Keeper:
    """That of this process; other systems and C libraries than glibc have no such functions."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return Keeper(getattr(library, "mallopt", None), getattr(library, "malloc_trim", None))


KEEPER = found()
