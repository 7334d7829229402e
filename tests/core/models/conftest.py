"""What the tests of networks share: networks, a folder of downloaded weights, and files of weights."""

import pytest
import safetensors.torch
import timm
import torch

from actviz_core import load_model


@pytest.fixture
def checkpoints(tmp_path, monkeypatch):
    """An empty folder of weights, and no network connection."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)

    def offline(*call, **settings):
        raise OSError("no connection")

    monkeypatch.setattr(torch.hub, "download_url_to_file", offline)
    monkeypatch.setattr(timm.models, "load_state_dict_from_hf", offline)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def save_weights(tmp_path):
    """(tensors by name, suffix) -> the path of a file that holds them."""

    def save(state, suffix=".pth"):
        file = tmp_path / f"weights{suffix}"
        (safetensors.torch.save_file if suffix == ".safetensors" else torch.save)(state, file)
        return str(file)

    return save


@pytest.fixture(scope="module")
def loaded():
    models = {}

    def load(name):
        if name not in models:
            models[name] = load_model(name, "cpu", "" if name.startswith("efficientnet_lite") else "untrained")
        return models[name]

    return load
