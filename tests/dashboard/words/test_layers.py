"""What the chart says of layers: their kinds in a sentence each, what lies inside, what a cell sees."""

from math import inf

import pytest

from actviz_core import Layer, ReceptiveField, list_layers, load_model
from dashboard.words import kinds
from dashboard.words.layers import is_inside, sight, told

LONGEST = 120  # characters of a sentence: it stands in a few lines beside the steps


def unknown(_name: str) -> None:
    return None


def layer(name: str, kind: str) -> Layer:
    return Layer(name, kind, 8, 14, 14, "channels,rows,columns", True)


def field(*effective: float) -> ReceptiveField:
    return ReceptiveField((inf, inf), effective, ((0.0,), (0.0,)), (64, 96))


def test_every_sentence_is_one_and_short():
    for kind, sentence in kinds.sentences().items():
        text = sentence.text
        assert text[0].isupper() and text.endswith(".") and ". " not in text and len(text) <= LONGEST, (kind, text)


def test_every_kind_of_a_packaged_network_has_a_sentence_and_blocks_a_word():
    layers = list_layers(load_model("efficientnet_lite0"))
    found = told(layers, layers, unknown)
    assert {each["kind"] for each in found["layers"]} - set(kinds.sentences()) <= {"Sequential", "EfficientNet"}
    block = next(each for each in found["layers"] if each["name"] == "blocks.4.0")
    assert (block["kind"], block["dimensions"], block["inner"]) == ("InvertedResidual", "112 channels of 14 x 14", 8)
    text, word, address = found["sentences"][block["about"]]
    assert text.startswith("Widens to many channels") and word == "InvertedResidual"
    assert address == "glossary?word=inverted-residual&lang=en"
    assert len(found["sentences"]) == len({tuple(each) for each in found["sentences"]})


def test_a_kind_without_a_sentence_is_told_by_what_lies_inside():
    inner = [layer(f"odd.{number}", kind) for number, kind in enumerate(["Conv2d", "Conv2d", "ReLU", "Conv2d"])]
    text, word, address = kinds.told(layer("odd", "Unheard"), inner)
    assert text.endswith("no sentence is written for yet; inside of it: 3 Conv2d, 1 ReLU.") and not word + address
    assert kinds.told(layer("odd", "Unheard"), [])[0].endswith("no layers are known inside of it.")


def test_a_name_that_may_be_anything_gets_its_sentence_only_where_that_fits():
    attention = [layer("block.attn", "Attention")]
    assert kinds.told(layer("block", "Block"), attention)[0].startswith("Parts of the image look at one another")
    assert kinds.told(layer("block", "Block"), [layer("block.conv", "Conv2d")])[0].endswith("1 Conv2d.")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, ""),
        (field(31.4, 29.6), "31 x 30 px of the picture"),
        (field(inf, inf), "the whole picture"),
        (field(200.0, 40.0), "64 x 40 px of the picture"),
    ],
)
def test_how_much_of_the_picture_a_cell_sees(found, words):
    assert sight(found) == words


def test_inside_is_by_whole_names():
    assert is_inside("blocks.1", "blocks.1.conv@2") and not is_inside("blocks.1", "blocks.10.conv")
