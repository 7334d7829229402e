"""What the tests of the core share: one thread, so that they are quick beside others, and the tiny network."""

from unittest.mock import patch

import pytest
import torch

from actviz_core.models import own
from tests.core.tiny import tiny_model


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def on_the_cpu(request, monkeypatch):
    """ "auto" is the CPU, whose numbers are known; test_cuda.py is about the other."""
    if request.module.__name__ != "tests.core.test_cuda":
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.fixture(autouse=True)
def nobody_elses_networks():
    """What a test registers is gone after it."""
    with patch.dict(own.OWN), patch.dict(own.INPUTS):
        yield


@pytest.fixture
def model():
    return tiny_model()


@pytest.fixture
def rng():
    """A generator of the test's own; afterwards the global one must not have been touched."""
    before = torch.get_rng_state()
    yield torch.Generator().manual_seed(7)
    assert torch.equal(torch.get_rng_state(), before), "the global random generator was used"
