"""Answers, shares and intervals in exact numbers."""

import json
from itertools import product

import numpy as np
import pytest

from actviz_core import ActvizError
from actviz_core.quiz import (
    CONDITIONS,
    Given,
    GroupShare,
    Share,
    Sitting,
    by_condition,
    by_confidence,
    is_counted,
    of_group,
)
from actviz_core.quiz.groups import resampled


def sitting(seed="a", row=0, wrong=(), form="whole", confidence=3) -> Sitting:
    """A finished one; the trials at these places were answered wrongly."""
    found = Sitting(form, ("tiny", ""), "images", seed, row)
    for place, trial in enumerate(found.trials):
        left = (trial.side == "left") != (place in wrong)
        found = found.answered(4 - confidence if left else 3 + confidence)
    return found


def places(found: Sitting, kind: str, condition: str = "") -> list[int]:
    return [
        place for place, trial in enumerate(found.trials) if trial.kind == kind and condition in ("", trial.condition)
    ]


def test_an_answer_is_a_side_and_how_sure_one_is():
    told = [(Given(n, True).side, Given(n, True).confidence) for n in range(1, 7)]
    assert told == [("left", 3), ("left", 2), ("left", 1), ("right", 1), ("right", 2), ("right", 3)]
    for none in (0, 7, True, 2.0, "3", None):
        with pytest.raises(ValueError):
            Given(none, True)


def test_the_server_judges_and_there_is_an_end():
    found = sitting(wrong=(0, 4))
    assert [place for place, each in enumerate(found.answers) if not each.right] == [0, 4]
    assert found.finished and found.trial is None
    with pytest.raises(ValueError):
        found.answered(1)


def test_only_scored_trials_count():
    plain = sitting()
    missed = [*places(plain, "practice"), places(plain, "catch")[0], *places(plain, "scored", "natural")[:1]]
    found = sitting(wrong=missed)
    assert by_condition(found) == {
        "none": Share(3, 3),
        "synthetic": Share(2, 2),
        "natural": Share(1, 2),
        "both": Share(3, 3),
    }
    assert by_confidence(found) == {1: Share(0, 0), 2: Share(0, 0), 3: Share(9, 10)}
    assert by_confidence(sitting(confidence=1)) == {1: Share(10, 10), 2: Share(0, 0), 3: Share(0, 0)}


def test_who_misses_both_catch_trials_or_has_not_finished_is_not_counted():
    first, second = places(sitting(), "catch")
    assert is_counted(sitting(wrong=[first])) and is_counted(sitting(wrong=[second]))
    assert not is_counted(sitting(wrong=[first, second]))
    assert not is_counted(Sitting("whole", ("tiny", ""), "images", "a", 0).answered(1))


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 3, 0.0, 0.5615), (2, 2, 0.3424, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilsons_interval(right, of, low, high):
    assert Share(right, of).wilson() == pytest.approx((low, high), abs=1e-4)


def test_a_group_is_counted_by_persons_from_five_on():
    four = [sitting(str(seed), seed) for seed in range(4)]
    nobody = sitting(wrong=places(sitting(), "catch"))
    assert of_group(four) == (4, {}) and of_group([*four, nobody]) == (4, {})
    persons, shares = of_group([*four, sitting("b", 1)])
    assert persons == 5 and shares == dict.fromkeys(CONDITIONS, GroupShare(1.0, 1.0, 1.0))


def test_the_bootstrap_is_that_of_all_possible_draws():
    persons = (Share(0, 2), Share(3, 3), Share(1, 2), Share(2, 3), Share(2, 2))
    draws = np.array(list(product(range(5), repeat=5)))
    right, of = np.array([each.right for each in persons]), np.array([each.of for each in persons])
    exact = right[draws].sum(1) / of[draws].sum(1)
    found = resampled(persons)
    assert found.share == 8 / 12 and found == resampled(persons), "the same every time"
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(exact, (2.5, 97.5))), abs=0.03)


def test_a_sitting_is_kept_as_json():
    found = sitting(wrong=(2,), form="short")
    assert Sitting.from_data(json.loads(json.dumps(found.data()))) == found
    good = found.data()
    for strange in (
        good | {"form": "endless"},
        good | {"row": "1"},
        good | {"network": ["a"]},
        good | {"seed": "x" * 201},
        good | {"answers": [*good["answers"], good["answers"][0]]},
        good | {"answers": [{"answer": 9, "right": True}]},
        good | {"answers": 3},
        {},
    ):
        with pytest.raises((ActvizError, ValueError)):
            Sitting.from_data(strange)
