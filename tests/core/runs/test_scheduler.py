import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from actviz_core import (
    ActvizError,
    Channel,
    Frame,
    Hyperparams,
    Neuron,
    PixelImage,
    Recipe,
    Run,
    Scheduler,
    Spec,
    alike,
    optimize,
    together,
)
from actviz_core.optimization.loop import Ascent
from actviz_core.runs.run import CANCELLED, FAILED, FINISHED, PAUSED, RUNNING, WAITING
from actviz_core.runs.team import AT_ONCE, one_by_one
from tests.core.tiny import tiny_model

PICTURE = np.zeros((1, 2, 3, 3), np.uint8)
LONG = 10  # seconds after which a test gives up


class Source:
    """Frames as `optimize` gives them, without its work; tells what it was sent and whether it was closed."""

    def __init__(self, iterations=10**9, problem=None, at=2, turns=None, name="", gate=None):
        self.sent, self.closed, self.threads = [], False, set()
        self.frames = self.generate(iterations, problem, at, turns, name, gate)

    def generate(self, iterations, problem, at, turns, name, gate):
        try:
            for iteration in range(1, iterations + 1):
                if gate:
                    gate.wait(LONG)
                if problem and iteration == at:
                    raise problem
                self.threads.add(threading.current_thread())
                if turns is not None:
                    turns.append(name)
                self.sent.append((yield Frame(iteration, PICTURE, (float(iteration),))))
        finally:
            self.closed = True


@pytest.fixture
def scheduler():
    scheduler = Scheduler(name="tested")
    yield scheduler
    scheduler.close()
    assert not scheduler.thread.is_alive()


def submit(scheduler, source, iterations=10**9, limit=None):
    run = Run(source.frames, iterations)
    if limit is not None:
        run.limit = limit
    return scheduler.start(run)


def reached(status):
    return lambda run: run.status == status


def paused_at(iteration):
    return lambda run: run.iteration == iteration and run.status == PAUSED


def test_a_run_is_carried_to_its_end(scheduler):
    source = Source(5)
    run = Run(source.frames, 5)
    assert run.status == WAITING and run.newest is None
    scheduler.start(run)
    assert run.wait(reached(FINISHED), LONG)
    assert run.iteration == 5 and run.newest.score == (5.0,) and run.error == ""
    assert [point.iteration for point in run.history.points] == [1, 2, 3, 4, 5]
    assert source.closed and source.threads == {scheduler.thread}


def test_a_run_that_ends_early_is_finished(scheduler):
    run = submit(scheduler, Source(3), 10)
    assert run.wait(reached(FINISHED), LONG) and run.iteration == 3


def test_runs_take_turns(scheduler):
    turns, gate = [], threading.Event()
    runs = [submit(scheduler, Source(50, turns=turns, name=name, gate=gate), 50) for name in "abc"]
    gate.set()
    assert all(run.wait(reached(FINISHED), LONG) for run in runs)
    begun = turns.index("b") if turns.index("b") < turns.index("c") else turns.index("c")
    assert begun <= 2 and sorted(turns) == list("a" * 50 + "b" * 50 + "c" * 50)
    both = turns[max(turns.index(name) for name in "abc") :]
    for third in range(0, 3 * 40, 3):
        assert sorted(both[third : third + 3]) == ["a", "b", "c"]


def test_a_late_run_does_not_wait_for_the_others(scheduler):
    early = submit(scheduler, Source())
    assert early.wait(lambda run: run.iteration > 5, LONG)
    late = submit(scheduler, Source(3), 3)
    assert late.wait(reached(FINISHED), LONG) and not early.ended


def test_pause_step_and_resume(scheduler):
    run = submit(scheduler, Source())
    assert run.wait(lambda run: run.iteration >= 3, LONG)
    run.pause()
    assert run.wait(reached(PAUSED), LONG)
    at = run.iteration
    for further in (1, 2, 3):
        run.step()
        assert run.wait(paused_at(at + further), LONG)
    run.resume()
    assert run.wait(lambda run: run.iteration > at + 5 and run.status == RUNNING, LONG)


