"""Kernels: convolutions and dense layers that answer the same bits whatever the number of threads and of pictures.

On a CPU torch chooses between kernels that sum in another order by the number of threads (of 1 x 1) and of pictures (of
small inputs), oneDNN sums the gradient of a strided convolution as threads allow, and MKL cuts the sums of a matrix
product by threads on some processors. Here it is one kernel, oneDNN's forward convolution, for answers and for
gradients: with turned weights it gives the gradient of the pictures, and a dense layer is a convolution of 1 x 1
pixels.
"""

from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F
from timm.layers.conv2d_same import Conv2dSame as TimmConv2dSame
from timm.layers.padding import pad_same
from torch import Tensor, nn

AVAILABLE = torch.backends.mkldnn.is_available()
IN_16_BITS = AVAILABLE and torch.ops.mkldnn._is_mkldnn_bf16_supported()
KEPT = 4  # layouts of a layer's weights: two shapes, there and back


def pin(network: nn.Module) -> None:
    """Gives the modules of a network of our own, on the CPU, these kernels; everything else about them stays."""
    for module in network.modules():
        for plain, pinned in ((nn.Conv2d, Conv2d), (TimmConv2dSame, Conv2dSame), (nn.Linear, Linear)):
            fits = type(module) is plain and has_plain_weights(module)
            if fits and (not isinstance(module, nn.Conv2d) or is_plain(module)):
                module.__class__ = pinned  # pyright: ignore[reportAttributeAccessIssue]  # a layer with the same fields


def has_plain_weights(module: nn.Module) -> bool:
    """Weights that are normed or pruned are made in each pass."""
    return AVAILABLE and module._parameters.get("weight") is not None and module.weight.dtype == torch.float32


def is_plain(module: nn.Conv2d) -> bool:
    """Depthwise ones depend on nothing; strange ones are left alone."""
    return (
        module.padding_mode == "zeros"
        and module.groups == 1
        and isinstance(module.padding, tuple)
        and all(0 <= padding < size for padding, size in zip(module.padding, module.kernel_size, strict=False))
        and (module.stride == (1, 1) or (module.dilation == (1, 1) and module.stride[0] == module.stride[1]))
    )


def can_compute() -> bool:
    """Whether the kernel takes what it is given: in 16 bits some processors have none."""
    return IN_16_BITS or not torch.is_autocast_enabled("cpu")


class Packed:
    """A layer whose weights are laid out as oneDNN wants them, once for each shape of input and number of threads.

    Laid out for others they are right, but may be laid out anew, slowly, in each pass: a hundred times the time of the
    layer was measured.
    """

    _parameters: dict[str, nn.Parameter]

    def __getstate__(self) -> dict:
        return {
            name: value for name, value in self.__dict__.items() if name != "kept"
        }  # what is packed is nothing to copy

    def prepared(self, make: Callable, images: Tensor) -> tuple:
        """What `make` makes of the weights as they are now, for such images."""
        weight = self._parameters["weight"]
        version = weight.is_inference() or weight._version
        known, of, found = self.__dict__.get("kept", (None, 0, {}))
        if known is not weight or of != version:
            found = {}
        key = make.__name__, images.dtype, images.shape, torch.get_num_threads()
        if key not in found:
            found = dict([*found.items(), (key, make(images))][-KEPT:])
            self.__dict__["kept"] = weight, version, found
        return found[key]


