"""What was done of lessons, where a tab turns out to be a visitor who was here before."""

from dashboard.state.learning import Learning, Tried


def test_the_step_that_a_known_visitor_opens_by_an_address_keeps_its_runs():
    done = {("one", str(number)): Tried(runs=(f"run {number}",)) for number in range(Learning.running_steps)}
    known = Learning("one", places={"one": "0"}, steps=done)
    fresh = Learning("two", places={"two": "0"}, steps={("two", "0"): Tried(runs=("new",)), ("one", "1"): Tried()})
    joined = known.joined(fresh)
    assert joined.place == ("two", "0") and joined.runs == ("new",)
    assert "new" in joined.kept_runs and "run 0" not in joined.kept_runs
    assert joined.at(("one", "1")).runs == ("run 1",), "what was done before stays"
