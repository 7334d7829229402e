import sys

import numpy as np
import pytest

from actviz_core import ActvizError, samples


@pytest.mark.parametrize("each", samples.SAMPLES, ids=lambda each: each.name)
def test_every_sample_is_there(each):
    image = samples.sample(each.name)
    assert image.dtype == np.uint8 and image.ndim == 3 and min(image.shape[:2]) >= 300 and image.std() > 10


def test_without_the_package_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(ActvizError, match=r"those of scikit-image: install it \(pip install scikit-image\)."):
        samples.sample("cat")


def test_an_unknown_sample_is_told():
    with pytest.raises(ActvizError, match=r"no sample photograph 'coffe' \(did you mean coffee\?\); known: cat, "):
        samples.sample("coffe")


def test_a_photograph_that_a_version_lacks_is_told(monkeypatch):
    monkeypatch.setattr(samples, "SAMPLES", (samples.Sample("dodo", "Dodo", "dodo.png"),))
    with pytest.raises(ActvizError, match="this version of scikit-image has no photograph dodo.png"):
        samples.sample("dodo")
