"""Model: a frozen network together with what its input looks like.

load_model(name) -> Model, Model.of(network) -> Model.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..errors import ActvizError
from ..machine import WithinMemory, computes_in_16_bits
from ..values import shown
from .catalogue import find
from .copies import copied
from .device import choose_device
from .examination import check_input, check_weights, examine, numbers_of, takes
from .folding import Folded, alike, folded, in_16_bits, sharing
from .kernels import Conv2d as PinnedConv2d
from .kernels import pin
from .own import OWN, input_channels
from .source import Blueprint, seeded
from .weights import Progress, filled

LARGE = 5 * 10**6  # weights of convolutions; measured: 1.8 x with the 15 million of VGG16 (docs/measurements.md)
SMALL = 64  # px, enough to see whether a network works in place


@dataclass(frozen=True, eq=False)
class Model:
    """A network that only looks: evaluation mode, weights that take no gradient; images [n, 3, h, w] -> logits.

    It is nobody else's, made by load_model or Model.of.

    network        images normalized by `normalize` -> logits
    mean, std      per input channel, of images in [0, 1]
    height, width  the natural image size in pixels; the only one if fixed_size
    labels         class names, or () where they are not known
    weights        as given to load_model; source says in words where they came from
    """

    name: str
    network: nn.Module
    mean: tuple[float, ...]
    std: tuple[float, ...]
    height: int
    width: int
    labels: tuple[str, ...] = ()
    device: torch.device = torch.device("cpu")
    fixed_size: bool = False
    weights: str = ""
    source: str = ""

    @classmethod
    def of(
        cls,
        network: nn.Module,
        size: int | tuple[int, int] = 224,
        mean: Sequence[float] = (),
        std: Sequence[float] = (),
        labels: Sequence[str] = (),
        name: str = "",
        device: str = "auto",
        fixed_size: bool = False,
    ) -> "Model":
        """A network in memory; a copy is used, and what was given stays as it is.

        size       pixels a side, 1 to 2048, or (height, width)
        mean, std  of each input channel, of images in [0, 1]; not given: the network expects values in [0, 1]
        labels     class names, in the order of the outputs
        device     as for choose_device
        Raises ActvizError: what is wrong with the network, as far as one look at it tells; OutOfMemory.
        """
        if not isinstance(network, nn.Module):
            raise ActvizError(
                f"the network is {shown(network)}; it must be a torch.nn.Module, made and not only named."
            )
        height, width = (size, size) if isinstance(size, int) else size
        channels = len(mean) or len(std) or input_channels(network)
        mean, std = tuple(map(float, mean)) or (0.0,) * channels, tuple(map(float, std)) or (1.0,) * channels
        name, place = name or type(network).__name__, choose_device(device)
        return finished(
            cls(name, copied(network), mean, std, height, width, tuple(labels), place, fixed_size), brought=True
        )

    @property
    def channels(self) -> int:
        """Of the network's input: 3, 1 for grey networks, or any other number."""
        return len(self.mean)

    @cached_property
    def statistics(self) -> tuple[Float[Tensor, "channels 1 1"], Float[Tensor, "channels 1 1"]]:
        """Mean and std on the device: copied there once, not in each iteration."""
        with torch.inference_mode(False):
            mean, std = (torch.tensor(values, device=self.device).view(-1, 1, 1) for values in (self.mean, self.std))
        return mean, std

    @cached_property
    def weights_hash(self) -> str:
        """sha256 of the names, shapes and bytes of all its tensors."""
        digest = hashlib.sha256()
        for name, tensor in (*self.network.named_parameters(), *self.network.named_buffers()):
            digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\0".encode())
            digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
        return digest.hexdigest()

    @cached_property
    def folded(self) -> Folded:
        """The network with its batch norms folded into the convolutions."""
        return folded(self.network, self.example)

    @cached_property
    def twin(self) -> nn.Module:
        """The folded network as 16 bits are to go through it, with the same weights until they do."""
        # On a CPU the kernels keep their weights in 16 bits by themselves.
        return self.folded.network if self.device.type == "cpu" else sharing(self.folded.network)

    @cached_property
    def reduced(self) -> nn.Module:
        """The twin with weights in 16 bits, which take memory of their own: only for whoever asks."""
        return self.twin if self.device.type == "cpu" else in_16_bits(self.twin)

    @property
    def example(self) -> Float[Tensor, "1 channels h w"]:
        """Random pixels as the network gets them, always the same."""
        images = torch.rand(1, 3, self.height, self.width, generator=torch.Generator().manual_seed(0))
        return self.normalize(images.to(self.device))

    @cached_property
    def faster_in_16_bits(self) -> bool:
        """Large dense convolutions are, where the machine knows such numbers.

        Those with a weight per channel are not.
        """
        convolutions = [module for module in self.network.modules() if isinstance(module, nn.Conv2d)]
        weights = sum(module.weight.numel() for module in convolutions)
        return (
            weights > LARGE and all(module.groups == 1 for module in convolutions) and computes_in_16_bits(self.device)
        )

    def normalize(self, images: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n channels h w"]:
        """Images in [0, 1] -> the network's input.

        Its channels are red, green and blue, and what is beyond them, or only one, their mean.
        """
        mean, std = self.statistics
        if self.channels != 3:
            grey, further = images.mean(1, keepdim=True), max(0, self.channels - 3)
            images = (
                grey
                if self.channels == 1
                else torch.cat((images[:, : self.channels], grey.expand(-1, further, -1, -1)), 1)
            )
        return (images - mean) / std

    def __call__(self, images: Float[Tensor, "n 3 h w"]) -> Any:
        """Images in [0, 1] -> what the network answers: logits [n, classes], or several tensors."""
        return self.network(self.normalize(images))


@torch.inference_mode(False)
def load_model(name: str, device: str = "auto", weights: str = "", progress: Progress | None = None) -> Model:
    """The network of that name, ready to be looked at.

    weights   "" (the published ones), "untrained" (random, always the same, as a control), or a .pth, .pt or
              .safetensors file
    progress  is told the fraction of a torchvision download; without it the terminal shows a bar
    Raises ActvizError: unknown name or device, weights that are unreadable or of another network; DownloadFailed,
    OutOfMemory.
    """
    return fetched(name, choose_device(device), weights, progress)()


@torch.inference_mode(False)
def fetched(name: str, device: torch.device, weights: str, progress: Progress | None) -> Callable[[], Model]:
    """The network as far as no device is needed; what is returned does the rest.

    One's own network is made by the rest altogether: its function may do anything.
    """
    if name in OWN:
        return lambda: finished(assembled(name, device, weights, progress), brought=True)
    return partial(finished, assembled(name, device, weights, progress), brought=weights not in ("", "untrained"))


def assembled(name: str, device: torch.device, weights: str, progress: Progress | None) -> Model:
    blueprint = find(name)
    network, labels, source = made(blueprint, weights, progress)
    mean, std, size = tuple(blueprint.mean), tuple(blueprint.std), (blueprint.height, blueprint.width)
    return Model(name, network, mean, std, *size, labels, device, blueprint.fixed_size, weights, source)


def made(blueprint: Blueprint, weights: str, progress: Progress | None) -> tuple[nn.Module, tuple[str, ...], str]:
    """The network with the weights wished for, the names of its classes, and in words where the weights came from."""
    if weights == "":
        return blueprint.publish(progress), blueprint.labels, blueprint.source
    if weights == "untrained":
        return blueprint.build(None), blueprint.labels, "random initialization"
    network, same_classes = filled(blueprint.build, Path(weights))
    return network, blueprint.labels if same_classes else (), f"the file {Path(weights).name}"


def finished(model: Model, brought: bool = False) -> Model:
    """The model ready to be looked at.

    `brought` by somebody: looked at first, an ActvizError says what is wrong with it.
    """
    if brought:
        check_input(model.mean, model.std, model.height, model.width)
        check_weights(model.network)
    loading = WithinMemory(model.device, f"loading {model.name}", "End other runs, or choose a smaller network.")
    # Somebody's forward pass may draw random numbers, and lazy modules their weights. No other waits for what is built.
    drawing = seeded() if brought else nullcontext()
    with loading, drawing, torch.inference_mode(False):
        network = model.network.eval().to(model.device)
        if brought:
            examine(network, model.example)
            if not model.fixed_size and not any(
                takes(network, model.normalize(torch.rand(1, 3, *size, device=model.device))) for size in others(model)
            ):
                model = replace(model, fixed_size=True)
        network.requires_grad_(False)
        if model.device.type == "cpu":
            pin(network)
        lay_out(network, model.example, brought)
        if not prepared(network, model.example):
            model = replace(
                model, source=f"{model.source}; changes activations in place, and is used as it is".removeprefix("; ")
            )
        _ = model.twin  # made now, while no other thread has hooks on the network
        if model.faster_in_16_bits:
            _ = model.reduced
    return model


def others(model: Model) -> tuple[tuple[int, int], ...]:
    """Other sizes, one of which a network takes that takes more than one."""
    return (model.height + 32, model.width + 32), (2 * model.height, 2 * model.width)


def lay_out(network: nn.Module, images: Tensor, brought: bool) -> None:
    """The layout that convolutions are fastest in, by 10-18 % forward and back on the CPU.

    Not where somebody's network flattens with `view` what a convolution answers, which that layout does not allow.
    """
    layouts = (torch.channels_last, torch.contiguous_format) if images.device.type != "mps" else ()
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    for layout in layouts:
        for convolution in convolutions:
            convolution.to(memory_format=layout)
            if isinstance(convolution, PinnedConv2d):
                convolution.layout = layout
        if not brought or takes(network, images):
            return


@torch.no_grad()
def prepared(network: nn.Module, images: Tensor) -> bool:
    """Nothing in place any more. False: without working in place it answers otherwise."""
    working = [module for module in network.modules() if getattr(module, "inplace", False) is True]
    small = images[..., :SMALL, :SMALL]
    images = small if working and takes(network, small) else images
    before = numbers_of(network(images)) if working else {}
    for module in working:
        vars(module)["inplace"] = False  # an activation changed in place is no longer what was captured
    after = numbers_of(network(images)) if working else {}
    if all(alike(before[place], after[place]) for place in before):
        return True
    for module in working:  # as where `self.relu(x)` is a statement
        vars(module)["inplace"] = True
    return False
