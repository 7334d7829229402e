"""Explanations: to their JSON and back, and what is refused of anybody's."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actviz_core import ActvizError, Channel, ClassLogit, Explanation, Explanations, GradCam, Neuron, image_hash
from actviz_core.attribution import METHODS, Saliency
from actviz_core.origin import Origin
from tests.strategies import JSON, spoiled_json

FULL = Explanation(
    "efficientnet_lite0",
    ClassLogit("tabby") - 0.5 * Neuron("blocks.3.0", 2, 1, 4),
    GradCam("blocks.4.0", signed=True),
    64,
    96,
    (3, 5, 40, 60),
    "sha256:" + "0a" * 32,
    "cat.jpg",
    "untrained",
    Origin("0.1.0", "2.14.1+cu130", "cpu", "AVX2"),
)


def test_the_example_sets_every_field():
    assert all(getattr(FULL, field.name) != field.default for field in dataclasses.fields(FULL))


def test_every_field_and_every_method_comes_back():
    assert Explanation.from_json(FULL.to_json()) == FULL and Explanation.from_json(FULL.to_json(indent=2)) == FULL
    for method in (cls() for cls in METHODS):
        one = Explanation("m", Channel("a", 1), method)
        assert Explanation.from_json(one.to_json()) == one
    assert json.loads(FULL.to_json())["kind"] == "explanation"


def test_several_come_back_and_one_is_read_as_several():
    several = Explanations((FULL, Explanation("m", Channel("a", 1), Saliency())))
    assert Explanations.from_json(several.to_json()) == several
    assert Explanations.from_json(FULL.to_json()).explanations == (FULL,)


def test_no_folder_is_told():
    for name in ("/home/somebody/cat.jpg", r"C:\Users\somebody\cat.jpg", "cat\n.jpg"):
        assert dataclasses.replace(FULL, image_name=name).image_name == "cat.jpg"


@pytest.mark.parametrize(
    "change, said",
    [
        ({"frame": [0, 0, 0, 5]}, "at least 1 px"),
        ({"frame": [-1, 0, 4, 5]}, "between 0 and"),
        ({"frame": [0, 0, 4]}, "must have 4"),
        ({"image": "sha256:" + "g" * 64}, "64 digits"),
        ({"image": "../../etc/passwd"}, "64 digits"),
        ({"method": {"kind": "exec"}}, "unknown kind 'exec'"),
        ({"method": {"kind": "grad_cam", "code": "1"}}, "unknown field 'code'"),
        ({"height": 10**9}, "between 1 and 4096"),
        ({"kind": "recipe"}, "not an explanation"),
        ({"objective": None}, "objective"),
        ({"image_name": "x" * 300}, "300 characters"),
    ],
)
def test_what_is_wrong_is_said(change, said):
    with pytest.raises(ActvizError) as problem:
        Explanation.from_json(json.dumps(json.loads(FULL.to_json()) | change))
    assert said in str(problem.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "nothing", "[" * 100_000, '"' + "x" * 2**20 + '"'])
def test_what_is_no_explanation_is_refused(text):
    with pytest.raises(ActvizError):
        Explanation.from_json(text)
    with pytest.raises(ActvizError):
        Explanations.from_json(text)


@given(st.one_of(JSON.map(json.dumps), spoiled_json(FULL.to_json())))
def test_anybodys_json_is_used_or_refused(text):
    try:
        found = Explanation.from_json(text)
    except ActvizError as problem:
        assert len(str(problem)) < 500 and "\n" not in str(problem)
    else:
        assert Explanation.from_json(found.to_json()) == found


def test_an_image_is_known_by_its_pixels_and_its_shape():
    image = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    assert image_hash(image) == image_hash(image.copy(order="F")) and len(image_hash(image)) == 71
    other = image.copy()
    other[5, 7, 2] ^= 1
    assert len({image_hash(image), image_hash(other), image_hash(image.reshape(8, 6, 3))}) == 3
