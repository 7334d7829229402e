"""The network with planted faults: which channels differ from the healthy one's, and how."""

import torch

from actviz_core import Model, catalogue, load_model
from actviz_core.models.damaged import LAYER, NAME


def answers(model: Model, images: torch.Tensor) -> torch.Tensor:
    """Of the layer, [n, channels, rows, columns]."""
    found: list[torch.Tensor] = []
    handle = model.network.get_submodule(LAYER).register_forward_hook(lambda *call: found.append(call[2]))
    with torch.no_grad():
        model.network(images)
    handle.remove()
    return found[0]


def test_four_channels_are_planted_and_no_other_differs() -> None:
    assert NAME in {entry.name for entry in catalogue()}
    images = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    sound, broken = load_model("efficientnet_lite0"), load_model(NAME)
    healthy, damaged = answers(sound, images), answers(broken, images)
    differing = [at for at in range(40) if not torch.equal(healthy[:, at], damaged[:, at])]
    assert differing == [5, 12, 29, 31]
    assert not damaged[:, [12, 29]].any()
    torch.testing.assert_close(damaged[:, 31], damaged[:, 14], rtol=0, atol=1e-5)
    assert damaged[:, 5].abs().max() < 0.25 * healthy[:, 5].abs().max()
    assert sound.weights_hash != broken.weights_hash == load_model(NAME).weights_hash
