"""What the tests of the core share: one thread, so that they are quick beside others, and the tiny network."""

import pytest
import torch

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


@pytest.fixture
def model():
    return tiny_model()


@pytest.fixture
def rng():
    """A generator of the test's own; afterwards the global one must not have been touched."""
    before = torch.get_rng_state()
    yield torch.Generator().manual_seed(7)
    assert torch.equal(torch.get_rng_state(), before), "the global random generator was used"
