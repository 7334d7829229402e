"""What the class says to its members."""

from dashboard.state.animals import LANGUAGES
from dashboard.state.pushed import PLACES
from dashboard.words.classroom import words
from dashboard.words.lessons import WORDS as OF_LESSONS


def test_members_may_be_named_in_every_language_that_lessons_have():
    assert OF_LESSONS.keys() == set(LANGUAGES)


def test_there_is_a_sentence_for_each_place_where_the_teacher_points():
    assert {f"look_{place}" for place in PLACES} < words("en").keys()
