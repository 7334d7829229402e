"""Visitors: who may see which run, and what happens to the runs when the visitor leaves."""

import math

import numpy as np

from actviz_core.runs.run import CANCELLED, FINISHED, RUNNING, Run
from dashboard.state.absence import KEPT_FOR, LARGEST_ABSENCE, MOST_ABSENT, SUCCEEDED_FOR
from dashboard.state.visitors import KEPT, Visitors


class Timer:
    """A threading.Timer whose time the test makes come."""

    made: list["Timer"] = []

    def __init__(self, seconds, act):
        self.seconds, self.act, self.started, self.cancelled = seconds, act, False, False
        Timer.made.append(self)

    def start(self):
        self.started = True

    def cancel(self):
        self.cancelled = True


now = [0.0]  # the clock of all visitors here


class Recipe:
    def hyperparams_at(self, iteration):
        return f"hyperparams at {iteration}"


def visitors():
    Timer.made, now[0] = [], 0.0
    return Visitors(timer=Timer, clock=lambda: now[0])


def run_at(iteration=5, status=RUNNING):
    run = Run(iter(()), 100)
    run.iteration, run.status = iteration, status
    return run


def test_tokens_differ_and_lead_to_their_visitor():
    all_visitors = visitors()
    first, second = all_visitors.new(), all_visitors.new()
    assert len(first.token) >= 32 and first.token != second.token
    assert all_visitors.get(first.token) is first and all_visitors.get("guess") is None


def test_a_run_is_found_by_its_key_only_at_its_own_visitor():
    all_visitors = visitors()
    mine, other = all_visitors.new(), all_visitors.new()
    entry = mine.show(run_at(), Recipe)
    assert mine.get(entry.key) is entry and other.get(entry.key) is None


def test_the_oldest_ended_runs_are_forgotten_the_active_ones_never():
    visitor = visitors().new()
    active = visitor.show(run_at(), Recipe)
    ended = [visitor.show(run_at(status=FINISHED), Recipe) for _ in range(KEPT + 3)]
    assert visitor.get(active.key) is active
    assert [visitor.get(entry.key) is not None for entry in ended] == [False, False] + [True] * (KEPT + 1)


def test_pinned_runs_stay_until_others_are_pinned():
    visitor = visitors().new()
    pinned = [visitor.show(run_at(status=FINISHED), Recipe) for _ in range(2)]
    visitor.pin([entry.key for entry in pinned])
    later = [visitor.show(run_at(status=FINISHED), Recipe) for _ in range(KEPT + 3)]
    assert all(visitor.get(entry.key) is entry for entry in pinned) and visitor.get(later[0].key) is None
    visitor.pin([later[-1].key])
    assert not any(visitor.get(entry.key) for entry in pinned) and visitor.get(later[-1].key) is later[-1]


def test_showing_a_run_again_keeps_its_diagnosis():
    visitor, run = visitors().new(), run_at()
    visitor.show(run, Recipe).diagnosis = "grey"
    assert visitor.show(run, Recipe, title="new").diagnosis == "grey"


def test_leaving_pauses_and_coming_back_resumes_exactly_what_was_going():
    visitor = visitors().new()
    going, paused, stepping = run_at(), run_at(), run_at()
    paused.pause()
    stepping.step()
    for run in (going, paused, stepping):
        visitor.show(run, Recipe)
    visitor.leave()
    visitor.leave()  # twice is once
    assert [run.limit for run in (going, paused, stepping)] == [0, 0, 0]
    visitor.come_back()
    assert [run.limit for run in (going, paused, stepping)] == [math.inf, 0, 6]
    assert len(Timer.made) == 1
    now[0] = KEPT_FOR + 1
    Timer.made[0].act()
    assert not going.cancelled and not visitor.released and len(Timer.made) == 1


def test_a_connected_viewer_is_a_visitor_even_when_the_page_lost_its_connection():
    visitor, run = visitors().new(), run_at()
    visitor.show(run, Recipe)
    with visitor.viewing():
        visitor.leave()
        assert run.wanted
    assert not run.wanted, "the last viewer is gone too"
    with visitor.viewing():
        assert run.wanted, "it returned by itself, before the page did"
    visitor.come_back()
    assert run.wanted


def test_a_run_started_while_the_page_closes_waits_too():
    visitor, run = visitors().new(), run_at()
    visitor.leave()
    visitor.show(run, Recipe)
    assert not run.wanted
    visitor.come_back()
    assert run.wanted


