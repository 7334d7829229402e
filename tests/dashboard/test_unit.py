"""What the panel of a unit says of targets that are no single channel."""

import pytest

from actviz_core import Direction
from dashboard.widgets.unit import of_direction


@pytest.mark.parametrize(
    "text, channel, said",
    [
        ("7:-2, 3:1", 3, "Shown is channel 3, of the largest weight: 1. The target is pushed away from channel 7"),
        ("3:1, 5:-1", 3, "Shown is channel 3, of the largest weight: 1."),
        ("20:-1", 20, "Shown is channel 20, of weight −1: the target is pushed away from what is seen here"),
        ("4:-1, 20:-3", 20, "of weight −3: the target is pushed away from what is seen here"),
    ],
)
def test_of_a_direction_a_channel_is_named_with_its_sign(text, channel, said):
    entry = of_direction(Direction.parse("conv", text), "door")
    assert (entry.layer, entry.channel) == ("conv", channel) and said in entry.note
    assert entry.title.startswith(f"conv, channel {channel} of the direction")
    assert ("even more" in entry.note) == (text == "7:-2, 3:1")
