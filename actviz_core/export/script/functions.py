"""The functions that standalone scripts are made of; a script has those that it calls, in this order.

They compute what the modules of this package do, operation by operation, for pictures that are the same bit for bit.
"""

IMPORTS = {
    "importlib": "import importlib",
    "partial": "from functools import partial",
    "inf": "from math import inf",
    "Path": "from pathlib import Path",
    "np": "import numpy as np",
    "timm": "import timm",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "torchvision": "import torchvision",
    "Image": "from PIL import Image",
    "pad_same": "from timm.layers.padding import pad_same",
    "nn": "from torch import nn",
    "fuse_conv_bn_eval": "from torch.nn.utils.fusion import fuse_conv_bn_eval",
    "TorchFunctionMode": "from torch.overrides import TorchFunctionMode",
    "gaussian_blur": "from torchvision.transforms.v2.functional import gaussian_blur",
}
"""What a word in a script needs."""

FUNCTIONS = {
    "Step": """
class Step(torch.autograd.Function):  # something on the way forward that brings its own way back
    @staticmethod
    def forward(ctx, x, there, back):
        ctx.x, ctx.back = x, back
        return there(x)

    @staticmethod
    def backward(ctx, gradient):
        return ctx.back(gradient, ctx.x), None, None
""",
    "convolve": """
def convolve(x, weight, bias, padding, stride, dilation):  # one kernel of oneDNN, whatever the number of threads
    x, weight = x.contiguous(memory_format=torch.channels_last), weight.to(x.dtype).contiguous().to_mkldnn()
    weight = torch._C._nn.mkldnn_reorder_conv2d_weight(weight, padding, stride, dilation, 1, x.shape)
    bias = None if bias is None else bias.to(x.dtype)
    return torch.ops.mkldnn._convolution_pointwise(x, weight, bias, padding, stride, dilation, 1, "none", [], "")
""",
    "turned_back": """
def turned_back(c, gradient, x):  # the gradient is a convolution too, with turned weights
    rim = [d * (k - 1) - p for d, k, p in zip(c.dilation, c.kernel_size, c.padding)]
    turned = c.weight.transpose(0, 1).flip(2, 3)
    return convolve(gradient, turned, None, rim, (1, 1), c.dilation).to(x.dtype)
""",
    "strided_back": """
def strided_back(c, gradient, x):  # pixels at another place within a stride are other channels
    (filters, channels, high, wide), step, (top, left) = c.weight.shape, c.stride[0], c.padding
    rows, columns = -(-high // step), -(-wide // step)
    turned = F.pad(c.weight, (0, columns * step - wide, 0, rows * step - high))
    turned = turned.view(filters, channels, rows, step, columns, step).permute(1, 3, 5, 0, 2, 4).flip(4, 5)
    gradient = F.pad(gradient, (columns - 1, columns - 1, rows - 1, rows - 1))
    found = convolve(gradient, turned.reshape(-1, filters, rows, columns), None, (0, 0), (1, 1), (1, 1))
    found = F.pad(F.pixel_shuffle(found, step), (0, x.shape[3], 0, x.shape[2]))  # for pixels that no output sees
    return found[:, :, top : top + x.shape[2], left : left + x.shape[3]].to(x.dtype)
""",
    "convolved": """
def convolved(c, back, x):
    def there(x):
        x = x.bfloat16() if torch.is_autocast_enabled("cpu") else x
        return convolve(x, c.weight, c.bias, c.padding, c.stride, c.dilation)

    return Step.apply(x, there, partial(back, c))
""",
    "woken": """
def woken(top, gradient, x):  # a ReLU that lets no gradient through passes on what would wake it
    wakes = gradient.where((x <= 0) & (gradient < 0) | (x >= top) & (gradient > 0), 0)
    passed = gradient.where((x > 0) & (x < top), 0)
    return passed.where(passed.flatten(1).any(1).view(-1, *[1] * (x.dim() - 1)), wakes)
""",
    "Redirected": """
class Redirected(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        if k > REDIRECTED or function not in (F.relu, torch.relu, torch.Tensor.relu, F.relu6, F.hardtanh):
            return function(*args, **(kwargs or {}))
        top = 6 if function in (F.relu6, F.hardtanh) else inf
        return Step.apply(args[0], lambda x: x.clamp(0, top), partial(woken, top))
""",
    "each": """
def each(function, values):  # so few at a time that no two threads share them
    return torch.cat([function(few) for image in values.flatten(1) for few in image.split(32768)]).view(values.shape)
""",
    "mean": """
def total(values):
    return total(values.sum(-1)) if values.dim() > 1 else values


def mean(values):
    return total(values) / values[0].numel()
""",
    "mixed": """
def mixed(matrix, x):
    a, b, c = matrix.t()[:, :, None, None]
    return torch.addcmul(torch.addcmul(x[:, :1] * a, x[:, 1:2], b), x[:, 2:], c)
""",
    "rgb": """
COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]])  # Olah et al. 2017
COLOURS /= COLOURS.norm(dim=0).max()


def rgb(x):
    x = Step.apply(x, partial(mixed, COLOURS), lambda gradient, x: mixed(COLOURS.t(), gradient))
    return each(torch.sigmoid, x)
""",
    "logits": """
def logits(images):
    return each(torch.logit, images.clamp(0.005, 0.995))
""",
    "cycles": """
def cycles():
    return torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)) * max(height, width)
""",
    "wave_scale": """
def wave_scale(decay):
    return 0.25 * max(height, width) / each(lambda values: values**decay, cycles().clamp(min=1)[None])[0]
""",
    "high_waves": """
def high_waves(images):  # the power above half the Nyquist frequency
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    counts = (torch.maximum(rows.abs(), columns) > 0.25) * torch.where((columns > 0) & (columns < 0.5), 2.0, 1.0)
    power = torch.view_as_real(torch.fft.rfft2(images, norm="ortho")).square().sum(-1)
    return total(power * counts) / images[0].numel()
""",
    "boundary": """
def boundary(images, pixels):
    edge = torch.ones(height, width)
    edge[pixels:-pixels, pixels:-pixels] = 0
    return total((images - 0.5).abs() * edge) / (total(edge).sum() * 3)
""",
    "blurred": """
def blurred(images, sigma):
    radius = min(max(1, round(3 * sigma)), *(side - 1 for side in images.shape[2:]))
    return gaussian_blur(images, [2 * radius + 1] * 2, [max(sigma, 0.001)] * 2)
""",
    "kept_above": """
def kept_above(percent, amount, images):
    limit = torch.quantile(amount.flatten(1), percent / 100, dim=1)[:, None, None, None]
    return torch.where(amount >= limit, images, GREY)
""",
    "uniform": """
def uniform(shape, low, high):
    return low + (high - low) * torch.rand(shape, generator=rng)
""",
    "move": """
ONE, ZERO = torch.ones(1), torch.zeros(1)


def move(scale=ONE, angle=ZERO, column=ZERO, row=ZERO):  # [n, 3, 3], from the places of a view to those of a picture
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    values = torch.broadcast_tensors(cosine, -sine, column, sine, cosine, row, ZERO, ZERO, ONE)
    return torch.stack(values, 1).view(-1, 3, 3)
""",
    "shifted": """
def shifted(pixels):
    return move(column=pixels[:, 0], row=pixels[:, 1])
""",
    "mirrored": """
def mirrored(which):
    return torch.diag_embed(torch.stack([1 - 2 * which.float(), *torch.ones(2, len(which))], 1))
""",
    "cropped": """
def cropped(n, side):  # squares of that share of the picture's side
    centre = uniform((n, 2), side / 2 - 0.5, 0.5 - side / 2)
    return move(torch.full((n,), side), column=centre[:, 0] * width, row=centre[:, 1] * height)
""",
    "sampled": """
def sampled(images, moves, border=0):  # all moves in one resampling
    if not moves and not border:
        return images
    (high, wide), matrices = images.shape[2:], torch.eye(3).repeat(len(images), 1, 1)
    for each_move in moves:
        matrices = matrices.repeat(len(each_move) // len(matrices), 1, 1) @ each_move
    tall, broad, inner = high + 2 * border, wide + 2 * border, torch.tensor([[2 / wide], [2 / high]])
    theta = matrices[:, :2] * torch.tensor([broad / 2, tall / 2, 1.0]) * inner
    grid = F.affine_grid(theta, [len(theta), 3, tall, broad], align_corners=False)
    images = (images - OUTSIDE).repeat(len(theta) // len(images), 1, 1, 1)
    return F.grid_sample(images, grid, padding_mode=PADDING, align_corners=False) + OUTSIDE
""",
    "wrapped": """
def wrapped(images, grid):  # outside of a tile lies the tile: places are brought back, to it and a pixel around it
    size = torch.tensor([float(side) for side in reversed(images.shape[2:])])
    places = (grid + 1) * (size / 2)
    places = places - size * (places / size).floor()
    return F.pad(images, (1, 1, 1, 1), mode="circular"), (places + 1) * (2 / (size + 2)) - 1
""",
    "generator": """
def generator(k):
    return torch.Generator().manual_seed(int(np.random.SeedSequence((SEED, k)).generate_state(1)[0]))
""",
    "at": """
def at(*steps):  # what was set when, in iteration k
    return [value for first, value in steps if first <= k][-1]
""",
}
"""By the name that a script calls."""
FUNCTIONS["tiled"] = (
    FUNCTIONS["sampled"]
    .replace("def sampled(", "def tiled(")
    .replace("    return F.", "    images, grid = wrapped(images, grid)\n    return F.")
)
