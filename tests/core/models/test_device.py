import pytest
import torch

from actviz_core.errors import ActvizError
from actviz_core.models import device
from actviz_core.models.device import choose_device


def test_devices():
    assert choose_device("cpu") == torch.device("cpu") and choose_device("auto").type in ("cuda", "mps", "cpu")
    for name in ("gpu", "cuda:99", "meta", ""):
        with pytest.raises(ActvizError, match=f"device '{name}' is not available here; there are auto, .*cpu"):
            choose_device(name)


@pytest.fixture
def devices(monkeypatch):
    """Two CUDA devices and MPS are there; those in the set that it gives cannot be used."""
    broken = set()

    def probe(place):
        if str(place) in broken:
            raise RuntimeError(f"{place} is broken\nand says a lot about it")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(device, "probe", probe)
    return broken


def test_the_first_device_that_can_be_used_is_taken_and_why_not_another_is_told(devices, caplog):
    assert choose_device() == torch.device("cuda") and not caplog.messages
    devices.add("cuda")
    assert choose_device() == torch.device("mps")
    assert caplog.messages == ["the device cuda is there, but cannot be used: cuda is broken"]
    devices.add("mps")
    assert choose_device() == torch.device("cpu")
    assert caplog.messages[1:] == [
        f"the device {name} is there, but cannot be used: {name} is broken" for name in ("cuda", "mps")
    ]


def test_a_device_by_name_is_that_one_or_none(devices, caplog):
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    devices.add("cuda:1")
    with pytest.raises(
        ActvizError,
        match=r"'cuda:1' is not available here; there are auto, cuda:0, cuda:1, cuda, mps, cpu\. It says: "
        r"cuda:1 is broken$",
    ):
        choose_device("cuda:1")
    assert not caplog.messages