def test_a_run_submitted_paused_begins_when_it_is_resumed(scheduler):
    source = Source(2)
    run = submit(scheduler, source, 2, limit=0)
    assert run.wait(reached(PAUSED), LONG) and run.newest is None and not source.threads
    run.resume()
    assert run.wait(reached(FINISHED), LONG)


def test_nothing_moves_and_nothing_is_busy_while_everything_is_paused(scheduler):
    runs = [submit(scheduler, Source()) for _ in range(3)]
    for run in runs:
        run.pause()
    assert all(run.wait(reached(PAUSED), LONG) for run in runs)
    clock, before = time.pthread_getcpuclockid(scheduler.thread.ident), [run.iteration for run in runs]
    spent = time.clock_gettime(clock)
    assert not runs[0].wait(lambda run: run.iteration > before[0], 0.2)
    assert time.clock_gettime(clock) - spent < 0.02
    assert [run.iteration for run in runs] == before


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancelled_run_is_closed_and_stays_so(paused, scheduler):
    source = Source()
    run = submit(scheduler, source)
    assert run.wait(lambda run: run.iteration >= 2, LONG)
    if paused:
        run.pause()
        assert run.wait(reached(PAUSED), LONG)
    run.cancel()
    assert run.wait(reached(CANCELLED), LONG) and source.closed and run.newest is not None
    run.resume()
    run.step()
    assert not run.wanted and run.status == CANCELLED


def test_a_run_can_be_cancelled_before_its_first_frame(scheduler):
    source = Source()
    run = Run(source.frames, 5)
    run.cancel()
    scheduler.start(run)
    assert run.wait(reached(CANCELLED), LONG) and run.newest is None and not source.threads


def test_an_update_is_obeyed_from_the_next_iteration_on(scheduler):
    source = Source()
    run = submit(scheduler, source, limit=2)
    assert run.wait(reached(PAUSED), LONG)
    assert source.sent == [None]
    run.update("slow")
    run.step()
    assert run.wait(lambda run: run.iteration == 3, LONG)
    assert source.sent == [None, "slow"] and run.marks == [(3, "slow")]
    run.update("slow")
    run.step()
    assert run.wait(lambda run: run.iteration == 4, LONG)
    run.update("fast")
    run.update("faster")
    run.step()
    assert run.wait(lambda run: run.iteration == 5, LONG)
    assert source.sent == [None, "slow", "slow", "faster"] and run.marks == [(3, "slow"), (5, "faster")]


def test_an_update_alone_does_not_move_a_paused_run(scheduler):
    source = Source()
    run = submit(scheduler, source, limit=1)
    assert run.wait(reached(PAUSED), LONG)
    run.update("slow")
    assert not run.wait(lambda run: run.iteration > 1, 0.05)


@pytest.mark.parametrize(
    "problem, sentence",
    [
        (
            ActvizError("The steps are too long. Lower the learning rate."),
            "The steps are too long. Lower the learning rate.",
        ),
        (ValueError("oh"), "ValueError: oh"),
        (MemoryError(), "MemoryError: "),
        (RuntimeError("boom"), "RuntimeError: boom"),
        (SystemExit(1), "RuntimeError: the network raised SystemExit"),
    ],
)
@pytest.mark.parametrize("at", [1, 3])
def test_a_failing_run_leaves_the_others_running(problem, sentence, at, scheduler):
    other, source = submit(scheduler, Source()), Source(problem=problem, at=at)
    run = submit(scheduler, source)
    assert run.wait(reached(FAILED), LONG)
    assert run.error == sentence and run.iteration == at - 1 and source.closed
    at = other.iteration
    assert other.wait(lambda other: other.iteration > at + 3, LONG) and other.status == RUNNING
    assert submit(scheduler, Source(2), 2).wait(reached(FINISHED), LONG)


def test_a_failing_listener_leaves_the_runs_running(scheduler):
    run, told = Run(Source(3).frames, 3), []
    run.listeners = (lambda: 1 / 0, lambda: told.append(run.status))
    scheduler.start(run)
    assert run.wait(reached(FINISHED), LONG)
    assert submit(scheduler, Source(2), 2).wait(reached(FINISHED), LONG)
    assert told[-1] == FINISHED and told.count(RUNNING) == 3


