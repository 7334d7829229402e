"""Which weights a layer depends on, and a copy whose weights are drawn anew while the model stays as it is."""

import torch
from torch import nn

from actviz_core import Model
from actviz_core.models.activations import activations
from actviz_core.models.redrawn import Stage, redrawn, stages, upstream
from tests.core.tiny import tiny_images, tiny_model


class Normed(nn.Module):
    """Blocks with batch norms, a scale of its own and a number that is added to the picture."""

    def __init__(self):
        super().__init__()
        self.shift = nn.Parameter(torch.full((1, 3, 1, 1), 0.25))
        self.blocks = nn.Sequential(*(self.block(3 if place == 0 else 4) for place in range(4)))
        self.fc = nn.Linear(4, 5)

    def block(self, channels: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(channels, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())

    def forward(self, x):
        return self.fc(self.blocks(x + self.shift).mean((2, 3)))


def normed() -> Model:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        network = Normed()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 2)
                nn.init.uniform_(module.weight, 0.5, 2)
    return Model.of(network, (12, 16), device="cpu")


def weights(model) -> dict:
    return {name: value.clone() for name, value in model.network.state_dict().items()}


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before if not torch.equal(before[name], after[name])}


def test_what_a_layer_depends_on_ends_with_it():
    model = tiny_model()
    assert upstream(model, ["conv2"], 12, 16) == ["conv1", "conv2"]
    assert upstream(model, ["conv1"], 12, 16) == ["conv1"]
    assert upstream(model, ["conv1", "fc"], 12, 16) == ["conv1", "conv2", "fc"]
    whole = upstream(model, ["output"], 12, 16)
    assert whole == ["conv1", "conv2", "fc", "unused"]


def test_stages_go_down_from_the_block_of_the_layer():
    model = normed()
    found = stages(model, ["output"], 8, 12, 16)
    assert [each.name for each in found][0] == "fc" and found[0] == Stage("fc", ("fc",))
    assert found[-1].modules[-1] == "", "what is added to the picture comes last"
    paths = [path for stage in found for path in stage.modules]
    assert paths == ["fc", *(f"blocks.{block}.{part}" for block in (3, 2, 1, 0) for part in (1, 0)), ""]
    three = stages(model, ["output"], 3, 12, 16)
    assert len(three) == 3 and three[0].modules == ("fc",)
    assert [path for stage in three for path in stage.modules] == paths
    inner = stages(model, ["blocks.1.0"], 8, 12, 16)
    assert [path for stage in inner for path in stage.modules] == ["blocks.1.0", "blocks.0.1", "blocks.0.0", ""]


def test_each_stage_draws_its_weights_and_keeps_the_statistics():
    model = normed()
    before, parts = weights(model), stages(model, ["output"], 3, 12, 16)
    last = before
    for stage, twin in zip(parts, redrawn(model, parts, 0), strict=True):
        now = weights(twin)
        touched = {name for name in before if name.rpartition(".")[0] in stage.modules and "running" not in name}
        touched -= {name for name in touched if "num_batches" in name or (now[name] == before[name]).all()}
        assert changed(last, now) == touched and touched
        last = now
    assert torch.equal(last["blocks.1.1.running_var"], before["blocks.1.1.running_var"])
    assert changed(weights(model), before) == set(), "the model is as it was"
    *_, initial = redrawn(model, parts, 0, "initial")
    found = weights(initial)
    assert (found["blocks.1.1.weight"] == 1).all() and (found["blocks.1.1.bias"] == 0).all()
    assert torch.equal(found["blocks.1.1.running_var"], before["blocks.1.1.running_var"])
    *_, forgotten = redrawn(model, parts, 0, statistics=True)
    assert (weights(forgotten)["blocks.1.1.running_var"] == 1).all()


def test_numbers_keep_the_mean_and_the_spread_of_their_tensor():
    network = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU())
    with torch.no_grad():
        network[0].weight.uniform_(0.1, 0.5)
        network[0].bias.fill_(0.25)
    model = Model.of(network, (12, 16), device="cpu")
    [twin] = redrawn(model, stages(model, ["0"], 2, 12, 16), 0)
    weight, bias = twin.network[0].weight, twin.network[0].bias
    assert abs(weight.mean() - 0.3) < 0.02 and abs(weight.std() - 0.4 / 12**0.5) < 0.01
    assert (weight.min() < 0.1) and (bias == 0.25).all()


def test_a_cascade_never_changes_what_lies_above_or_beside_it():
    model = normed()
    parts = stages(model, ["blocks.1.0"], 8, 12, 16)
    *_, twin = redrawn(model, parts, 0)
    names = {name for name in changed(weights(model), weights(twin)) if not name.startswith("shift")}
    assert names and all(name.startswith(("blocks.0.", "blocks.1.0.")) for name in names)


def test_a_copy_answers_by_its_new_weights_at_once():
    """Weights that are laid out for a kernel are not the old ones, and no batch norm is folded away."""
    model, images = normed(), tiny_images(1)
    parts = stages(model, ["output"], 8, 12, 16)
    with torch.no_grad():
        before = activations(model, images, ["output"])["output"]
        for twin in redrawn(model, parts, 3):
            found = activations(twin, images, ["output"])["output"][:, :, 0, 0]
            plain = Normed().eval()
            plain.load_state_dict(weights(twin))
            assert torch.allclose(found, plain(images), atol=1e-5)
        assert not torch.allclose(found, before[:, :, 0, 0], atol=1e-3)
        assert torch.equal(activations(model, images, ["output"])["output"], before)


def test_a_seed_is_always_the_same_draw_and_another_one_another():
    model = normed()
    parts = stages(model, ["output"], 8, 12, 16)
    state = torch.random.get_rng_state()
    (*_, one), (*_, again), (*_, other) = (redrawn(model, parts, seed) for seed in (0, 0, 1))
    assert changed(weights(one), weights(again)) == set() and "fc.weight" in changed(weights(one), weights(other))
    assert torch.equal(torch.random.get_rng_state(), state), "nobody else's draws change"
