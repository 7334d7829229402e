import dataclasses
import gc
import threading
import weakref

import pytest
import timm
import torch
import torchvision
from torch import nn

from actviz_core.errors import ActvizError
from actviz_core.models.activations import activations
from actviz_core.models.layer import OUTPUT
from actviz_core.models.layers import find_layer, list_layers
from actviz_core.models.model import Model, load_model
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
    return [
        hook for m in model.network.modules() for hook in [*m._forward_hooks.values(), *m._forward_pre_hooks.values()]
    ]


def test_the_layers_of_the_tiny_network():
    model = tiny_model()
    layers = list_layers(model)
    assert [layer.name for layer in layers] == NAMES
    assert [(layer.channels, layer.height, layer.width) for layer in layers] == [(4, 12, 16)] * 4 + [(4, 6, 8)] + [
        (5, 1, 1)
    ] * 2
    assert [layer.kind for layer in layers] == ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d", "Linear", "Tiny"]
    assert [layer.name for layer in layers if layer.block] == NAMES[:-1]
    assert {layer.name: layer.before for layer in layers if layer.before} == {"relu": "conv1"}  # relu@2 receives a sum
    assert not hooks(model)


def test_models_can_be_loaded_and_their_layers_listed_in_inference_mode():
    expected = list_layers(load_model("timm/resnet10t", "cpu", "untrained"), 32, 32)
    with torch.inference_mode():
        model = load_model("timm/resnet10t", "cpu", "untrained")
        assert list_layers(model, 32, 32) == expected
    images = tiny_images(1, 32, 32).requires_grad_()
    activations(model, images, ["layer1.0"])["layer1.0"].sum().backward()
    assert images.grad.abs().sum() > 0


def test_shapes_are_those_of_the_given_size_and_kept():
    model = tiny_model()
    assert find_layer(model, "pool", 10, 30).height == 5 and find_layer(model, "pool", 10, 30).width == 15
    assert list_layers(model, 10, 30) is list_layers(model, 10, 30)


def test_a_forgotten_model_leaves_nothing_traced():
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


@pytest.mark.parametrize(
    "mood, error, text", [("skips", ActvizError, "'second' was not reached"), ("broken", RuntimeError, "size")]
)
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
    assert blocks == [
        "conv1",
        "bn1",
        "relu",
        "maxpool",
        *(f"layer{s}.{b}" for s in (1, 2, 3, 4) for b in (0, 1)),
        "avgpool",
        "fc",
    ]
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
    assert {layer.axes for layer in list_layers(wrapped(network, 32, 64)) if layer.height > 1} == {
        "channels,rows,columns"
    }


class Windows(nn.Module):
    """Attention with channels at the end and a table of positions beside it, as many of them wide as there are rows."""

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.project = nn.Linear(2, 8), nn.Linear(6, 6)

        def forward(self, x):
            bias = self.table(x.new_ones(1, 5, 5, 2)).sum()
            return (self.project(x.flatten(1, 2)) + bias).view(x.shape)

    def __init__(self):
        super().__init__()
        self.stem, self.norm, self.attention = nn.Conv2d(3, 6, 4, 4), nn.LayerNorm(6), self.Attention()

    def forward(self, x):
        x = self.norm(self.stem(x).permute(0, 2, 3, 1))
        return (x + self.attention(x)).mean((1, 2))


def test_what_is_shaped_as_its_input_is_laid_out_as_that_and_what_no_picture_changes_is_no_layer():
    model = wrapped(built(Windows), 32, 48)  # 8 rows, and 8 channels of the table
    layers = {layer.name: layer for layer in list_layers(model)}
    assert list(layers) == ["stem", "norm", "attention.project", "attention", "output"]
    assert (layers["attention"].channels, layers["attention"].height, layers["attention"].width) == (6, 8, 12)
    with pytest.raises(
        ActvizError, match="'attention.table' was not reached .* or its output is no feature map of the picture"
    ):
        find_layer(model, "attention.table")
    smaller = {layer.name: (layer.channels, layer.height, layer.width) for layer in list_layers(model, 24, 24)}
    assert smaller == {
        "stem": (6, 6, 6),
        "norm": (6, 6, 6),
        "attention.project": (6, 36, 1),
        "attention": (6, 6, 6),
        "output": (6, 1, 1),
    }


