"""What is said in several languages is said in each of them."""

import re

import pytest

from actviz_core import (
    PRESETS,
    Hyperparams,
    Objective,
    Regularizer,
    TotalVariation,
    Transform,
    described,
    kinds,
    label_of,
    samples,
)
from actviz_core.errors import Diverged
from actviz_core.evaluation.diagnosis import SENTENCES
from dashboard.state.animals import LANGUAGES
from dashboard.words import classroom, gallery, lessons, quiz, unit, viewer
from dashboard.words.changes import describe_change
from dashboard.words.terms import TERMS, titled


@pytest.mark.parametrize("said", [lessons, classroom, quiz, viewer, unit, gallery], ids=lambda said: said.__name__)
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


@pytest.mark.parametrize("lang", sorted({"de", "fr"}))
def test_presets_and_photographs_have_a_name(lang):
    names = {"Lucid", "Distill", "DeepDream", "MACO"}  # of a library, a journal and two methods
    assert {each.title for each in (*PRESETS, *samples.SAMPLES)} - names <= TERMS[lang].keys()


@pytest.mark.parametrize("lang", sorted({"de", "fr"}))
def test_what_is_wrong_with_a_picture_is_said_with_the_same_values(lang):
    for sentence in (*SENTENCES.values(), Diverged(1).sentence, Diverged(2).sentence):
        places = sorted(re.findall(r"\{\w+\}", sentence))
        assert places == sorted(re.findall(r"\{\w+\}", TERMS[lang][sentence]))


def test_titles_of_targets_in_other_languages():
    assert titled("m, blocks.3.0, channel 24", "en") == "m, blocks.3.0, channel 24"
    assert titled("m, blocks.3.0, channel 24", "de") == "m, blocks.3.0, Kanal 24"
    assert titled("m, untrained, class row boat", "de") == "m, untrainiert, Klasse row boat"
    assert titled("m, a, neuron 5 at row 3, column 4", "fr") == "m, a, neurone 5 à la ligne 3, colonne 4"
    assert titled("m, a, channel 5, repeats every 72 px", "fr") == "m, a, canal 5, se répète tous les 72 px"
    assert titled("m, a, neuron 5 at the middle", "de") == "m, a, Neuron 5 in der Mitte"


def test_numbers_of_a_change_have_the_signs_of_the_language():
    before, after = Hyperparams(0.05, (), (TotalVariation(2.0),)), Hyperparams(1e-5, (), (TotalVariation(0.5),))
    assert describe_change(before, after) == "Learning rate 0.05 to 1e−05, Total variation 2 to 0.5"
    assert describe_change(before, after, "de") == "Lernrate 0,05 auf 1e−05, Totale Variation 2 auf 0,5"
