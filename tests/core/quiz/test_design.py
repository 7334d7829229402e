"""Who sees what in which order: the properties that the design promises."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from actviz_core.quiz import CONDITIONS, FORMS, POOL, trials

SEEDS, ROWS = st.text(max_size=20), st.integers(0, 10_000)
WHOLE, SHORT = FORMS["whole"], FORMS["short"]


def scored(found, row_kind="scored"):
    return [trial for trial in found if trial.kind == row_kind]


def blocks(found) -> list[str]:
    """The conditions in their order, practice left out."""
    order = [trial.condition for trial in found if trial.kind != "practice"]
    return [each for place, each in enumerate(order) if place == 0 or order[place - 1] != each]


@given(SEEDS, ROWS, st.sampled_from(list(FORMS.values())))
def test_nobody_sees_a_unit_twice_and_each_condition_is_one_block(seed, row, form):
    found = trials(form, seed, row)
    assert found == trials(form, seed, row), "a reload goes on"
    assert len(found) == form.trials == len({trial.unit for trial in found}) <= POOL
    assert sorted(blocks(found)) == sorted(CONDITIONS)
    assert [trial.condition for trial in found[: len(form.practice)]] == list(form.practice)
    assert sorted(trial.condition for trial in scored(found, "catch")) == ["both", "natural"]
    assert {trial.side for trial in found} <= {"left", "right"}


@given(SEEDS, ROWS)
def test_four_people_in_a_row_are_a_latin_square(seed, row):
    people = [trials(WHOLE, seed, row + one) for one in range(4)]
    orders = [blocks(found) for found in people]
    for place in range(4):
        assert sorted(order[place] for order in orders) == sorted(CONDITIONS), "each condition once at every place"
    after = Counter(pair for order in orders for pair in pairwise(order))
    assert set(after.values()) == {1} and len(after) == 12, "and once after each other one"
    counted = Counter(trial.condition for found in people for trial in scored(found))
    assert set(counted.values()) == {10}, "so that all have as many answers"


def test_the_lengths_are_those_that_the_page_promises():
    assert (len(WHOLE.practice), sum(WHOLE.blocks), WHOLE.trials) == (3, 10, 15)
    assert (len(SHORT.practice), sum(SHORT.blocks), SHORT.trials) == (1, 4, 7)


def test_one_seed_by_its_trials():
    told = [(t.kind[0], t.condition, t.unit, t.side[0]) for t in trials(SHORT, "a seed", 1)]
    assert told == EXPECTED


EXPECTED = [
    ("p", "natural", 2, "l"),
    ("s", "synthetic", 10, "r"),
    ("c", "natural", 9, "l"),
    ("s", "natural", 7, "l"),
    ("s", "none", 1, "l"),
    ("c", "both", 3, "l"),
    ("s", "both", 12, "r"),
]
