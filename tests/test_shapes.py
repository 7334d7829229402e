"""Shapes in signatures are checked while tests run, and only then."""

from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float
from torch import Tensor

from actviz_core import Channel, export, sums
from actviz_core.models.activations import activations
from tests.core.tiny import tiny_images, tiny_model
from tests.shapes import WrongShape, checked

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: tiny_model().normalize(torch.rand(2, 4, 12, 16)),
        lambda: tiny_model().normalize(torch.zeros(2, 3, 12, 16, dtype=torch.int64)),
        lambda: activations(tiny_model(), tiny_images()[0], ["conv1"]),
        lambda: Channel("conv1", 0)({"conv1": torch.rand(2, 4, 12)}),
        lambda: sums.spread(torch.rand(3), torch.rand(2, 5)),
        lambda: export.sheet(np.zeros((1, 9, 17, 3))),
        lambda: export.sheet(np.zeros((9, 17, 3), np.uint8)),
    ],
)
def test_a_wrong_shape_is_found(call):
    with pytest.raises(WrongShape):
        call()


@checked
def halved(
    values: dict[str, Float[Tensor, "n k"]], like: Float[Tensor, " n"] | None
) -> tuple[Float[Tensor, " n"], int]:
    found = values["a"][:, 0] if like is None else like
    return (found if found.sum() < 100 else values["b"]), 1


def test_arrays_in_dictionaries_tuples_and_unions_are_looked_at():
    halved({"a": torch.ones(2, 3), "b": torch.ones(2, 3)}, None)
    halved({"a": torch.ones(2, 3)}, torch.ones(2))
    for values, like in (({"a": torch.ones(2)}, None), ({"a": torch.ones(2, 3)}, torch.ones(3))):
        with pytest.raises(WrongShape):
            halved(values, like)
    with pytest.raises(WrongShape):
        halved({"a": torch.full((2, 3), 99.0), "b": torch.ones(2, 3)}, None)


def test_nothing_is_checked_in_a_program():
    """The core names shapes and never asks for them to be looked at."""
    files = {path: path.read_text() for path in (ROOT / "actviz_core").rglob("*.py")}
    assert not [path for path, text in files.items() if "jaxtyped" in text or "import_hook" in text]
    assert [path for path, text in files.items() if "from jaxtyping import" in text]