def test_closing_cancels_what_is_left_and_nothing_else():
    scheduler = Scheduler()
    finished, sources = submit(scheduler, Source(2), 2), [Source(), Source()]
    running, paused = submit(scheduler, sources[0]), submit(scheduler, sources[1], limit=1)
    assert finished.wait(reached(FINISHED), LONG) and paused.wait(reached(PAUSED), LONG)
    scheduler.close()
    assert (finished.status, running.status, paused.status) == (FINISHED, CANCELLED, CANCELLED)
    assert all(source.closed for source in sources) and not scheduler.thread.is_alive()


class ClosedJustAfterLooking(Scheduler):
    """`close` comes right after the thread has seen that nobody wants it to end."""

    @property
    def closing(self):
        before, self.looked = self.looked, True
        return before

    @closing.setter
    def closing(self, value):
        self.looked = value


def test_closing_is_heard_whenever_it_comes():
    scheduler = ClosedJustAfterLooking()
    scheduler.thread.join(2)
    assert not scheduler.thread.is_alive()


def test_a_run_that_finishes_while_the_scheduler_closes_is_finished():
    scheduler, gate = Scheduler(), threading.Event()
    run = submit(scheduler, Source(1, gate=gate), 1)
    closing = threading.Thread(target=scheduler.close)
    run.listeners = (lambda: None,)
    while not run.frames.gi_running:  # the scheduler stands before the gate
        run.wait(lambda run: False, 0.001)
    closing.start()
    while not scheduler.closing:
        run.wait(lambda run: False, 0.001)
    gate.set()
    closing.join(LONG)
    assert run.status == FINISHED


def test_waiting_gives_up_in_time(scheduler):
    run = submit(scheduler, Source(), limit=0)
    assert run.wait(reached(FINISHED), 0.01) is False


def test_keys_cannot_be_guessed():
    keys = {Run(Source().frames, 1).key for _ in range(50)}
    assert len(keys) == 50 and min(map(len, keys)) >= 20


def test_a_run_begins_with_what_another_left_behind(scheduler):
    first = submit(scheduler, Source(5), 5)
    assert first.wait(reached(FINISHED), LONG)
    second = Run((Frame(i, PICTURE, (0.0,)) for i in (4, 5)), 5)
    second.inherit(first.history, 3)
    assert second.iteration == 3 and [p.iteration for p in second.history.points] == [1, 2, 3]
    assert len(first.history.points) == 5


def test_real_runs_on_one_network_give_the_frames_they_give_alone(scheduler):
    model = tiny_model()
    specs = [
        Spec("tiny", objective, PixelImage(), height=16, width=24, iterations=8)
        for objective in (Channel("conv2", 1), Neuron("conv1", 2, 3, 20))
    ]
    alone = [list(optimize(model, spec, Hyperparams(0.5)))[-1] for spec in specs]
    runs = [scheduler.start(Run(optimize(model, spec, Hyperparams(0.5)), 8)) for spec in specs]
    assert all(run.wait(reached(FINISHED), LONG) for run in runs)
    for run, frame in zip(runs, alone, strict=True):
        assert run.newest.score == frame.score and (run.newest.images == frame.images).all()


# teams


def team(scheduler, *sources, iterations=10**9, together=one_by_one):
    runs = [Run(source.frames, iterations) for source in sources]
    scheduler.start_team(runs, together)
    return runs


def test_a_team_advances_in_step(scheduler):
    """Iteration k everywhere before k + 1, also after one member has been told to wait."""
    turns = []
    sources = [Source(20, turns=turns, name=name) for name in "abc"]
    runs = [Run(source.frames, 20) for source in sources]
    runs[1].limit = 5
    scheduler.start_team(runs, one_by_one)
    assert runs[1].wait(lambda run: run.status == PAUSED, LONG)
    assert runs[0].wait(lambda run: run.iteration == 6, LONG)
    assert [run.iteration for run in runs] == [6, 5, 6]
    runs[1].resume()
    assert all(run.wait(lambda run: run.ended, LONG) for run in runs)
    assert sorted(turns[:15]) == sorted("abc" * 5) and all(
        sorted(turns[k : k + 3]) == ["a", "b", "c"] for k in range(0, 15, 3)
    )
    assert turns[15:17] == ["a", "c"] and turns[17] == "b"


