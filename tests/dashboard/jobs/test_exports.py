"""The queue of exports: its order, what it keeps, and that nothing is made for nobody."""

import threading

import pytest

from dashboard.jobs.exports import Exports, GivenUp, Order

PATIENCE = 20  # seconds until a test that hears nothing fails


class Press:
    """Makes files page by page, as many as it is let; notes what it did."""

    def __init__(self):
        self.pages, self.begun, self.made, self.ended = threading.Semaphore(0), [], [], []
        self.news = threading.Condition()

    def order(self, name, version=1, pages=1, size=10):
        def make(check):
            self.note(self.begun, name)
            try:
                for _ in range(pages):
                    check()
                    assert self.pages.acquire(timeout=PATIENCE)
                check()
            except GivenUp:
                self.note(self.ended, name)
                raise
            self.note(self.made, name)
            return f"{name} {version}".encode().ljust(size)

        return Order(name, version, make)

    def note(self, where, name):
        with self.news:
            where.append(name)
            self.news.notify_all()

    def until(self, condition):
        with self.news:
            assert self.news.wait_for(condition, PATIENCE)


@pytest.fixture
def press():
    press = Press()
    yield press
    press.pages.release(10_000)


def result(file):
    return file.result(PATIENCE)


def test_files_are_made_one_after_the_other_in_the_order_of_asking(press):
    exports = Exports()
    with (
        exports.wanted(press.order("a")) as a,
        exports.wanted(press.order("b")) as b,
        exports.wanted(press.order("c")) as c,
    ):
        press.until(lambda: press.begun == ["a"])
        assert [exports.place(name) for name in "abcd"] == [1, 2, 3, 0]
        press.pages.release()
        assert result(a) == b"a 1       "
        press.until(lambda: press.begun == ["a", "b"])
        assert [exports.place(name) for name in "abc"] == [0, 1, 2]
        press.pages.release(2)
        assert (result(b), result(c)) == (b"b 1       ", b"c 1       ")
    assert press.made == ["a", "b", "c"] and exports.under_way == []


def test_two_at_a_time_if_so_many_are_allowed(press):
    exports = Exports(at_a_time=2)
    with exports.wanted(press.order("a")), exports.wanted(press.order("b")), exports.wanted(press.order("c")):
        press.until(lambda: sorted(press.begun) == ["a", "b"])


def test_thirty_who_ask_for_the_same_get_it_from_one_export(press):
    exports, order, files = Exports(), press.order("a"), []
    ready, threads = threading.Barrier(31), []

    def ask():
        with exports.wanted(order) as file:
            ready.wait(PATIENCE)
            files.append(result(file))

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    ready.wait(PATIENCE)
    press.pages.release()
    for thread in threads:
        thread.join(PATIENCE)
    assert files == [b"a 1       "] * 30 and press.begun == ["a"]


def test_what_was_made_is_there_at_once_until_it_is_another_version(press):
    exports = Exports()
    press.pages.release(2)
    for version in (1, 1, 2, 2):
        with exports.wanted(press.order("a", version)) as file:
            assert result(file) == f"a {version}".encode().ljust(10)
    assert press.made == ["a", "a"]


def test_the_files_that_were_made_first_go_when_there_are_too_many(press):
    exports = Exports(kept=25)
    press.pages.release(10)
    for name in "abc":
        with exports.wanted(press.order(name)) as file:
            result(file)
    assert list(exports.files) == ["b", "c"]
    with exports.wanted(press.order("large", size=26)) as file:
        assert len(result(file)) == 26
    assert exports.files == {}


def test_a_file_is_given_up_in_the_middle_when_the_last_one_leaves(press):
    exports, order = Exports(), press.order("a", pages=1000)
    with exports.wanted(order):
        with exports.wanted(order):
            press.until(lambda: press.begun == ["a"])
            press.pages.release(3)
        press.pages.release(3)
        assert exports.place("a") == 1  # one still waits
    assert exports.place("a") == 0
    press.pages.release()
    press.until(lambda: press.ended == ["a"])
    assert press.made == [] and exports.files == {}


def test_what_waits_in_the_queue_is_not_even_begun(press):
    exports = Exports()
    with exports.wanted(press.order("a")) as a:
        with exports.wanted(press.order("b")):
            assert exports.place("b") == 2
        press.pages.release()
        result(a)
    press.pages.release()
    with exports.wanted(press.order("c")) as c:
        result(c)
    assert press.begun == ["a", "c"]


def test_who_asks_again_after_leaving_gets_the_file(press):
    exports, order = Exports(), press.order("a", pages=5)
    with exports.wanted(order):
        press.until(lambda: press.begun == ["a"])
    with exports.wanted(order) as again:
        press.pages.release(100)
        assert result(again) == b"a 1       "
    assert press.made == ["a"] and press.ended == ["a"]


def test_what_fails_is_told_and_the_next_one_is_made(press):
    exports = Exports()

    def broken(check):
        raise ZeroDivisionError

    with exports.wanted(Order("x", 1, broken)) as file, pytest.raises(ZeroDivisionError):
        result(file)
    press.pages.release()
    with exports.wanted(press.order("a")) as file:
        assert result(file) == b"a 1       "
    assert exports.under_way == []
