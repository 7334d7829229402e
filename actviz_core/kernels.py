"""Kernels: convolutions and dense layers that answer the same bits whatever the number of threads and of pictures.

On a CPU torch chooses between kernels that sum in another order by the number of threads (of 1 x 1) and of pictures (of small inputs),
and oneDNN sums the gradient of a strided convolution as threads allow. Here it is one kernel, oneDNN's forward convolution, for
answers and for gradients: with turned weights it gives the gradient of the pictures. Small pictures of 1 x 1 are matrix products, one
picture after the other: what oneDNN takes for a call would be a fifth of the time there.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import catalogue

AVAILABLE = torch.backends.mkldnn.is_available()
SMALL = 20_480  # numbers in a picture
# A matrix product depends on the number of threads where it has fewer rows, or columns that do not fill the registers.
LEAST_ROWS, FULL = 16, 16


def pin(network: nn.Module) -> None:
    """Gives the modules of a network of our own, on the CPU, these kernels; everything else about them stays."""
    for module in network.modules():
        for plain, pinned in ((nn.Conv2d, Conv2d), (catalogue.Conv2dSame, Conv2dSame), (nn.Linear, Linear)):
            if type(module) is plain and (plain is nn.Linear or can_be_pinned(module)):
                module.__class__ = pinned
                if isinstance(module, Conv2d):
                    module.multiplies = can_multiply(module)


def can_be_pinned(module: nn.Conv2d) -> bool:
    """Depthwise ones depend on nothing; strange ones are left alone."""
    return (
        AVAILABLE
        and module._parameters.get("weight") is not None  # it is made in each pass where it is normed or pruned
        and module.weight.dtype == torch.float32
        and module.padding_mode == "zeros"
        and module.groups == 1
        and isinstance(module.padding, tuple)
        and all(0 <= padding < size for padding, size in zip(module.padding, module.kernel_size))
        and (module.stride == (1, 1) or (module.dilation == (1, 1) and module.stride[0] == module.stride[1]))
    )


def can_multiply(module: nn.Conv2d) -> bool:
    return module.kernel_size == module.stride == (1, 1) and not (module.in_channels % FULL or module.out_channels % FULL)


class Conv2d(nn.Conv2d):
    """A convolution by one kernel; its weights are packed once, in oneDNN's own layout, and not in each pass."""

    def _conv_forward(self, images: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        _, channels, height, width = images.shape
        if self.multiplies and height * width >= LEAST_ROWS and channels * height * width <= SMALL and not torch.is_autocast_enabled("cpu"):
            rows = images.permute(0, 2, 3, 1).contiguous()
            return one_by_one(rows, weight.flatten(1), bias).permute(0, 3, 1, 2)
        return Pinned.apply(images, self)

    def __getstate__(self) -> dict:
        return {name: value for name, value in self.__dict__.items() if name != "kept"}  # what is packed is nothing to copy

    def prepared(self, make: Callable, dtype: torch.dtype) -> tuple:
        """What `make` makes of the weights as they are now, in 32 or 16 bits."""
        weight = self._parameters["weight"]
        version = weight.is_inference() or weight._version
        known, of, found = self.__dict__.get("kept", (None, 0, {}))
        if known is not weight or of != version:
            self.__dict__["kept"] = _, _, found = weight, version, {}
        key = make.__name__, dtype
        if key not in found:
            found[key] = make(dtype)
        return found[key]

    def answer(self, images: Tensor) -> Tensor:
        return convolve(images, *self.prepared(self.straight, images.dtype))

    def straight(self, dtype: torch.dtype) -> tuple:
        return packed(self.weight, self.bias, self.padding, self.stride, self.dilation, dtype)

    # The gradient of the pictures is a convolution too.

    @property
    def phases(self) -> int:
        """How many places within a stride a pixel may have, in a row and in a column, if an output sees it."""
        return 1 if self.kernel_size == (1, 1) else self.stride[0]

    def turned(self, dtype: torch.dtype) -> tuple:
        """From outputs to pictures; pixels at another place within a stride are other channels."""
        outputs, inputs, height, width = self.weight.shape
        phases = self.phases
        rows, columns = -(-height // phases), -(-width // phases)
        weight = F.pad(self.weight.detach(), (0, columns * phases - width, 0, rows * phases - height))
        weight = weight.view(outputs, inputs, rows, phases, columns, phases).permute(1, 3, 5, 0, 2, 4).flip(4, 5)
        if self.stride == (1, 1):
            padding = tuple(d * (k - 1) - p for d, k, p in zip(self.dilation, self.kernel_size, self.padding))
        else:
            padding = rows - 1, columns - 1
        return packed(weight.reshape(inputs * phases**2, outputs, rows, columns), None, padding, (1, 1), self.dilation, dtype)

    def gradient(self, outputs: Tensor, height: int, width: int) -> Tensor:
        found = convolve(outputs, *self.prepared(self.turned, outputs.dtype))
        if self.stride == (1, 1):
            return found
        stride = self.stride[0]
        if self.phases == 1:
            whole = found.new_zeros(*found.shape[:2], height, width)
            whole[:, :, ::stride, ::stride] = found
            return whole
        whole, (top, left) = F.pixel_shuffle(found, stride), self.padding
        below, beside = max(0, top + height - whole.shape[2]), max(0, left + width - whole.shape[3])  # that no output sees
        whole = F.pad(whole, (0, beside, 0, below)) if below or beside else whole
        return whole[:, :, top : top + height, left : left + width]


class Conv2dSame(Conv2d, catalogue.Conv2dSame):
    """One that pads as TensorFlow does, by the size of its input."""

    def forward(self, images: Tensor) -> Tensor:
        return Pinned.apply(catalogue.pad_same(images, self.kernel_size, self.stride, self.dilation), self)


class Pinned(torch.autograd.Function):
    @staticmethod
    def forward(ctx, images, convolution):
        ctx.convolution, ctx.size, ctx.dtype = convolution, images.shape[2:], images.dtype
        return convolution.answer(images.bfloat16() if torch.is_autocast_enabled("cpu") else images)

    @staticmethod
    def backward(ctx, gradient):
        return ctx.convolution.gradient(gradient, *ctx.size).to(ctx.dtype), None


def packed(weight: Tensor, bias: Tensor | None, padding, stride, dilation, dtype: torch.dtype) -> tuple:
    """All of a convolution but the pictures."""
    weight = weight.detach().to(dtype).contiguous().to_mkldnn()
    weight = torch._C._nn.mkldnn_reorder_conv2d_weight(weight, padding, stride, dilation, 1)
    return weight, None if bias is None else bias.detach().to(dtype), padding, stride, dilation, 1, "none", [], ""


def convolve(images: Tensor, *convolution) -> Tensor:
    return torch.ops.mkldnn._convolution_pointwise(images.contiguous(memory_format=torch.channels_last), *convolution)


class Linear(nn.Linear):
    """A dense layer that takes one picture after the other; of tokens there are enough for all."""

    def forward(self, inputs: Tensor) -> Tensor:
        return one_by_one(inputs, self.weight, self.bias) if inputs.ndim == 2 else super().forward(inputs)


def one_by_one(inputs: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A dense layer of each picture: together they would be summed otherwise."""
    if len(inputs) == 1:
        return F.linear(inputs, weight, bias)
    return torch.cat([F.linear(picture, weight, bias) for picture in inputs.split(1)])
