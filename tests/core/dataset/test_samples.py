import sys

import numpy as np
import pytest

from actviz_core import ActvizError, load_model, samples
from actviz_core.attribution.prediction import predict
from actviz_core.lessons.images import seen


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


def test_a_line_of_text_makes_a_lawn_a_carton():
    """As Li et al. 2023 found (ImageNet-W); the text lies across the middle and changes nothing else."""
    plain, marked = samples.sample("grass"), samples.sample("grass_watermark")
    rows, columns = (plain != marked).any(2).nonzero()
    assert plain.shape == marked.shape and np.median(marked[rows, columns]) > np.median(plain[rows, columns])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (220, 291, 25, 485)
    model = load_model("efficientnet_lite0")
    carton = model.labels.index("carton")
    before, after = (predict(model, seen(name, model)) for name in ("grass", "grass_watermark"))
    assert after.ranked[0] == carton and carton not in before.ranked[:500]
    assert after.probabilities[carton] > 100 * before.probabilities[carton]
