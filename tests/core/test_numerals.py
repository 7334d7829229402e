"""Numbers as people read them."""

import pytest

from actviz_core import written


@pytest.mark.parametrize(
    "number, form, said",
    [
        (-0.5, "g", "−0.5"),
        (2, "g", "2"),
        (-1e-5, "g", "−1e−05"),
        (0.5, "+g", "+0.5"),
        (-0.004, ".2f", "0.00"),
        (-0.006, ".2f", "−0.01"),
        (-0.0, "g", "0"),
        (float("-inf"), ".4g", "−inf"),
    ],
)
def test_a_minus_is_no_hyphen_and_nothing_has_no_sign(number, form, said):
    assert written(number, form) == said
