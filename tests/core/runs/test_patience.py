import numpy as np
import pytest

from actviz_core import Frame, Run, Scheduler
from actviz_core.runs.run import CANCELLED, FINISHED

PICTURE = np.zeros((1, 2, 3, 3), np.uint8)
LONG = 10  # seconds after which a test gives up


@pytest.fixture
def turns():
    """The names of those who have had an iteration, each of which takes a second."""
    return []


@pytest.fixture
def scheduler(turns):
    scheduler = Scheduler(clock=lambda: float(len(turns)))
    yield scheduler
    scheduler.close()


def named(name, turns, iterations):
    def frames():
        for iteration in range(1, iterations + 1):
            turns.append(name)
            yield Frame(iteration, PICTURE, (0.0,))

    return Run(frames(), iterations)


def finished(runs):
    return all(run.wait(lambda run: run.status == FINISHED, LONG) for run in runs)


def test_patient_runs_together_take_a_fifth_at_most_of_the_time_while_somebody_works(scheduler, turns):
    workers, patient = [named("w", turns, 18)], [named(name, turns, 3) for name in "ab"]
    with scheduler.changed:  # all at once
        for run in patient:
            scheduler.start(run, patient=True)
        scheduler.start(workers[0])
    assert finished(workers + patient)
    assert "".join(turns).startswith("wawwwwwbwwwwwawwwwwbww"), "".join(turns)


def test_patient_runs_take_turns_when_nobody_works_and_the_device_does_not_idle(scheduler, turns):
    runs = [named(name, turns, 3) for name in "abc"]
    with scheduler.changed:
        for run in runs:
            scheduler.start(run, patient=True)
    assert finished(runs)
    assert "".join(turns) == "abcabcabc"


def test_patient_runs_are_known_while_they_go_on(scheduler, turns):
    going, paused, worker = named("a", turns, 10**6), named("b", turns, 3), named("w", turns, 10**6)
    paused.pause()
    for run in (going, paused, worker):
        scheduler.start(run, patient=run is not worker)
    assert scheduler.patient_runs == [going]
    going.cancel()
    assert going.wait(lambda run: run.status == CANCELLED, LONG) and scheduler.patient_runs == []
    worker.cancel()


def test_a_patient_run_that_is_stopped_ends_at_once(scheduler, turns):
    worker, patient = named("w", turns, 10**6), [named(name, turns, 3) for name in "abc"]
    with scheduler.changed:
        for run in (*patient, worker):
            scheduler.start(run, patient=run is not worker)
            if run is not worker:
                run.cancel()
    assert all(run.wait(lambda run: run.status == CANCELLED, LONG) for run in patient)
    assert turns and set(turns) == {"w"}


def test_a_patient_run_that_somebody_steers_is_as_any_other_from_then_on(scheduler, turns):
    worker, patient = named("w", turns, 6), named("a", turns, 6)
    with scheduler.changed:
        scheduler.start(worker)
        scheduler.start(patient, patient=True)
        patient.update("steered")
    assert finished([worker, patient])
    assert "".join(turns) == "wawawawawawa"
