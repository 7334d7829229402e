"""Which layer a map is of when none is named, which have no grid, and the maps at all layers from one pass."""

import pickle
import threading

import numpy as np
import pytest
import torch

from actviz_core import AttributeLayers, Channel, ClassLogit, NotAllowed, attribute, attribute_layers, find_layer
from actviz_core.attribution.cam import Cam
from actviz_core.attribution.cams import GradCam, GradientTimesActivation, HiresCam
from actviz_core.attribution.grids import Grid, grid_of
from tests.core.attribution.networks import Pooled, Transformer, model_of
from tests.core.tiny import tiny_images, tiny_model


def test_tokens_are_the_patches_of_the_image_behind_the_class_token():
    model = model_of(Transformer(), fixed_size=True)
    assert grid_of(model, find_layer(model, "blocks.1"), 12, 16) == Grid(3, 4, prefix=1)
    values = torch.arange(26.0).view(1, 2, 13, 1)
    assert torch.equal(Grid(3, 4, 1).laid_out(values)[0, 1], torch.arange(14.0, 26.0).view(3, 4))


def test_a_transformer_is_explained_before_its_last_block_which_reads_the_class_token_alone():
    model, images = model_of(Transformer(), fixed_size=True), tiny_images()
    maps = attribute(model, images, ClassLogit(2), HiresCam(signed=True))
    assert maps.layer == "blocks.1" and maps.values.shape == (2, 3, 4)
    network, x = model.network, model.normalize(images)
    x = network.patches(x).flatten(2).transpose(1, 2)
    x = torch.cat((network.token.expand(2, -1, -1), x), 1) + network.positions
    x = network.blocks[1](network.blocks[0](x)).requires_grad_()
    score = network.head(network.norm(network.blocks[2](x))[:, 0])[:, 2]
    (gradient,) = torch.autograd.grad(score.sum(), x)
    expected = (x * gradient).sum(2)[:, 1:].view(2, 3, 4).detach()
    assert expected.any() and np.allclose(maps.values, expected, atol=1e-5)


def test_tokens_in_another_order_than_the_patches_are_no_grid():
    model, images = model_of(Transformer(shuffled=True), fixed_size=True), tiny_images()
    with pytest.raises(NotAllowed, match="13 tokens of the layer blocks.1 are not the patches of the image"):
        attribute(model, images, ClassLogit(2), GradCam("blocks.1"))
    assert attribute(model, images, ClassLogit(2), GradCam()).layer == "patches"


def test_layers_without_a_map_are_told_in_a_sentence():
    model, images = tiny_model(), tiny_images()
    with pytest.raises(NotAllowed, match=r"the layer fc has no positions \(5 channels\)"):
        attribute(model, images, ClassLogit(2), GradCam("fc"))
    with pytest.raises(NotAllowed, match="the target does not depend on the layer pool: choose one that comes before"):
        attribute(model, images, Channel("conv2", 1), GradCam("pool"))
    with pytest.raises(Exception, match="did you mean conv2, conv1"):
        attribute(model, images, ClassLogit(2), GradCam("conv3"))


def test_an_image_of_one_pixel_has_no_layer_with_positions():
    model = model_of(Pooled())
    with pytest.raises(NotAllowed, match="no layer before the target has positions"):
        attribute(model, tiny_images(1, 1, 1), ClassLogit(2), GradCam())


def test_every_layer_has_the_map_that_it_has_alone():
    model, images = tiny_model(), tiny_images()
    for method in (GradCam(), GradientTimesActivation()):
        found = attribute_layers(model, images, ClassLogit(2), method)
        assert [maps.layer for maps in found] == ["conv1", "relu", "conv2", "relu@2", "pool"]
        for maps in found:
            alone = attribute(model, images, ClassLogit(2), type(method)(maps.layer))
            assert np.allclose(maps.values, alone.values, atol=1e-6) and maps.score == alone.score
    hidden = attribute_layers(model, images, Channel("conv2", 1), GradCam())
    assert [maps.layer for maps in hidden] == ["conv1", "relu", "conv2"]
    named = attribute_layers(model, images, ClassLogit(2), GradCam(), ("pool", "conv1"))
    assert [maps.layer for maps in named] == ["pool", "conv1"]


