"""Turns of page scripts."""

import threading

from dashboard.state.turns import Turns


def test_one_runs_and_the_other_waits_unless_the_turn_is_given_up():
    turns, order, begun = Turns(1, 60), [], threading.Event()

    def second():
        begun.set()
        with turns.turn():
            order.append("second")

    assert turns.idle
    with turns.turn():
        assert not turns.idle
        other = threading.Thread(target=second)
        other.start()
        begun.wait()
        order.append("first")
        with turns.given_up():
            other.join()
        order.append("first again")
    assert order == ["first", "second", "first again"] and turns.idle


def test_nobody_holds_everybody_up():
    turns, went = Turns(1, 0.01), []

    def second():
        with turns.turn():
            went.append("ahead")

    with turns.turn():
        other = threading.Thread(target=second)
        other.start()
        other.join()
    assert went == ["ahead"]
    with turns.turn():
        assert turns.free == 0, "who went ahead without a turn must not give one back"
    assert turns.free == 1


def test_a_turn_ends_with_a_rerun_too():
    turns = Turns(1, 60)
    for _ in range(3):
        try:
            with turns.turn():
                raise RuntimeError
        except RuntimeError:
            pass
    assert turns.free == 1


def test_the_beginnings_of_all_pages_come_before_the_rest_of_any():
    turns, order, threads = Turns(1, 60), [], []

    def page(number):
        with turns.turn():
            order.append(f"beginning {number}")
            turns.let_others_first()
            order.append(f"rest {number}")

    with turns.turn():
        for number in range(3):
            threads.append(threading.Thread(target=page, args=(number,)))
            threads[-1].start()
            wait_until(lambda count=number + 1: len(turns.waiting) == count)
    for thread in threads:
        thread.join()
    assert order[:3] == [f"beginning {number}" for number in range(3)] and len(order) == 6
    with turns.turn():
        turns.let_others_first()  # nobody waits: it goes on
    assert turns.free == 1


def wait_until(good):
    while not good():
        threading.Event().wait(0.001)
