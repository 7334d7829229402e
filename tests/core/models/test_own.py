import sys
from types import SimpleNamespace

import pytest
import torch

from actviz_core.errors import ActvizError
from actviz_core.models.catalogue import catalogue
from actviz_core.models.layers import list_layers
from actviz_core.models.model import load_model
from actviz_core.models.own import OWN, register
from tests.core.tiny import Tiny, tiny_images, tiny_model


@pytest.fixture
def own_networks(monkeypatch):
    """A module `mine` that can be imported, forgotten afterwards."""
    made = SimpleNamespace(grey=lambda: Tiny(1, 10), whole=tiny_model, wrong=lambda: 7)
    monkeypatch.setitem(sys.modules, "mine", made)
    yield
    for target in [target for target in OWN if target.startswith("mine:")]:
        del OWN[target]


def test_own_networks(own_networks, save_weights):
    for target in ("mine:grey", "mine:whole", "mine:wrong"):
        register(target)
    assert {"mine:grey", "mine:whole", "mine:wrong"} <= {entry.name for entry in catalogue() if entry.family == "own"}
    grey = load_model("mine:grey", "cpu")
    assert (grey.channels, grey.mean, grey.std, grey.height) == (1, (0.0,), (1.0,), 224)
    assert list_layers(grey, 12, 16)[-1].channels == 10
    whole = load_model("mine:whole", "cpu")
    assert (whole.height, whole.width, whole.labels[1], whole.name) == (12, 16, "bee", "mine:whole")
    torch.testing.assert_close(whole(tiny_images()), tiny_model()(tiny_images()))
    assert not torch.equal(
        load_model("mine:whole", "cpu", "untrained").network.conv1.weight, whole.network.conv1.weight
    )
    state = Tiny(1, 10).state_dict()
    assert torch.equal(load_model("mine:grey", "cpu", save_weights(state)).network.fc.weight, state["fc.weight"])
    with pytest.raises(ActvizError, match="returned int"):
        load_model("mine:wrong")


def test_nothing_is_imported_for_a_name_that_was_not_registered(own_networks):
    with pytest.raises(ActvizError, match="'antigravity:fly' is not registered"):
        load_model("antigravity:fly", "cpu")
    assert "antigravity" not in sys.modules
    for target in ("mine:absent", "no_such_package:f", "mine", ":f"):
        with pytest.raises(ActvizError, match="package.module:function"):
            register(target)
