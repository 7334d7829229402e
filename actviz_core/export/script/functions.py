"""The functions that standalone scripts are made of; a script has those that it calls, in this order.

They compute what the modules of this package do, operation by operation, for pictures that are the same bit for bit.
"""

IMPORTS = {
    "np": "import numpy as np",
    "timm": "import timm",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "torchvision": "import torchvision",
    "to_pil_image": "from torchvision.transforms.functional import to_pil_image",
    "gaussian_blur": "from torchvision.transforms.v2.functional import gaussian_blur",
}
"""What a word in a script needs."""

FUNCTIONS = {
    "Step": """
class Step(torch.autograd.Function):  # function(x), and backward back(gradient, x)
    @staticmethod
    def forward(ctx, x, function, back):
        ctx.x, ctx.back = x, back
        return function(x)
    @staticmethod
    def backward(ctx, gradient):
        return ctx.back(gradient, ctx.x), None, None
""",
    "convolve": """
def convolve(x, w, bias, padding, stride=(1, 1), dilation=(1, 1)):  # one kernel for any number of threads
    x, w = x.contiguous(memory_format=torch.channels_last), w.to(x.dtype).contiguous().to_mkldnn()
    w = torch._C._nn.mkldnn_reorder_conv2d_weight(w, padding, stride, dilation, 1, x.shape)
    return torch.ops.mkldnn._convolution_pointwise(x, w, bias, padding, stride, dilation, 1, "none", [], "")
""",
    "each": """
def each(function, x):  # so few at a time that no two threads share them: else last bits differ
    return torch.cat([function(few) for one in x.flatten(1) for few in one.split(32768)]).view(x.shape)
""",
    "total": """
def total(values):  # of each image, axis by axis: as one sum it would be cut by the number of threads
    return total(values.sum(-1)) if values.dim() > 1 else values
""",
    "mean": """
def mean(values):
    return total(values) / values[0].numel()
""",
    "mixed": """
def mixed(matrix, x):  # of colours: the product of a 3 x 3 matrix and each pixel
    a, b, c = matrix.t()[:, :, None, None]
    return torch.addcmul(torch.addcmul(x[:, :1] * a, x[:, 1:2], b), x[:, 2:], c)
""",
    "logits": """
def logits(images):
    return each(torch.logit, images.clamp(0.005, 0.995))
""",
    "high_waves": """
def high_waves(images):  # the power above half the Nyquist frequency
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    counts = (torch.maximum(rows.abs(), columns) > 0.25) * torch.where((columns > 0) & (columns < 0.5), 2.0, 1.0)
    power = torch.view_as_real(torch.fft.rfft2(images, norm="ortho")).square().sum(-1)
    return total(power * counts) / images[0].numel()
""",
    "boundary": """
def boundary(images, pixels):  # how far from grey the rim is
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
def kept_above(percent, amount, images):  # grey where the amount is among the least so many percent
    limit = torch.quantile(amount.flatten(1), percent / 100, dim=1)[:, None, None, None]
    return torch.where(amount >= limit, images, GREY)
""",
    "uniform": """
def uniform(shape, low, high):
    return low + (high - low) * torch.rand(shape, generator=rng)
""",
    "move": """
def move(shift=torch.zeros(1, 2), scale=torch.ones(1), angle=torch.zeros(1)):  # [n, 3, 3], of a view's places
    cos, sin, zero = scale * angle.cos(), scale * angle.sin(), torch.zeros(1)
    rows = torch.broadcast_tensors(cos, -sin, shift[:, 0], sin, cos, shift[:, 1], zero, zero, zero + 1)
    return torch.stack(rows, 1).view(-1, 3, 3)
""",
    "mirrored": """
def mirrored(which):
    return torch.diag_embed(torch.stack([1 - 2 * which.float(), *torch.ones(2, len(which))], 1))
""",
    "cropped": """
def cropped(n, side):  # squares of that share of the picture's side
    centre = uniform((n, 2), side / 2 - 0.5, 0.5 - side / 2)
    return move(torch.stack([centre[:, 0] * width, centre[:, 1] * height], 1), torch.full((n,), side))
""",
    "at": """
def at(*steps):  # what was set when, in iteration k
    return [value for first, value in steps if first <= k][-1]
""",
}
"""By the name that a script calls."""
