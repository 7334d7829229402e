"""Tasks beside runs: whose turn it is, what waits for a network, and what comes of it."""

import threading
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest

from actviz_core import ActvizError, Run, Scheduler
from actviz_core.runs.fair_queue import FairQueue
from actviz_core.runs.run import CANCELLED, FAILED, FINISHED, PAUSED
from tests.core.runs.test_scheduler import LONG, Source, reached

HERE, AWAY = ("here", ""), ("away", "")


class Shelf:
    """Networks are their names; the one called "away" has to be fetched, through a gate."""

    def __init__(self):
        self.gate, self.threads, self.problem, self.there = threading.Event(), [], None, {"here"}
        self.fetching = threading.Event()

    def __call__(self, name, weights):
        if self.problem:
            raise self.problem
        return name

    def has(self, name, weights):
        return name in self.there

    def fetch(self, name, weights, tell):
        self.threads.append(threading.current_thread())
        tell(0.5)
        self.fetching.set()
        assert self.gate.wait(LONG)
        self.there.add(name)


@dataclass(frozen=True)
class Act:
    """A task that does something."""

    act: object = lambda: None
    network: tuple = HERE

    def carry_out(self, models):
        found = self.act()
        return models(*self.network) if found is None else found


@dataclass(frozen=True)
class Begun:
    network: tuple = AWAY
    source: Source = field(default_factory=lambda: Source(3))

    def begin(self, models):
        models(*self.network)
        return self.source.frames


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def owner(shelf):
    owner = Scheduler(shelf)
    yield owner
    shelf.gate.set()
    owner.close()


def test_a_task_is_done_by_the_owner_and_its_result_waited_for(owner):
    result = owner.submit(Act(threading.current_thread))
    assert result.get() is owner.thread and result.done and result.problem is None


@pytest.mark.parametrize("problem", [ActvizError("no"), ValueError("oh"), SystemExit(1)], ids=repr)
def test_a_task_that_fails_leaves_the_runs_running(problem, owner):
    def fail():
        raise problem

    run = owner.start(Run(Source().frames, 10**9))
    result = owner.submit(Act(fail))
    with pytest.raises(type(problem)) as raised:
        result.get()
    assert raised.value is result.problem and result.done
    at = run.iteration
    assert run.wait(lambda run: run.iteration > at + 3, LONG) and owner.submit(Act()).get() == "here"


def test_what_a_failed_task_has_computed_is_not_kept(owner):
    def fail():
        try:
            raise MemoryError
        except MemoryError as problem:
            raise ActvizError("too large") from problem

    result = owner.submit(Act(fail))
    assert result.wait(LONG)
    assert result.problem.__cause__ is result.problem.__context__ is result.problem.__traceback__ is None


def test_between_two_tasks_every_run_advances(shelf):
    """However many tasks there are, no run waits for more than one where runs take no longer than tasks."""
    order, begun, gate = [], threading.Event(), threading.Event()
    owner = Scheduler(shelf, clock=lambda: 0.0)
    owner.submit(Act(lambda: (begun.set(), gate.wait(LONG))))
    assert begun.wait(LONG)
    for name in "ab":
        owner.start(Run(Source(4, turns=order, name=name).frames, 4))
    results = [owner.submit(Act(lambda: order.append("task"))) for _ in range(4)]
    gate.set()
    assert all(result.wait(LONG) for result in results)
    places = [place for place, what in enumerate(order) if what == "task"]
    for place, following in pairwise(places):
        between, later = order[place:following], order[following:]
        assert all(name in between or name not in later for name in "ab"), order
    owner.close()


def test_runs_get_as_long_as_a_task_has_taken(shelf):
    """However long tasks take, they get half of the device, and runs the other half."""
    now, order, begun, gate = [0.0], [], threading.Event(), threading.Event()
    owner = Scheduler(shelf, clock=lambda: now[0])

    def pass_time(seconds, what):
        now[0] += seconds
        order.append(what)

    class Counted(list):
        def append(self, what):
            pass_time(0.25, what)

    owner.submit(Act(lambda: (begun.set(), gate.wait(LONG))))
    assert begun.wait(LONG)
    run = owner.start(Run(Source(40, turns=Counted(), name="run").frames, 40))
    results = [owner.submit(Act(partial(pass_time, seconds, "task"))) for seconds in (0.75, 5.0, 0.0)]
    gate.set()
    assert all(result.wait(LONG) for result in results) and run.wait(reached(FINISHED), LONG)
    owner.close()
    first, second, third = [place for place, what in enumerate(order) if what == "task"]
    assert second - first == 1 + 3 and third - second == 1 + 4, "nobody waits for more than a second of runs"


