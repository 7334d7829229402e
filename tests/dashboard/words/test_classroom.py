"""The class says the same to its members in every language that they may read and be named in."""

import re

from dashboard.state.animals import LANGUAGES
from dashboard.state.pushed import PLACES
from dashboard.words.classroom import WORDS, words
from dashboard.words.lessons import WORDS as OF_LESSONS


def test_every_language_has_every_sentence_with_the_same_places():
    assert WORDS.keys() == OF_LESSONS.keys() == set(LANGUAGES)
    for lang, said in WORDS.items():
        assert said.keys() == WORDS["en"].keys(), lang
        for name, sentence in said.items():
            places = sorted(re.findall(r"\{\w+\}", sentence))
            assert sentence and places == sorted(re.findall(r"\{\w+\}", WORDS["en"][name])), (lang, name)
    assert words("xx") is WORDS["en"]


def test_there_is_a_sentence_for_each_place_where_the_teacher_points():
    assert {f"look_{place}" for place in PLACES} < words("en").keys()
