"""Maps of the tiny network against what its gradients are by hand, one image or several, and as the work of a run."""

import pickle

import numpy as np
import pytest
import torch
from torch import nn

from actviz_core import METHODS, ActvizError, Attribute, ClassLogit, Model, NotAllowed, Scheduler, attribute
from actviz_core.attribution import GradCam, InputXGradient, Occlusion, Saliency
from actviz_core.attribution.attribute import check_images, tensor_of
from actviz_core.runs.run import Run
from tests.core.tiny import reference, tiny_images, tiny_model


def by_hand(model, images, label):
    images = images.clone().requires_grad_()
    score = reference(model, images)["output"][:, label, 0, 0]
    return torch.autograd.grad(score.sum(), images)[0]


def test_saliency_is_the_largest_absolute_gradient_of_a_pixels_colours():
    model, images = tiny_model(), tiny_images()
    maps = attribute(model, images, ClassLogit(2), Saliency())
    assert np.allclose(maps.values, by_hand(model, images, 2).abs().amax(1), atol=1e-6)


def test_input_x_gradient_is_zero_at_the_networks_mean_colour():
    model, images = tiny_model(), tiny_images()
    images[:, :, 3, 5] = torch.tensor(model.mean)
    maps = attribute(model, images, ClassLogit(2), InputXGradient())
    expected = ((images - torch.tensor(model.mean)[:, None, None]) * by_hand(model, images, 2)).sum(1)
    assert np.allclose(maps.values, expected, atol=1e-6)
    assert (maps.values[:, 3, 5] == 0).all() and maps.values.any()


def test_every_method_gives_two_images_the_maps_they_have_alone():
    model, images = tiny_model(), tiny_images(2)
    for method in (cls() for cls in METHODS):
        together = attribute(model, images, ClassLogit(1), method)
        for index in range(2):
            alone = attribute(model, images[index : index + 1], ClassLogit(1), method)
            assert np.allclose(together.values[index], alone.values[0], atol=1e-5), method
            assert np.isclose(together.score[index], alone.score[0])


def test_the_work_of_a_run_pickles_and_its_last_frame_has_the_map():
    pictures = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)[None]
    work = pickle.loads(pickle.dumps(Attribute(("tiny", ""), pictures, ClassLogit(2), GradCam())))

    class Models:
        def __call__(self, name, weights):
            return tiny_model()

        def has(self, name, weights):
            return True

    scheduler = Scheduler(Models())
    run = scheduler.start(Run.of(work, float("inf")))
    assert run.wait(lambda run: run.ended, 10) and run.finished, run.error
    expected = attribute(tiny_model(), tensor_of(pictures), ClassLogit(2), GradCam())
    assert np.allclose(run.newest.maps.values, expected.values, atol=1e-6) and run.newest.maps.done
    scheduler.close()


class SharedStatistics(nn.Module):
    """Norms that measure the images of a batch, and so mix them."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, track_running_stats=False)

    def forward(self, x):
        return self.norm(self.conv(x)).relu().mean((2, 3))


def test_a_network_that_mixes_images_is_refused_where_several_go_through_at_once():
    torch.manual_seed(0)
    model, image = Model.of(SharedStatistics().eval(), size=(12, 16)), torch.rand(1, 3, 12, 16)
    x = image.clone().requires_grad_()
    model(x)[0, 1].backward()
    found = attribute(model, image, ClassLogit(1), InputXGradient())
    assert np.allclose(found.values[0], (x * x.grad).detach().sum(1)[0], atol=1e-6)
    for images, method in ((image, Occlusion(window=6)), (image.repeat(2, 1, 1, 1), InputXGradient())):
        with pytest.raises(NotAllowed, match="depends on the images beside it"):
            attribute(model, images, ClassLogit(1), method)


def test_what_is_no_image_is_told_in_a_sentence():
    image = torch.rand(1, 3, 12, 16)
    for wrong in (image[:0], (255 * image).byte(), image.double(), image[0], image[:, :1], image.numpy()):
        with pytest.raises(ActvizError, match="^images are "):
            check_images(wrong)
    with pytest.raises(ActvizError, match=r"^images are .* these are float32 \[0, 3, 12, 16\]"):
        attribute(tiny_model(), image[:0], ClassLogit(1), GradCam())