def test_a_failing_member_leaves_its_team_running(scheduler):
    runs = team(scheduler, Source(8), Source(8, ActvizError("too much")), Source(8), iterations=8)
    assert all(run.wait(lambda run: run.ended, LONG) for run in runs)
    assert [run.status for run in runs] == [FINISHED, FAILED, FINISHED] and runs[1].error == "too much"


def test_a_stopped_member_leaves_its_team_running(scheduler):
    runs = team(scheduler, Source(), Source())
    assert runs[0].wait(lambda run: run.iteration >= 3, LONG)
    runs[0].cancel()
    assert runs[0].wait(reached(CANCELLED), LONG)
    before = runs[1].iteration
    assert runs[1].wait(lambda run: run.iteration > before + 3, LONG)


def test_a_team_is_advanced_by_one_call(scheduler):
    sizes = []

    def counted(frames, wishes):
        sizes.append(len(frames))
        return one_by_one(frames, wishes)

    runs = team(scheduler, Source(4), Source(4), iterations=4, together=counted)
    assert all(run.wait(reached(FINISHED), LONG) for run in runs) and sizes == [2, 2, 2, 2]


# teams that are alike


def test_teams_that_are_alike_advance_by_one_call_a_few_at_a_time(scheduler):
    sizes, gate = [], threading.Event()

    def counted(frames, wishes):
        sizes.append(len(frames))
        return one_by_one(frames, wishes)

    first = scheduler.start(Run(Source(1, gate=gate).frames, 1))  # until all others are there
    like = [[Run(Source(3).frames, 3)] for _ in range(AT_ONCE + 1)]
    other, own = ([Run(Source(3).frames, 3) for _ in range(count)] for count in (2, 1))
    for runs, kind in (*((runs, "a") for runs in like), (other, "b"), (own, None)):
        scheduler.start_team(runs, counted, alike=kind)
    gate.set()
    everybody = [first, *(run for runs in like for run in runs), *other, *own]
    assert all(run.wait(reached(FINISHED), LONG) for run in everybody)
    assert sizes == [AT_ONCE, 1, 2, 1] * 3


def test_who_stops_or_fails_leaves_those_that_are_alike_running(scheduler):
    sources = Source(), Source(9, ActvizError("too much")), Source()
    stopped, failed, kept = (Run(source.frames, 10**9) for source in sources)
    for run in (stopped, failed, kept):
        scheduler.start_team([run], one_by_one, alike="a")
    assert failed.wait(reached(FAILED), LONG)
    stopped.cancel()
    assert stopped.wait(reached(CANCELLED), LONG)
    before = kept.iteration
    assert kept.wait(lambda run: run.iteration > before + 3, LONG)


def test_runs_beside_others_give_the_frames_they_give_alone(scheduler):
    recipes = [
        Recipe(Spec("tiny", Channel("conv2", 1), PixelImage(), height=16, width=24, iterations=8, seed=seed))
        for seed in range(AT_ONCE + 2)
    ]
    model = tiny_model()
    alone = [list(optimize(model, recipe.spec, recipe.hyperparams))[-1] for recipe in recipes]
    runs = [Run(Ascent(model, recipe), 8) for recipe in recipes]
    for run, recipe in zip(runs, recipes, strict=True):
        scheduler.start_team([run], together, alike=alike([recipe]))
    assert all(run.wait(reached(FINISHED), LONG) for run in runs)
    for run, frame in zip(runs, alone, strict=True):
        assert run.newest.score == frame.score and (run.newest.images == frame.images).all()


def test_small_pictures_of_the_same_layer_are_alike():
    spec = Spec("tiny", Channel("conv2", 1), height=128, width=128)
    of = [
        alike([Recipe(each)])
        for each in (
            spec,
            replace(spec, seed=3, objective=Channel("conv2", 0)),
            replace(spec, objective=Channel("conv1", 1)),
            replace(spec, width=160),
            replace(spec, weights="untrained"),
        )
    ]
    assert of[0] == of[1] and len(set(of)) == 4 and None not in of
    assert alike([Recipe(spec), Recipe(replace(spec, height=224, width=224))]) is None
