"""Filling Compare's columns, and the numbers that come at the end."""

import threading

from actviz_core import ClassLogit, Comparison, judge
from tests.dashboard.screen import judgement_of
from tests.dashboard.views.compare.board import SMALL, changed, entries_of, finished, runs_of, texts


def test_a_fill_starts_its_columns_and_the_numbers_come_at_the_end(page):
    app = page()
    app.selectbox(key="fill").set_value("Several seeds").run()
    app.button(key="do_fill").click().run()
    runs = runs_of(app)
    assert len(runs) == 4 and all(finished(run) for run in runs) and {run.status for run in runs} == {"finished"}
    assert [entry.judgement for entry in entries_of(app)] == [None] * 4, "absent until all have finished"
    app.run()
    assert [entry.title for entry in entries_of(app)] == ["1. seed 0", "2. seed 1", "3. seed 2", "4. seed 3"]
    assert all(judgement_of(entry).of == 24 and entry.judgement.score != 0 for entry in entries_of(app))
    assert not app.dataframe and "None" not in " ".join(texts(app)) and not app.toast
    app.button(key="do_fill").click().run()
    assert [toast.value for toast in app.toast] == ["4 columns in place of the 4 before."]


def test_nobody_waits_for_an_evaluation(page, monkeypatch):
    app, done = page(comparison=Comparison().added(SMALL)), threading.Event()
    monkeypatch.setattr("actviz_core.evaluation.held_out.judge", lambda *given: done.wait(30) and judge(*given))
    app.button(key="start").click().run()
    entry = entries_of(app)[0]
    assert finished(entry.run)
    app.run()
    app.run()  # each picture once
    assert not app.exception and entry.judgement is None, "the page has waited for it"
    done.set()
    assert judgement_of(entry).of == 24


def test_a_fill_that_cannot_be_says_so_before_it_is_clicked(page):
    app = page()
    assert not app.button(key="do_fill").disabled
    app.selectbox(key="fill").set_value("Same class across models").run()
    assert app.button(key="do_fill").disabled and not app.error
    assert any(
        caption.value.startswith("Models have only") and "choose a class" in caption.value for caption in app.caption
    )
    app = page(changed(objective=ClassLogit(130)))
    assert app.button(key="do_fill").disabled and any(
        "needs a channel as the target" in caption.value for caption in app.caption
    )
    app.selectbox(key="fill").set_value("Same class across models").run()
    assert not app.button(key="do_fill").disabled and not any(
        "target; choose" in caption.value for caption in app.caption
    )
