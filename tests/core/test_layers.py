import gc
import threading
import weakref

import pytest
import timm
import torch
import torchvision
from torch import nn

from actviz_core.errors import ActvizError
from actviz_core.layers import OUTPUT, activations, find_layer, list_layers
from actviz_core.models import Model
from tests.core.tiny import reference, tiny_images, tiny_model

NAMES = ["conv1", "relu", "conv2", "relu@2", "pool", "fc", "output"]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def wrapped(network, height, width, fixed_size=False):
    """A network of somebody else's, untrained."""
    network.eval().requires_grad_(False)
    return Model("wrapped", network, (0.5,) * 3, (0.5,) * 3, height, width, fixed_size=fixed_size)


def hooks(model):
    return [hook for m in model.network.modules() for hook in [*m._forward_hooks.values(), *m._forward_pre_hooks.values()]]


def test_the_layers_of_the_tiny_network():
    model = tiny_model()
    layers = list_layers(model)
    assert [layer.name for layer in layers] == NAMES
    assert [(layer.channels, layer.height, layer.width) for layer in layers] == [(4, 12, 16)] * 4 + [(4, 6, 8)] + [(5, 1, 1)] * 2
    assert [layer.kind for layer in layers] == ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d", "Linear", "Tiny"]
    assert [layer.name for layer in layers if layer.block] == NAMES[:-1]
    assert {layer.name: layer.before for layer in layers if layer.before} == {"relu": "conv1"}  # relu@2 receives a sum
    assert not hooks(model)


def test_layers_can_be_listed_in_inference_mode():
    with torch.inference_mode():
        assert list_layers(tiny_model()) == list_layers(tiny_model())


def test_shapes_are_those_of_the_given_size_and_kept():
    model = tiny_model()
    assert find_layer(model, "pool", 10, 30).height == 5 and find_layer(model, "pool", 10, 30).width == 15
    assert list_layers(model, 10, 30) is list_layers(model, 10, 30)


def test_a_forgotten_model_leaves_no_survey():
    model = tiny_model()
    list_layers(model)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("name", NAMES)
def test_exact_activations(name):
    model, images = tiny_model(), tiny_images(2, 9, 14)
    [(key, value)] = activations(model, images, [name]).items()
    assert key == name
    torch.testing.assert_close(value, reference(model, images)[name])


def test_all_at_once_despite_changes_in_place():
    model, images = tiny_model(), tiny_images()
    captured, expected = activations(model, images, NAMES), reference(model, images)
    assert list(captured) == NAMES
    for name in NAMES:
        torch.testing.assert_close(captured[name], expected[name])


def test_the_forward_pass_stops_at_the_last_layer_asked_for():
    model, images = tiny_model(), tiny_images()
    list_layers(model)
    behind = model.network.behind
    activations(model, images, ["conv2", "conv1"])
    assert model.network.behind == behind
    activations(model, images, ["conv2", OUTPUT])
    assert model.network.behind == behind + 1


def test_what_lies_behind_can_be_derived_by_what_was_captured():
    model, images = tiny_model(), tiny_images().requires_grad_()
    captured = activations(model, images, NAMES)
    gradients = torch.autograd.grad(captured["output"][:, 2].sum(), [captured[name] for name in NAMES] + [images])
    rows, columns = captured["pool"].shape[2:]
    slope = model.network.fc.weight[2] / (rows * columns)
    torch.testing.assert_close(gradients[NAMES.index("pool")], slope.view(1, -1, 1, 1).expand_as(captured["pool"]))
    assert all(gradient.abs().sum() > 0 for gradient in gradients)


def test_no_gradient_where_the_caller_forbids_it():
    with torch.no_grad():
        assert not activations(tiny_model(), tiny_images().requires_grad_(), ["conv2"])["conv2"].requires_grad


def test_only_own_hooks_are_removed():
    model, seen = tiny_model(), []
    model.network.conv1.register_forward_hook(lambda *call: seen.append("theirs"))
    activations(model, tiny_images(), ["conv1"])
    assert len(hooks(model)) == 1 and "theirs" in seen


def test_unknown_layers_are_named_with_their_neighbours_and_leave_no_hook():
    model = tiny_model()
    with pytest.raises(ActvizError, match="tiny has no layer 'conv3'.*conv1"):
        activations(model, tiny_images(), ["conv1", "conv3"])
    with pytest.raises(ActvizError, match="'unused' was not reached"):
        activations(model, tiny_images(), ["unused"])
    assert not hooks(model)