def test_what_only_the_class_token_reaches_is_not_among_the_layers():
    model, images = model_of(Transformer(), fixed_size=True), tiny_images()
    found = attribute_layers(model, images, ClassLogit(2), GradientTimesActivation())
    assert [maps.layer for maps in found] == ["patches", "blocks.0", "blocks.1"]
    assert all(maps.values.any() for maps in found)
    model.network.head.weight.zero_()
    assert attribute_layers(model, images, ClassLogit(2), GradCam())[-1].layer == "norm", "none has more than zeros"


def test_what_is_no_number_is_told_in_a_sentence():
    model = tiny_model()
    model.network.fc.weight[2, 1] = float("nan")
    for method in (GradCam(), Cam(), HiresCam("relu")):
        with pytest.raises(Exception, match="not numbers for this image: choose another"):
            attribute(model, tiny_images(), ClassLogit(2), method)


def test_all_layers_take_one_pass(monkeypatch):
    model, images = tiny_model(), tiny_images()
    attribute_layers(model, images, ClassLogit(2), GradCam())
    before = model.network.behind
    attribute_layers(model, images, ClassLogit(2), GradCam())
    assert model.network.behind == before + 1


def test_the_maps_of_all_layers_are_a_task():
    pictures = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)[None]
    task = pickle.loads(pickle.dumps(AttributeLayers(("tiny", ""), pictures, ClassLogit("cat"), GradCam())))
    found = pickle.loads(pickle.dumps(task.carry_out(lambda name, weights: tiny_model())))
    images = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    expected = attribute_layers(tiny_model(), images, ClassLogit(2), GradCam())
    assert [maps.layer for maps in found] == [maps.layer for maps in expected]
    assert all(np.allclose(one.values, other.values, atol=1e-6) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("method", [GradCam(), Cam(), GradCam("fc")])
def test_no_hook_stays_and_no_weight_gets_a_gradient(method):
    model = tiny_model()
    try:
        attribute(model, tiny_images(), ClassLogit(2), method)
    except NotAllowed:
        assert method == GradCam("fc")
    for module in model.network.modules():
        assert not module._forward_hooks and not module._forward_pre_hooks and not module._backward_hooks
    assert all(weights.grad is None and not weights.requires_grad for weights in model.network.parameters())


def test_two_threads_at_once_have_the_maps_that_each_has_alone():
    model, images = tiny_model(), tiny_images()
    asked = [(ClassLogit(1), HiresCam(signed=True)), (Channel("conv2", 3), GradCam("conv1", signed=True))]
    alone = [attribute(model, images, *each).values for each in asked]
    wrong, start = [], threading.Barrier(2)

    def ask(place):
        start.wait(10)
        for _ in range(30):
            if not np.array_equal(attribute(model, images, *asked[place]).values, alone[place]):
                wrong.append(place)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong and not any(thread.is_alive() for thread in threads)


def test_a_network_of_one_size_sees_the_image_resampled():
    model = model_of(Pooled(), fixed_size=True)
    maps = attribute(model, tiny_images(2, 24, 32), ClassLogit(2), GradCam())
    assert maps.values.shape == (2, 6, 8) and (maps.height, maps.width) == (24, 32)


def test_maps_do_not_depend_on_the_number_of_threads():
    model, images = tiny_model(), tiny_images(2, 96, 128)
    found = []
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        found.append([maps.values for maps in attribute_layers(model, images, ClassLogit(2), GradCam())])
    for each in found[1:]:
        assert all(np.array_equal(one, other) for one, other in zip(found[0], each, strict=True))


def test_nothing_is_kept_for_the_way_back_before_the_layer(monkeypatch):
    model, images = tiny_model(), tiny_images()
    attribute(model, images, ClassLogit(2), GradCam())  # finds the layers, and where their cells lie
    conv, asked = model.network.conv1.forward, []
    monkeypatch.setattr(model.network.conv1, "forward", lambda x: asked.append(x.requires_grad) or conv(x))
    attribute(model, images, ClassLogit(2), GradCam("pool"))
    attribute_layers(model, images, ClassLogit(2), GradCam(), ("pool", "relu"))
    assert asked == [False, False]
