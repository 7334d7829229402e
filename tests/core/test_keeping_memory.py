"""Freed memory is kept while somebody computes, and then given back to a process that has other things to do."""

import resource
import sys

import numpy as np
import pytest

from actviz_core import memory, optimize
from actviz_core.memory import KEPT, LARGEST_BLOCK, M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, USUAL, Keeper
from actviz_core.optimization import loop
from tests.core.tiny_runs import spec

BEGUN = [(M_MMAP_THRESHOLD, LARGEST_BLOCK), (M_TRIM_THRESHOLD, KEPT)]
ENDED = [(M_TRIM_THRESHOLD, USUAL), "trimmed"]


@pytest.fixture
def told():
    return []


@pytest.fixture
def keeper(told, monkeypatch):
    monkeypatch.delenv(memory.SWITCH, raising=False)
    return Keeper(lambda *given: told.append(given) or 1, lambda _: told.append("trimmed") or 1)


def test_the_first_begins_and_the_last_ends(keeper, told):
    keeper.begin()
    keeper.begin()
    assert told == BEGUN
    keeper.end()
    assert told == BEGUN
    keeper.end()
    assert told == BEGUN + ENDED


def test_a_process_that_serves_keeps_it_for_good(keeper, told):
    keeper.serve()
    assert told == [(M_ARENA_MAX, 1), *BEGUN]
    keeper.begin()
    keeper.end()
    assert told == [(M_ARENA_MAX, 1), *BEGUN]
    keeper.give_back()  # now and then
    assert told == [(M_ARENA_MAX, 1), *BEGUN, "trimmed"]


def test_the_environment_switches_it_off(keeper, told, monkeypatch):
    monkeypatch.setenv(memory.SWITCH, "0")
    keeper.begin()
    keeper.end()
    keeper.serve()
    keeper.give_back()
    assert not told


def test_where_the_library_has_no_such_functions_nothing_happens():
    nobody = Keeper(None, None)
    nobody.serve()
    nobody.begin()
    nobody.end()
    nobody.give_back()


@pytest.mark.parametrize("far", ["to the end", "given up", "not begun"])
def test_a_run_begins_and_ends_it(model, keeper, told, monkeypatch, far):
    monkeypatch.setattr(loop, "KEEPER", keeper)
    frames = optimize(model, spec(iterations=3))
    if far == "to the end":
        list(frames)
    elif far == "given up":
        next(frames)
    frames.close()
    assert told == ([] if far == "not begun" else BEGUN + ENDED)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_what_is_kept_is_not_faulted_in_again():
    def faults() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(5):
            blocks = [np.ones(LARGEST_BLOCK - 2**20, np.uint8) for _ in range(4)]  # more than glibc keeps by itself
            del blocks
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    if memory.KEEPER.mallopt is None:
        pytest.skip("another C library")
    memory.KEEPER.begin()
    try:
        faults()
        kept = faults()
    finally:
        memory.KEEPER.end()
    assert kept < 500  # of 5 x 4 x 7,900
