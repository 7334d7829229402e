"""What is said in several languages is said in each of them."""

import re

import pytest

from dashboard.state.animals import LANGUAGES
from dashboard.words import classroom, lessons, quiz


@pytest.mark.parametrize("said", [lessons, classroom, quiz], ids=["lessons", "class", "quiz"])
def test_every_language_has_every_sentence_with_the_same_places(said):
    assert said.WORDS.keys() == set(LANGUAGES) == {"en", "de", "fr"}
    for lang, sentences in said.WORDS.items():
        assert sentences.keys() == said.WORDS["en"].keys(), lang
        for name, sentence in sentences.items():
            places = sorted(re.findall(r"\{\w+\}", sentence))
            assert sentence and places == sorted(re.findall(r"\{\w+\}", said.WORDS["en"][name])), (lang, name)
    assert said.words("xx") is said.WORDS["en"]
