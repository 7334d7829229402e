"""The quiz says the same in every language."""

import re

from dashboard.words.lessons import WORDS as OF_LESSONS
from dashboard.words.quiz import WORDS, words


def test_every_language_has_every_sentence_with_the_same_places():
    assert WORDS.keys() == OF_LESSONS.keys()
    for lang, said in WORDS.items():
        assert said.keys() == WORDS["en"].keys(), lang
        for name, sentence in said.items():
            places = sorted(re.findall(r"\{\w+\}", sentence))
            assert sentence and places == sorted(re.findall(r"\{\w+\}", WORDS["en"][name])), (lang, name)
    assert words("xx") is WORDS["en"]