class Moody(nn.Module):
    """Skips or breaks its second layer when told to."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.mood = nn.Conv2d(3, 2, 1), nn.Conv2d(2, 2, 1), ""

    def forward(self, x):
        if self.mood == "broken":
            self.first(x) @ torch.zeros(1, 2, 3)
        return self.first(x) if self.mood else self.second(self.first(x))


@pytest.mark.parametrize("mood, error, text", [("skips", ActvizError, "'second' was not reached"), ("broken", RuntimeError, "size")])
def test_hooks_are_gone_after_failures(mood, error, text):
    model = wrapped(Moody(), 8, 8)
    list_layers(model)
    model.network.mood = mood
    with pytest.raises(error, match=text):
        activations(model, tiny_images(), ["second"])
    assert not hooks(model)


def test_images_too_small_are_explained():
    model = wrapped(nn.Sequential(nn.MaxPool2d(4), nn.Conv2d(3, 2, 7), nn.Flatten(2)), 64, 64)
    with pytest.raises(ActvizError, match="12 x 40 is too small for wrapped.*32 x 32"):
        activations(model, tiny_images(1, 12, 40), ["1"])
    assert not hooks(model)


def test_out_of_memory_stays_what_it_is():
    class Hungry(nn.Module):
        def forward(self, x):
            if x.shape[-1] > 64:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return x

    with pytest.raises(torch.OutOfMemoryError):
        activations(wrapped(Hungry(), 8, 8), tiny_images(1, 8, 80), [OUTPUT])


def test_threads_that_share_a_network_do_not_meet():
    """A pass of another thread, in the middle of ours, is neither counted nor stopped nor captured."""
    model, ours, theirs = tiny_model(), tiny_images(2, 9, 14), tiny_images(1, 20, 8)
    list_layers(model)
    answers = []

    def meddle(module, inputs, output):
        if threading.current_thread() is threading.main_thread():
            thread = threading.Thread(target=lambda: answers.append(model(theirs)))
            thread.start()
            thread.join()

    handle = model.network.conv1.register_forward_hook(meddle)
    captured = activations(model, ours, ["relu", "relu@2"])
    handle.remove()
    torch.testing.assert_close(captured["relu@2"], reference(model, ours)["relu@2"])
    torch.testing.assert_close(answers[0], reference(model, theirs)["output"].flatten(1))


def test_a_stopped_pass_frees_its_memory_at_once():
    model, seen = tiny_model(), []
    list_layers(model)
    model.network.conv1.register_forward_hook(lambda module, inputs, output: seen.append(weakref.ref(output)))
    gc.disable()
    try:
        with torch.no_grad():
            activations(model, tiny_images(), ["conv2"])
        assert [ref() for ref in seen] == [None]
    finally:
        gc.enable()


def test_resnet_blocks_and_its_reused_relu():
    layers = {layer.name: layer for layer in list_layers(wrapped(torchvision.models.resnet18(), 64, 96))}
    blocks = [name for name, layer in layers.items() if layer.block]
    assert blocks == ["conv1", "bn1", "relu", "maxpool", *(f"layer{s}.{b}" for s in (1, 2, 3, 4) for b in (0, 1)), "avgpool", "fc"]
    assert layers["layer1.0.relu"].before == "layer1.0.bn1" and layers["layer1.0.relu@2"].before == ""
    assert (layers["layer2.0"].channels, layers["layer2.0"].height, layers["layer2.0"].width) == (128, 8, 12)


def test_channels_of_swin_are_found_at_the_end_and_moved_to_the_front():
    network = torchvision.models.swin_transformer.SwinTransformer([4, 4], 24, [2, 2], [2, 2], [4, 4], num_classes=10)
    model = wrapped(network, 32, 64)
    layer = find_layer(model, "features.3.0")
    assert (layer.channels, layer.height, layer.width, layer.axes) == (48, 4, 8, "rows,columns,channels")
    assert find_layer(model, "permute").axes == find_layer(model, "features.0.0").axes == "channels,rows,columns"
    images, kept = tiny_images(2, 32, 64), []
    network.features[3][0].register_forward_hook(lambda module, inputs, output: kept.append(output))
    captured = activations(model, images, ["features.3.0", OUTPUT])
    torch.testing.assert_close(captured["features.3.0"], kept[0].permute(0, 3, 1, 2))
    torch.testing.assert_close(captured[OUTPUT].flatten(1), model(images))


@pytest.mark.parametrize("side", [64, 96])
def test_convnext_of_timm_moves_its_channels_unseen(side):
    """At 96 px its first stage has as many channels as rows and columns."""
    network = timm.models.ConvNeXt(depths=(2, 2, 1, 1), dims=(24, 48, 8, 8), num_classes=10)
    layers = {layer.name: layer for layer in list_layers(wrapped(network, side, side))}
    assert layers["stem.1"].kind == "LayerNorm2d" and layers["stem.1"].channels == 24
    assert layers["stages.0.blocks.1.mlp.fc1"].axes == "rows,columns,channels"
    assert {layers[f"stages.{s}.blocks.{b}"].axes for s in (0, 1) for b in (0, 1)} == {"channels,rows,columns"}
    assert layers["stages.1.blocks.1"].channels == 48


def test_vit_gives_tokens_and_sees_its_own_size_only():
    network = torchvision.models.VisionTransformer(32, 8, 3, 2, 24, 48, num_classes=10)
    model = wrapped(network, 32, 32, fixed_size=True)
    layer = find_layer(model, "encoder.layers.encoder_layer_2")
    assert (layer.channels, layer.height, layer.width, layer.axes, layer.block) == (24, 17, 1, "tokens,channels", True)
    assert layer.dimensions == "24 channels of 17 tokens" and list_layers(model)[-1].dimensions == "10 channels"
    assert activations(model, tiny_images(2, 20, 50), [layer.name])[layer.name].shape == (2, 24, 17, 1)
    assert [layer.name for layer in list_layers(model) if layer.block][-3:] == [layer.name, "encoder.ln", "heads.head"]


def test_densely_connected_networks_keep_channels_first():
    network = torchvision.models.DenseNet(8, (2, 2), 8, num_classes=10)
    assert {layer.axes for layer in list_layers(wrapped(network, 32, 64)) if layer.height > 1} == {"channels,rows,columns"}
