"""What the class says to its members."""

from dashboard.state.pushed import PLACES
from dashboard.words.classroom import words


def test_there_is_a_sentence_for_each_place_where_the_teacher_points():
    assert {f"look_{place}" for place in PLACES} < words("en").keys()
