import pytest
import timm
import torch

from actviz_core.models.model import load_model


@pytest.mark.parametrize(
    "name, side", [("efficientnet_lite0", 224), ("efficientnet_lite1", 240), ("efficientnet_lite2", 260)]
)
def test_packaged_networks(name, side):
    model = load_model(name, "cpu")
    assert (model.height, model.width, model.mean, model.std, model.channels) == (side, side, (0.5,) * 3, (0.5,) * 3, 3)
    assert len(model.labels) == 1000 and model.labels[130] == "flamingo" and model.source.startswith("package")
    assert not model.network.training and not any(p.requires_grad for p in model.network.parameters())
    assert not any(getattr(module, "inplace", False) for module in model.network.modules())


@pytest.mark.parametrize("name", ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"])
def test_weights_by_position_are_the_weights_of_the_network(name):
    """A wrong order would make noise: what real weights say to a chessboard is known."""
    model = load_model(name, "cpu")
    rows, columns = torch.meshgrid(torch.arange(224), torch.arange(224), indexing="ij")
    board = ((rows // 28 + columns // 28) % 2).float().expand(1, 3, -1, -1)
    best, second = model(board)[0].softmax(0).topk(2).values
    assert model.labels[model(board).argmax()] == "crossword puzzle" and best > 3 * second
    network = timm.create_model(f"tf_{name}").eval()
    network.load_state_dict(model.network.state_dict())
    torch.testing.assert_close(model(board), network(board * 2 - 1), atol=1e-3, rtol=1e-3)
