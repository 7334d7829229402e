"""Visitors: who may see which run, and what happens to the runs when the visitor leaves."""

import math

from actviz_core.scheduler import CANCELLED, FINISHED, RUNNING, Run

from dashboard.visitors import KEPT, Visitors


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


class Recipe:
    def hyperparams_at(self, iteration):
        return f"hyperparams at {iteration}"


def visitors():
    Timer.made = []
    return Visitors(timer=Timer)


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
    assert Timer.made[0].cancelled and len(Timer.made) == 1


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
    assert timer.started and timer.daemon and timer.seconds == 30
    timer.act()
    assert run.cancelled and not ended.cancelled
    assert visitor.released and all_visitors.get(visitor.token) is None
    visitor.come_back()
    assert all_visitors.get(visitor.token) is visitor and run.cancelled


def test_a_timer_that_fires_after_the_return_does_nothing():
    visitor, run = visitors().new(), run_at()
    visitor.show(run, Recipe)
    visitor.leave()
    visitor.come_back()
    visitor.leave()
    Timer.made[0].act()
    assert not run.cancelled and not visitor.released


def test_release_cancels_at_once():
    visitor, run, over = visitors().new(), run_at(), run_at(status=CANCELLED)
    visitor.show(run, Recipe)
    visitor.show(over, Recipe)
    visitor.release()
    assert run.cancelled and not over.cancelled and visitor.released


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
