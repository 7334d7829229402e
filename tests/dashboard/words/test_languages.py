"""What is said in several languages is said in each of them."""

import re

import pytest

from actviz_core import Objective, Regularizer, Transform, described, kinds, label_of
from dashboard.state.animals import LANGUAGES
from dashboard.words import classroom, lessons, quiz, viewer
from dashboard.words.terms import TERMS, titled


@pytest.mark.parametrize("said", [lessons, classroom, quiz, viewer], ids=["lessons", "class", "quiz", "viewer"])
def test_every_language_has_every_sentence_with_the_same_places(said):
    assert said.WORDS.keys() == set(LANGUAGES) == {"en", "de", "fr"}
    for lang, sentences in said.WORDS.items():
        assert sentences.keys() == said.WORDS["en"].keys(), lang
        for name, sentence in sentences.items():
            places = sorted(re.findall(r"\{\w+\}", sentence))
            assert sentence and places == sorted(re.findall(r"\{\w+\}", said.WORDS["en"][name])), (lang, name)
    assert said.words("xx") is said.WORDS["en"]


@pytest.mark.parametrize("lang", sorted({"de", "fr"}))
def test_what_the_core_calls_settings_and_scores_has_a_name(lang):
    known = kinds(Transform) | kinds(Regularizer)
    addresses = [f"{name}.{field}" for name, cls in known.items() for field in described(cls)]
    names = {label_of(address) for address in ("learning_rate", *addresses)}
    assert names | {cls.score for cls in kinds(Objective).values()} <= TERMS[lang].keys() == TERMS["de"].keys()
    assert all(TERMS[lang].values())


def test_titles_of_targets_in_other_languages():
    assert titled("m, blocks.3.0, channel 24", "en") == "m, blocks.3.0, channel 24"
    assert titled("m, blocks.3.0, channel 24", "de") == "m, blocks.3.0, Kanal 24"
    assert titled("m, untrained, class row boat", "de") == "m, untrainiert, Klasse row boat"
    assert titled("m, a, neuron 5 at row 3, column 4", "fr") == "m, a, neurone 5 à la ligne 3, colonne 4"
    assert titled("m, a, neuron 5 at the middle", "de") == "m, a, Neuron 5 in der Mitte"
