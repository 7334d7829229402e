"""The glossary: the same words in every language, and links that lead to them."""

import pytest

from actviz_core import LessonError, glossary, list_layers, load_model, read_course, read_lesson, word_of_kind
from actviz_core.lessons.texts import words
from tests.core.lessons.files import step, written

LONGEST = 40  # words of what is said of one


def test_every_word_is_told_in_every_language_in_a_sentence_or_two():
    assert {"channel", "saliency-map", "total-variation", "inverted-residual"} <= set(glossary())
    assert {lesson.lang for lesson in read_course([]).lessons} <= {"en", "de", "fr"}
    for word in glossary().values():
        assert set(word.told) == {"en", "de", "fr"}, word.name
        for title, text in word.told.values():
            assert title and words(text) <= LONGEST and text.endswith(".") and '"' not in text, (word.name, text)
        assert word.source.startswith("https://") or not word.source
    assert glossary()["seed"].title("de") == "Startzahl" and glossary()["seed"].title("it") == "Seed"


def test_the_blocks_that_the_chart_shows_have_a_word():
    blocks = {layer.kind for layer in list_layers(load_model("efficientnet_lite0")) if layer.block}
    assert blocks and not [kind for kind in blocks if word_of_kind(kind) is None], blocks
    assert word_of_kind("InvertedResidual").name == "inverted-residual" and word_of_kind("Unheard") is None


def test_a_link_to_a_word_that_is_not_there_is_named_with_those_that_resemble_it(tmp_path):
    text = "A [channel](glossary:channel).\n\nIts [chanxel](glossary:chanxel).\n"
    with pytest.raises(LessonError) as error:
        read_lesson(written(tmp_path, step(text=text)))
    (problem,) = error.value.problems
    assert problem.what.startswith("The glossary has no word chanxel (did you mean channel")
    assert problem.line == 19
