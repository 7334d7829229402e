"""The Learn page says the same in every language."""

import re

from dashboard.words.lessons import WORDS, words


def test_every_language_has_every_sentence_with_the_same_places():
    assert set(WORDS) == {"en", "de", "fr"}
    for lang, said in WORDS.items():
        assert said.keys() == WORDS["en"].keys(), lang
        for name, sentence in said.items():
            places = sorted(re.findall(r"\{\w+\}", sentence))
            assert sentence and places == sorted(re.findall(r"\{\w+\}", WORDS["en"][name])), (lang, name)


def test_a_language_without_a_table_has_the_english_one():
    assert words("xx") is WORDS["en"]