class Conv2d(Packed, nn.Conv2d):
    """A convolution by one kernel.

    layout  of what it answers
    """

    layout: torch.memory_format = torch.channels_last
    padding: tuple[int, ...]  # a word for it is not plain

    def _conv_forward(self, images: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        return Pinned.apply(images, self) if can_compute() else super()._conv_forward(images, weight, bias)

    def answer(self, images: Tensor) -> Tensor:
        return convolve(images, *self.prepared(self.straight, images)).contiguous(memory_format=self.layout)

    def straight(self, images: Tensor) -> tuple:
        return packed(self.weight, self.bias, self.padding, self.stride, self.dilation, images)

    # The gradient of the pictures is a convolution too.

    @property
    def phases(self) -> int:
        """How many places within a stride a pixel may have, in a row and in a column, if an output sees it."""
        return 1 if self.kernel_size == (1, 1) else self.stride[0]

    def turned(self, outputs: Tensor) -> tuple:
        """From outputs to pictures; pixels at another place within a stride are other channels."""
        filters, channels, height, width = self.weight.shape
        phases = self.phases
        rows, columns = -(-height // phases), -(-width // phases)
        weight = F.pad(self.weight.detach(), (0, columns * phases - width, 0, rows * phases - height))
        weight = weight.view(filters, channels, rows, phases, columns, phases).permute(1, 3, 5, 0, 2, 4).flip(4, 5)
        padding = (
            tuple(d * (k - 1) - p for d, k, p in zip(self.dilation, self.kernel_size, self.padding, strict=False))
            if self.stride == (1, 1)
            else (0, 0)
        )
        return packed(
            weight.reshape(channels * phases**2, filters, rows, columns), None, padding, (1, 1), self.dilation, outputs
        )

    def gradient(self, outputs: Tensor, height: int, width: int) -> Tensor:
        stride = self.stride[0]
        if self.phases > 1:
            rows, columns = (-(-size // stride) - 1 for size in self.kernel_size)
            outputs = F.pad(
                outputs, (columns, columns, rows, rows)
            )  # of kernels of 2 x 2 oneDNN sums the rim as threads allow, with AVX2
        found = convolve(outputs, *self.prepared(self.turned, outputs))
        if stride == 1:
            return found
        if self.phases == 1:
            whole = found.new_zeros(*found.shape[:2], height, width)
            whole[:, :, ::stride, ::stride] = found
            return whole
        whole, (top, left) = F.pixel_shuffle(found, stride), self.padding
        below, beside = (
            max(0, top + height - whole.shape[2]),
            max(0, left + width - whole.shape[3]),
        )  # that no output sees
        whole = F.pad(whole, (0, beside, 0, below)) if below or beside else whole
        return whole[:, :, top : top + height, left : left + width]


class Conv2dSame(Conv2d, TimmConv2dSame):
    """One that pads as TensorFlow does, by the size of its input."""

    def forward(self, images: Tensor) -> Tensor:
        padded = pad_same(images, list(self.kernel_size), list(self.stride), list(self.dilation))
        return self._conv_forward(padded, self.weight, self.bias)


class PinnedContext(Protocol):
    convolution: "Conv2d | Linear"
    size: torch.Size
    dtype: torch.dtype


class Pinned(torch.autograd.Function):
    @staticmethod
    def forward(ctx: PinnedContext, images: Tensor, convolution: "Conv2d | Linear") -> Tensor:
        ctx.convolution, ctx.size, ctx.dtype = convolution, images.shape[2:], images.dtype
        return convolution.answer(images.bfloat16() if torch.is_autocast_enabled("cpu") else images)

    @staticmethod
    def backward(ctx: PinnedContext, gradient: Tensor) -> tuple[Tensor, None]:
        return ctx.convolution.gradient(gradient, *ctx.size).to(ctx.dtype), None


def packed(
    weight: Tensor,
    bias: Tensor | None,
    padding: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    images: Tensor,
) -> tuple:
    """All of a convolution but the pictures."""
    weight = weight.detach().to(images.dtype).contiguous().to_mkldnn()
    lay_out = torch._C._nn.mkldnn_reorder_conv2d_weight  # pyright: ignore[reportAttributeAccessIssue]  # not in its stubs
    weight = lay_out(weight, padding, stride, dilation, 1, images.shape)
    return (
        weight,
        None if bias is None else bias.detach().to(images.dtype),
        padding,
        stride,
        dilation,
        1,
        "none",
        [],
        "",
    )


def convolve(images: Tensor, *convolution: object) -> Tensor:
    return torch.ops.mkldnn._convolution_pointwise(images.contiguous(memory_format=torch.channels_last), *convolution)


class Linear(Packed, nn.Linear):
    """A dense layer: what it is given is a picture of one column of pixels, one for each token."""

    def forward(self, inputs: Tensor) -> Tensor:
        if inputs.ndim < 2 or not can_compute():
            return super().forward(inputs)
        pixels = inputs.reshape(len(inputs), -1, self.in_features).transpose(1, 2).unsqueeze(3)
        return Pinned.apply(pixels, self).squeeze(3).transpose(1, 2).reshape(*inputs.shape[:-1], self.out_features)

    def answer(self, images: Tensor) -> Tensor:
        return convolve(images, *self.prepared(self.straight, images))

    def straight(self, images: Tensor) -> tuple:
        return packed(self.weight[:, :, None, None], self.bias, (0, 0), (1, 1), (1, 1), images)

    def gradient(self, outputs: Tensor, _height: int, _width: int) -> Tensor:
        return convolve(outputs, *self.prepared(self.turned, outputs))

    def turned(self, outputs: Tensor) -> tuple:
        return packed(self.weight.t()[:, :, None, None], None, (0, 0), (1, 1), (1, 1), outputs)
