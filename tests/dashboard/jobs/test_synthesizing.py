"""One synthesized picture for everybody: made while somebody looks, kept within a bound."""

import numpy as np

from actviz_core import Frame, Run
from dashboard.jobs.synthesizing import ABSENT, AGAIN, FAILED, MADE, MAKING, Synthesized, Synthesizing, Synthesizings


class Makers:
    """What is asked for: runs that go nowhere by themselves."""

    def __init__(self, bound=1000):
        self.now, self.runs, self.encoded = 0.0, [], 0
        self.pictures = Synthesizings(bound, clock=lambda: self.now)

    def look(self, whom, key="a", going=True):
        return self.pictures.look(key, whom, self.new, going)

    def new(self):
        return Synthesizing(lambda: Run(iter(()), 9), self.runs.append, self.encode, clock=lambda: self.now)

    def encode(self, image):
        self.encoded += 1
        return bytes(image[0, 0])

    def end(self, status, iteration=9):
        self.show(iteration)
        self.runs[-1].tell(status)

    def show(self, iteration):
        run = self.runs[-1]
        run.newest, run.iteration = Frame(iteration, np.full((1, 2, 3, 3), iteration, np.uint8), (1.0,)), iteration


def test_thirty_who_look_have_one_run_whose_pictures_are_encoded_once():
    makers = Makers()
    assert {makers.look(str(whom)) for whom in range(30)} == {Synthesized(MAKING)}
    makers.show(4)
    assert {makers.look(str(whom)) for whom in range(30)} == {Synthesized(MAKING, 4, b"\4\4\4")}
    makers.end("finished")
    assert {makers.look(str(whom)) for whom in range(30)} == {Synthesized(MADE, 9, b"\t\t\t")}
    assert len(makers.runs) == 1 and makers.encoded == 2 and makers.pictures.making == {}


def test_it_goes_on_while_one_of_them_wants_it_and_is_given_up_when_nobody_looks():
    makers = Makers()
    assert makers.look("one", going=False) == Synthesized(MAKING) and makers.runs == []
    makers.look("one")
    (run,) = makers.runs
    makers.look("two", going=False)
    assert run.wanted
    makers.look("one", going=False)
    assert not run.wanted, "both wait for something else first"
    makers.look("two")
    assert run.wanted
    makers.now += ABSENT
    makers.look("one", going=False)
    makers.now += ABSENT / 2
    run.tell("running")
    assert not run.wanted and not run.cancelled, "two is gone, and one waits"
    makers.look("one", "b")
    assert run.cancelled and len(makers.runs) == 2, "one looks at another"
    makers.now += ABSENT + 1
    makers.runs[1].tell("running")
    assert makers.runs[1].cancelled
    makers.end("cancelled")
    makers.look("one", "b")
    assert len(makers.runs) == 3 and makers.runs[2].wanted, "given up is not failed"


def test_what_failed_is_tried_again_later():
    makers = Makers()
    makers.look("one")
    makers.end("failed")
    assert makers.look("one") == makers.look("two") == Synthesized(FAILED) and len(makers.runs) == 1
    makers.now += AGAIN
    assert makers.look("one") == Synthesized(MAKING) and len(makers.runs) == 2


def test_beyond_the_bound_those_that_nobody_asked_for_longest_go():
    makers = Makers(bound=9)
    for key in ("a", "b"):
        makers.look("one", key)
        makers.end("finished")
    makers.look("one", "a")
    makers.pictures.keep("c", Synthesized(MADE, 9, b"12345"))
    makers.look("one", "b")
    assert list(makers.pictures.made) == ["a", "c"] and not makers.pictures.knows("d")
