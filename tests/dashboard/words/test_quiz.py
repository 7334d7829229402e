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


def test_french_says_vous_throughout_and_has_a_space_before_each_colon():
    for name, sentence in WORDS["fr"].items():
        assert not re.search(r"\b(tu|te|toi|ton|ta|tes)\b", sentence, re.IGNORECASE), name
        assert not re.search(r"[^ ][:;?!]", sentence), name