class Sequences(nn.Module):
    """Channels first behind Conv1d, tokens behind Linear, an LSTM with its states, and answers of several kinds."""

    @dataclasses.dataclass
    class Answer:
        logits: torch.Tensor
        hidden: tuple
        index: torch.Tensor

    class Pair(nn.Module):
        def forward(self, x):
            return {"first": x * 2, "second": x + 1}

    def __init__(self):
        super().__init__()
        self.stem, self.conv, self.relu, self.norm = (
            nn.Conv2d(3, 5, 4),
            nn.Conv1d(5, 7, 3),
            nn.ReLU(),
            nn.BatchNorm1d(7),
        )
        self.linear, self.act, self.pair = nn.Linear(7, 6), nn.GELU(), self.Pair()
        self.lstm, self.gru = nn.LSTM(6, 4, num_layers=1, batch_first=True), nn.GRU(4, 3)

    def forward(self, x):
        x = self.norm(self.relu(self.conv(self.stem(x).flatten(2))))
        x = self.act(self.linear(x.transpose(1, 2)))
        pair = self.pair(x)
        pair["first"] += 1
        x, (hidden, cell) = self.lstm(pair["first"] + pair["second"])
        _, last = self.gru(x.transpose(0, 1))
        return self.Answer(last[0], (hidden, cell), last.argmax())


def test_every_tensor_of_an_answer_is_a_layer_in_its_own_layout():
    model, x = wrapped(built(Sequences), 8, 10), tiny_images(2, 8, 10)
    layers = {layer.name: layer for layer in list_layers(model)}
    shapes = {name: (layer.channels, layer.height, layer.width) for name, layer in layers.items()}
    assert {name: shapes[name] for name in ("conv", "relu", "norm")} == dict.fromkeys(
        ("conv", "relu", "norm"), (7, 33, 1)
    )
    assert shapes["linear"] == shapes["act"] == shapes["pair.first"] == shapes["pair.second"] == (6, 33, 1)
    assert shapes["lstm.0"] == (4, 33, 1) and shapes["lstm.1.0"] == shapes["lstm.1.1"] == (4, 1, 1)
    assert shapes["gru.0"] == (3, 33, 1) and shapes["output.logits"] == (3, 1, 1) and "output.index" not in shapes
    whole = model.network(model.normalize(x))
    found = activations(model, x, layers)
    assert all(found[name].shape == (2, *shape) for name, shape in shapes.items())
    torch.testing.assert_close(found["output.logits"][:, :, 0, 0], whole.logits)
    torch.testing.assert_close(found["lstm.1.1"][:, :, 0, 0], whole.hidden[1][0])
    torch.testing.assert_close(found["lstm.1.0"][:, :, 0, 0], found["lstm.0"][:, :, -1, 0])
    torch.testing.assert_close(
        found["pair.first"], found["act"] * 2, msg="as it was answered, not as it was changed afterwards"
    )
    images = x.clone().requires_grad_()
    activations(model, images, ["output.logits"])["output.logits"].sum().backward()
    assert images.grad.abs().sum() > 0


class Named(nn.Module):
    """Answers with a dictionary whose key is the name of one of its modules: the module keeps its name."""

    def __init__(self):
        super().__init__()
        self.block = nn.ModuleDict({"logits": nn.Conv2d(3, 4, 1)})
        self.block.forward = lambda x: {"logits": self.block["logits"](x) * 2}

    def forward(self, x):
        return self.block(x)["logits"]


def test_a_module_keeps_its_name():
    model = wrapped(built(Named), 6, 8)
    assert [layer.name for layer in list_layers(model)] == ["block.logits", "output"]
    images = tiny_images(1, 6, 8)
    torch.testing.assert_close(activations(model, images, ["block.logits"])["block.logits"] * 2, model(images))


def built(kind):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return kind()
