"""What channels gained, as the page says it, and which of them the browser may choose."""

import numpy as np
import pytest

from actviz_core import ChannelGains
from dashboard.components.gained import chosen_of
from dashboard.widgets.gained import told_of
from dashboard.words.lessons import WORDS

GAINS = np.array([0.1, 0.5, -0.25, 0.25, *[0.01] * 6], np.float32)


def test_the_strongest_come_first_with_their_shares_of_the_rise():
    told = told_of(ChannelGains("a.b", GAINS, -0.5, 2.0), "carton", 3, WORDS["en"])
    assert [row.channel for row in told.rows] == [1, 3, 0, 4, 5, 6, 7, 8] and told.chosen == 3
    assert [(row.gain, row.bar) for row in told.rows[:2]] == [("20 %", 1.0), ("10 %", 0.5)]
    assert told.about == "carton: the logit rises from −0.50 to 2.00. Of the 10 channels of a.b these gained most."
    assert told.note.endswith("all gains together are +0.66, the rise is +2.50.")
    assert told.head == "share of the logit's rise"


def test_nothing_has_a_share_where_nothing_rose():
    told = told_of(ChannelGains("a.b", -np.ones(3, np.float32), 2.0, 1.0), "carton", None, WORDS["de"])
    assert [(row.name, row.gain, row.bar) for row in told.rows][0] == ("Kanal 0", "−1,00", 0.0) and len(told.rows) == 3
    assert told.head == "Zuwachs im Logit" and "von 2,00 auf 1,00" in told.about


@pytest.mark.parametrize(
    ("sent", "channel"),
    [({"channel": 3}, 3), ({"channel": 2}, None), ({"channel": True}, None), ({"channel": "3"}, None), ([3], None)],
)
def test_only_what_is_shown_can_be_chosen(sent, channel):
    told = told_of(ChannelGains("a.b", GAINS, -0.5, 2.0), "carton", None, WORDS["fr"])
    assert chosen_of(sent, told) == channel