def test_whoever_stays_away_loses_the_runs_and_the_token():
    all_visitors = visitors()
    visitor, run, ended = all_visitors.new(), run_at(), run_at(status=FINISHED)
    visitor.show(run, Recipe)
    visitor.show(ended, Recipe)
    visitor.leave()
    timer = Timer.made[0]
    assert timer.started and timer.daemon and timer.seconds == KEPT_FOR == 1200
    now[0] = KEPT_FOR
    timer.act()
    assert run.cancelled and not ended.cancelled
    assert visitor.released and all_visitors.get(visitor.token) is None
    visitor.come_back()
    assert all_visitors.get(visitor.token) is visitor and run.cancelled


def test_each_absence_has_its_own_time():
    all_visitors = visitors()
    early, late, back = all_visitors.new(), all_visitors.new(), all_visitors.new()
    early.leave()
    back.leave()
    now[0] = 500
    late.leave()
    back.come_back()
    back.leave()
    now[0] = KEPT_FOR
    Timer.made[-1].act()
    assert [visitor.released for visitor in (early, late, back)] == [True, False, False]
    assert Timer.made[-1].seconds == 500
    now[0] = KEPT_FOR + 500
    Timer.made[-1].act()
    assert late.released and back.released and all_visitors.absence.since == {}


def test_too_many_who_are_away_are_not_kept_the_longest_away_goes_first():
    all_visitors = visitors()
    everybody = [all_visitors.new() for _ in range(MOST_ABSENT + 2)]
    for visitor in everybody:
        visitor.leave()
    assert [visitor.released for visitor in everybody] == [True, True] + [False] * MOST_ABSENT


def test_what_the_absent_have_recorded_is_bounded():
    all_visitors = visitors()
    everybody = [all_visitors.new() for _ in range(3)]
    for visitor in everybody:
        run = run_at(status=FINISHED)
        run.history.pictures.bytes = LARGEST_ABSENCE // 2
        visitor.show(run, Recipe)
        visitor.leave()
    assert [visitor.released for visitor in everybody] == [True, False, False]


def test_what_is_not_on_screen_waits_until_it_is_again():
    visitor, explored, paused, compared = visitors().new(), run_at(), run_at(), run_at()
    paused.pause()
    for run in (explored, paused):
        visitor.show(run, Recipe)
    assert visitor.see([compared.key]) == {explored.key} and explored.limit == 0
    visitor.show(compared, Recipe)
    assert compared.wanted and visitor.see([compared.key]) == set()
    visitor.leave()
    assert not compared.wanted
    visitor.come_back()
    assert compared.wanted and not explored.wanted
    assert visitor.see([explored.key, paused.key]) == {compared.key}
    assert [run.limit for run in (explored, paused, compared)] == [math.inf, 0, 0]


def test_who_goes_on_at_another_page_is_not_waited_for_as_long():
    all_visitors = visitors()
    before, other = all_visitors.new(), all_visitors.new()
    other.leave()
    now[0] = 5
    before.succeeded = True
    before.leave()
    assert [timer.seconds for timer in Timer.made] == [KEPT_FOR, SUCCEEDED_FOR]
    now[0] = 5 + SUCCEEDED_FOR
    Timer.made[-1].act()
    assert before.released and not other.released


def test_release_cancels_at_once_and_gives_up_what_was_recorded():
    visitor, run, over = visitors().new(), run_at(), run_at(status=CANCELLED)
    visitor.show(run, Recipe)
    visitor.show(over, Recipe)
    over.history.pictures.add(1, np.zeros((1, 2, 3, 3), np.uint8))
    visitor.release()
    assert run.cancelled and not over.cancelled and visitor.released
    assert over.history.pictures.values == {} and visitor.bytes == 0


def test_a_new_diagnosis_is_told_to_the_listeners():
    entry, heard = visitors().new().show(run_at(), Recipe), []
    entry.run.listeners += (lambda: heard.append(entry.diagnosis),)
    entry.diagnosis = "saturated"
    assert heard == ["saturated"]


def test_marks_are_described_from_the_settings_before_to_those_after():
    run = run_at()
    entry = visitors().new().show(run, Recipe, describe_mark=lambda before, after: f"{before} -> {after}")
    run.marks = [(7, "b"), (9, "c")]
    assert entry.marks() == [(7, "hyperparams at 6 -> b"), (9, "b -> c")]
    entry.describe_mark = None
    assert entry.marks() == [(7, "settings changed"), (9, "settings changed")]


def test_changes_of_the_run_before_are_marked_as_they_are_replayed():
    run = run_at()
    entry = visitors().new().show(run, Recipe, describe_mark=lambda before, after: f"{before} -> {after}")
    entry.earlier = ((2, "jitter"), (5, "continued from here"), (8, "never reached"))
    run.iteration = 4
    assert (entry.marks(), entry.marked) == ([(2, "jitter")], 1)
    run.iteration, run.marks = 9, [(8, "b")]
    assert (
        entry.marks() == [(2, "jitter"), (5, "continued from here"), (8, "hyperparams at 7 -> b")] and entry.marked == 3
    )
