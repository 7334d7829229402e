"""One index for everybody: made while somebody looks, tried again after a while where it failed."""

from actviz_core import Index, Run
from actviz_core.dataset.index import packed
from dashboard.jobs.indexing import ABSENT, AGAIN, COUNTED, Indexing, Indexings

INDEX = Index("photographs", True, {"a": packed([]), "b": packed([])}, ())


class Makers:
    """What an indexing is given: runs that go nowhere by themselves."""

    def __init__(self):
        self.now, self.found, self.runs = 0.0, None, []
        self.indexing = Indexing(lambda: self.found, self.make, self.runs.append, ("a", "b"), clock=lambda: self.now)

    def make(self) -> Run:
        return Run(iter(()), 1)

    def end(self, status: str, index: Index | None = None) -> None:
        self.found, self.runs[-1].status = index, status


def test_thirty_who_look_have_one_run_and_the_same_index():
    makers = Makers()
    assert [makers.indexing.look() for _ in range(30)] == [None] * 30 and len(makers.runs) == 1
    makers.end("finished", INDEX)
    assert all(makers.indexing.look() is INDEX for _ in range(30)) and len(makers.runs) == 1


def test_it_waits_while_nobody_looks_and_goes_on_with_the_next_look():
    makers = Makers()
    makers.indexing.look()
    (run,) = makers.runs
    run.listeners[0]()
    assert run.wanted
    makers.now += ABSENT + 1
    run.listeners[0]()
    assert not run.wanted
    makers.indexing.look()
    assert run.wanted and makers.runs == [run]


def test_what_failed_says_why_and_is_tried_again_later():
    makers = Makers()
    makers.indexing.look()
    makers.runs[0].error = "there is no folder x."
    makers.end("failed")
    assert makers.indexing.look() is None and makers.indexing.problem == "there is no folder x."
    assert len(makers.runs) == 1
    makers.now += AGAIN + 1
    makers.indexing.look()
    assert len(makers.runs) == 2 and makers.indexing.problem == ""


def test_a_look_that_starts_nothing_finds_what_is_there():
    makers = Makers()
    assert makers.indexing.look(start=False) is None and makers.runs == []
    makers.found = INDEX
    assert makers.indexing.look(start=False) is INDEX and makers.runs == []


def test_an_index_of_fewer_layers_serves_until_somebody_wants_the_others():
    makers = Makers()
    few = makers.found = Index("photographs", True, {"b": packed([])}, ())
    assert makers.indexing.look(start=False) is few and not makers.indexing.complete and makers.runs == []
    assert makers.indexing.look() is few and len(makers.runs) == 1
    makers.end("finished", INDEX)
    assert makers.indexing.look(start=False) is INDEX and makers.indexing.complete
    assert makers.indexing.look() is INDEX and len(makers.runs) == 1


def test_indexes_beyond_a_number_are_forgotten_but_for_those_being_made():
    known, all_of_them = Indexings(kept=2), [Makers() for _ in range(4)]
    all_of_them[0].indexing.look()
    for place, makers in enumerate(all_of_them):
        assert known.open(place, lambda makers=makers: makers.indexing) is makers.indexing
    assert list(known.known) == [0, 3]


def test_the_files_of_the_folder_are_counted_once_for_all_who_ask_within_seconds(tmp_path):
    now = [0.0]
    known = Indexings(clock=lambda: now[0])
    known.folder = str(tmp_path)
    (tmp_path / "a.jpg").touch()
    assert known.count_files() == 1
    (tmp_path / "b.jpg").touch()
    now[0] += COUNTED
    assert known.count_files() == 1
    now[0] += 1
    assert known.count_files() == 2
    known.folder = str(tmp_path / "none")
    assert known.count_files() == 0
