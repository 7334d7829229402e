"""Score-CAM and Ablation-CAM against channels that are tried one by one."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from actviz_core import Channel, ClassLogit, attribute, list_layers
from actviz_core.attribution import AblationCam, Cam, ScoreCam
from actviz_core.attribution.ablation_cam import Ablation
from actviz_core.attribution.attribute import attributed
from actviz_core.attribution.layer_gradients import layer_gradient
from actviz_core.attribution.subject import Subject
from tests.core.attribution.networks import Joined, Pooled, Transformer, model_of
from tests.core.tiny import reference, tiny_images, tiny_model


def score_cam(model, image, label, layer, softmax=False):
    """[rows, columns], before anything is cut off."""
    maps = reference(model, image)[layer]
    masks = F.interpolate(maps, image.shape[2:], mode="bilinear")[0]
    masks = [(mask - mask.min()) / (mask.max() - mask.min()) for mask in masks]
    grey = torch.tensor(model.mean).view(1, 3, 1, 1).expand_as(image)

    def score(seen):
        return reference(model, seen)["output"][0, label, 0, 0]

    increases = torch.stack([score(image * mask + grey * (1 - mask)) - score(grey) for mask in masks])
    weights = increases.softmax(0) if softmax else increases
    return torch.einsum("c,chw->hw", weights, maps[0])


@pytest.mark.parametrize("softmax", [False, True])
def test_score_cam_weighs_a_map_by_the_score_of_what_it_lets_through(softmax):
    model, images = tiny_model(), tiny_images()
    maps = attribute(model, images, ClassLogit(2), ScoreCam("pool", signed=True, channels=None, softmax=softmax))
    for index in range(2):
        expected = score_cam(model, images[index : index + 1], 2, "pool", softmax)
        assert np.allclose(maps.values[index], expected, atol=1e-4)
    assert maps.passes == ScoreCam("pool").passes(model, 12, 16) == 7
    cut = attribute(model, images, ClassLogit(2), ScoreCam("pool", channels=None, softmax=softmax))
    assert np.array_equal(cut.values, maps.values.clip(0))


def test_score_cam_takes_the_channels_that_spread_most():
    model, images = tiny_model(), tiny_images(1)
    maps = reference(model, images)["pool"][0]
    widest = maps.flatten(1).std(1).argmax()
    found = attribute(model, images, ClassLogit(2), ScoreCam("pool", signed=True, channels=1)).values[0]
    ratio = found / maps[widest].numpy()
    assert np.allclose(ratio, ratio[0, 0], rtol=1e-4) and found.any()


def test_a_flat_map_weighs_nothing():
    model = tiny_model()
    model.network.conv1.weight[1] = 0
    images = tiny_images(1)
    both = [attribute(model, images, Channel("relu", 0), ScoreCam("relu", True, channels)) for channels in (3, 4)]
    assert np.array_equal(both[0].values, both[1].values) and both[0].values.any()
    model.network.conv1.weight.zero_()
    assert not attribute(model, images, Channel("relu", 0), ScoreCam("relu")).values.any()


def ablation_cam(model, images, label, layer):
    """With what follows the layer of the tiny network computed by hand."""
    found, network = reference(model, images), model.network

    def score(relu):
        again = (F.conv2d(relu, network.conv2.weight, network.conv2.bias, padding=1) + relu).clamp(min=0)
        return (F.max_pool2d(again, 2).mean((2, 3)) @ network.fc.weight.T + network.fc.bias)[:, label]

    maps, weights = found[layer], []
    for channel in range(4):
        without = maps.clone()
        without[:, channel] = 0
        weights.append(score(maps) - score(without))
    return torch.einsum("nc,nchw->nhw", torch.stack(weights, 1), maps)


def test_ablation_cam_weighs_a_map_by_what_the_score_loses_without_it():
    model, images = tiny_model(), tiny_images()
    maps = attribute(model, images, ClassLogit(2), AblationCam("relu", signed=True))
    assert np.allclose(maps.values, ablation_cam(model, images, 2, "relu"), atol=1e-4) and maps.values.any()
    assert maps.passes == AblationCam("relu").passes(model, 12, 16) == 6


def test_before_pooling_and_a_linear_layer_a_channel_loses_what_it_brings():
    model, images = model_of(Pooled()), tiny_images()
    cam = attribute(model, images, ClassLogit(2), Cam())
    with torch.no_grad():
        network = model.network
        pooled = network.act(network.norm(network.conv(network.stem(model.normalize(images)).relu())))
    drops = pooled.mean((2, 3)) * network.fc.weight[2]
    maps = attribute(model, images, ClassLogit(2), AblationCam(signed=True))
    assert maps.layer == cam.layer == "act"
    assert np.allclose(maps.values, torch.einsum("nc,nchw->nhw", drops, pooled), atol=1e-4)


def ablation_of(model, objective, layer):
    subject = Subject.of(model, tiny_images(), objective)
    return Ablation(subject, layer_gradient(subject, layer))


def test_what_comes_before_the_layer_is_computed_once_for_many_channels():
    """The sum of the tiny network joins what follows with `relu`: `y += x` takes copies of y, and of x alone not."""
    model = tiny_model()
    assert ablation_of(model, ClassLogit(2), "relu").expands and ablation_of(model, ClassLogit(2), "conv2").expands
    assert ablation_of(model, ClassLogit(2), "pool").at_once == 64


def test_where_copies_are_not_taken_whole_images_are():
    """Maps of one image and of copies cannot be put side by side."""
    model, images = model_of(Joined()), tiny_images()
    joined = ablation_of(model, ClassLogit(2), "second")
    assert not joined.expands and joined.at_once == 2
    network, x = model.network, model.normalize(images)
    with torch.no_grad():
        first = network.first(x)
        maps = network.second(first.relu())
        pooled = torch.cat((first, maps), 1).relu().mean((2, 3))
    drops = pooled[:, 4:] * network.fc.weight[2, 4:]
    found = attribute(model, images, ClassLogit(2), AblationCam("second", signed=True))
    assert np.allclose(found.values, torch.einsum("nc,nchw->nhw", drops, maps), atol=1e-5) and found.values.any()


def test_tokens_are_ablated_in_copies():
    model, images = model_of(Transformer(), fixed_size=True), tiny_images()
    ablation = ablation_of(model, ClassLogit(2), "blocks.0")
    assert ablation.expands
    copies = ablation.scores(1, torch.arange(8))
    ablation.expands = False
    assert torch.allclose(copies, ablation.scores(1, torch.arange(8)), atol=1e-5) and copies.std() > 0
    assert attribute(model, images, ClassLogit(2), AblationCam()).values.shape == (2, 3, 4)


@pytest.mark.parametrize("cls", [ScoreCam, AblationCam])
def test_the_channels_that_spread_most_come_first_and_the_map_grows(cls):
    model, images = tiny_model(), tiny_images(2)
    found = list(attributed(model, images, ClassLogit(2), cls("pool")))
    assert found[-1].done and [maps.fraction for maps in found] == sorted(maps.fraction for maps in found)
    if cls is ScoreCam:
        assert [maps.fraction for maps in found] == [0.5, 1.0] and not np.array_equal(found[0].values, found[1].values)


@pytest.mark.parametrize("cls", [ScoreCam, AblationCam])
def test_no_hook_stays(cls):
    model = tiny_model()
    list_layers(model)
    attribute(model, tiny_images(), ClassLogit(2), cls())
    assert not any(module._forward_hooks for module in model.network.modules())


@pytest.mark.parametrize("cls", [ScoreCam, AblationCam])
def test_a_dead_unit_has_a_map_of_zeros(cls):
    model = tiny_model()
    model.network.conv1.weight.zero_()
    model.network.conv1.bias.fill_(-1)
    maps = attribute(model, tiny_images(), Channel("relu", 2), cls("conv1"))
    assert maps.score == (0, 0) and not maps.values.any()