def test_tasks_get_as_long_as_the_runs_last_turn(shelf):
    """However many runs there are, short tasks need not wait for a turn of all of them each."""
    now, order, begun, gate = [0.0], [], threading.Event(), threading.Event()
    owner = Scheduler(shelf, clock=lambda: now[0])

    def pass_time(seconds, what):
        now[0] += seconds
        order.append(what)

    class Counted(list):
        def append(self, what):
            pass_time(0.25, what)

    owner.submit(Act(lambda: (begun.set(), gate.wait(LONG))))
    assert begun.wait(LONG)
    turns = Counted()
    runs = [owner.start(Run(Source(9, turns=turns, name=name).frames, 9)) for name in "abcd"]
    results = [owner.submit(Act(partial(pass_time, 0.3, "task"))) for _ in range(6)]
    gate.set()
    assert all(result.wait(LONG) for result in results)
    assert all(run.wait(reached(FINISHED), LONG) for run in runs)
    owner.close()
    turn, task = [*"abcd"], ["task"]
    expected = [*task, *turn, *task * 4, *turn, *task, *turn]
    assert order[: len(expected)] == expected, "1.2 s of tasks after a turn of 1 s, and then another turn"


def test_nobodys_many_tasks_hold_up_another_ones(owner):
    order, begun, gate = [], threading.Event(), threading.Event()
    owner.submit(Act(lambda: (begun.set(), gate.wait(LONG))), "a")
    assert begun.wait(LONG)
    results = [owner.submit(Act(lambda number=number: order.append(f"a{number}")), "a") for number in range(5)]
    results.append(owner.submit(Act(lambda: order.append("b")), "b"))
    gate.set()
    assert all(result.wait(LONG) for result in results)
    assert order.index("b") <= 1 and [name for name in order if name != "b"] == ["a0", "a1", "a2", "a3", "a4"]


def test_a_fair_queue_gives_turns():
    queue = FairQueue()
    for whom, thing in (("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)):
        queue.put(whom, thing)
    assert sorted(queue) == [1, 2, 3, 4, 5, 6]
    assert [queue.take() for _ in range(7)] == [1, 4, 5, 2, 6, 3, None]


# networks that have to be fetched


def test_runs_go_on_while_a_network_is_fetched_once_for_all(owner, shelf):
    run = owner.start(Run(Source().frames, 10**9))
    results = [owner.submit(Act(network=AWAY)) for _ in range(3)]
    assert shelf.fetching.wait(LONG)
    at = run.iteration
    assert run.wait(lambda run: run.iteration > at + 3, LONG) and owner.submit(Act()).get() == "here"
    assert not any(result.done for result in results) and results[0].fraction == 0.5
    shelf.gate.set()
    assert all(result.wait(LONG) for result in results) and [result.value for result in results] == ["away"] * 3
    assert len(shelf.threads) == 1 and owner.thread not in shelf.threads


def test_a_network_that_cannot_be_fetched_is_the_tasks_problem(owner, shelf):
    shelf.problem = ActvizError("nowhere to be found")
    shelf.gate.set()
    with pytest.raises(ActvizError, match="nowhere"):
        owner.submit(Act(network=AWAY)).get()
    run = owner.start(Run.of(Begun(("farther", "")), 3))
    assert run.wait(reached(FAILED), LONG) and run.error == "nowhere to be found"


def test_a_run_begins_on_the_owners_thread_when_its_network_is_there(owner, shelf):
    work = Begun()
    run = owner.start(Run.of(work, 3))
    assert shelf.fetching.wait(LONG) and run.newest is None and not work.source.threads
    shelf.gate.set()
    assert run.wait(reached(FINISHED), LONG) and work.source.threads == {owner.thread}


def test_a_run_whose_network_is_on_its_way_can_be_paused_and_cancelled(owner, shelf):
    paused, cancelled = owner.start(Run.of(Begun(), 3)), owner.start(Run.of(Begun(), 3))
    assert shelf.fetching.wait(LONG)
    paused.pause()
    cancelled.cancel()
    assert paused.wait(reached(PAUSED), LONG) and cancelled.wait(reached(CANCELLED), LONG)
    shelf.gate.set()
    paused.resume()
    assert paused.wait(reached(FINISHED), LONG) and cancelled.status == CANCELLED


def test_a_team_waits_for_the_network_of_its_last(owner, shelf):
    runs = [Run.of(Begun(HERE), 3), Run.of(Begun(AWAY), 3)]
    turns = []
    owner.start_team(runs, lambda frames, wishes: turns.append(len(frames)) or [next(each) for each in frames])
    assert runs[0].wait(lambda run: run.iteration == 1, LONG) and shelf.fetching.wait(LONG)
    assert not runs[0].wait(lambda run: run.iteration > 1, 0.05)
    shelf.gate.set()
    assert all(run.wait(reached(FINISHED), LONG) for run in runs) and turns == [1, 1, 2, 2]


# the end


def test_nobody_waits_for_an_owner_that_has_closed():
    owner, begun, gate = Scheduler(Shelf()), threading.Event(), threading.Event()
    owner.submit(Act(lambda: (begun.set(), gate.wait(LONG))))
    assert begun.wait(LONG)
    waiting = owner.submit(Act())
    closing = threading.Thread(target=owner.close)
    closing.start()
    while not owner.closing:
        waiting.wait(0.001)
    gate.set()
    closing.join(LONG)
    for result in (waiting, owner.submit(Act())):
        assert result.wait(LONG) and "closing" in str(result.problem)


def test_who_asks_to_be_told_is_told_once_and_may_fail(owner):
    heard = []
    result = owner.submit(Act())
    result.then(lambda result: 1 / 0)
    assert result.wait(LONG)
    result.then(lambda result: heard.append(result.value))
    assert heard == ["here"] and owner.submit(Act()).get() == "here"
