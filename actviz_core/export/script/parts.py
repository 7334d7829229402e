"""Lines of a standalone script for the parts of a recipe: what is optimized, seen and paid, and how it steps.

In a script k is the iteration, t how far the run is, x the parameters, rng the generator of the iteration's views,
height and width are the size of the pictures by now, and COUNT says how many they are.
"""

from collections.abc import Callable

from ...errors import NotAllowed
from ...objectives import Channel, ClassLogit, LayerEnergy, Neuron, Objective, Sum
from ...optimization.optimizers import SGD, Adam, GradientAscent, NAdam, Optimizer
from ...optimization.parametrizations import FourierImage, Parametrization, PhaseImage, PixelImage
from ...optimization.regularizers import (
    L1,
    L2,
    Blur,
    Boundary,
    Decay,
    HighFrequency,
    Lp,
    Operator,
    Penalty,
    SmallContribution,
    SmallNorm,
    TotalVariation,
)
from ...optimization.transforms import BlurView, Crops, Flip, Geometric, Jitter, Noise, Pointwise, Rotate, Scale

Say = Callable[[str], str]
"""A field of a part -> how a script writes what it is in iteration k."""


def refused(part: object) -> NotAllowed:
    return NotAllowed(f"There is no script for {type(part).__name__} yet: save the recipe instead.")


# what is optimized


def start_of(image: Parametrization) -> str:
    """The noise to start from."""
    if isinstance(image, FourierImage):
        return f"{image.sd!r} * torch.randn((COUNT, 3, height, width // 2 + 1, 2), generator=rng)"
    if isinstance(image, PixelImage):
        low, high = image.mean - image.spread, image.mean + image.spread
        return f"parameters(uniform((COUNT, 3, height, width), {low!r}, {high!r}).clamp(0, 255) / 255)"
    return "uniform((COUNT, 3, height, width // 2 + 1), -torch.pi, torch.pi)"


def drawing_of(image: Parametrization) -> tuple[str, str]:
    """The functions `pictures` and `parameters`: the way there and back. Raises NotAllowed."""
    natural = getattr(image, "decorrelate", False)
    colours = "rgb({})" if natural else "each(torch.sigmoid, {})"
    plain = "mixed(torch.linalg.inv(COLOURS), logits(images))" if natural else "logits(images)"
    if isinstance(image, PixelImage):
        there, back = (["return rgb(x)"], plain) if natural else (["return x / 255"], "images * 255")
    elif isinstance(image, FourierImage):
        waves = 'torch.fft.irfft2(torch.view_as_complex(x) * scale, s=(height, width), norm="ortho")'
        back = f'torch.view_as_real(torch.fft.rfft2({plain}, norm="ortho") / wave_scale({image.decay!r})).contiguous()'
        there = [f"scale = wave_scale({image.decay!r})", *coarse(image), f"return {colours.format(waves)}"]
    elif isinstance(image, PhaseImage) and not image.spectrum:
        there, back = phases(colours), f'each(torch.angle, torch.fft.rfft2({plain}, norm="ortho"))'
    else:
        raise NotAllowed("There is no script for the spectrum of photographs yet: save the recipe instead.")
    return function("pictures(x, t)", there), function("parameters(images)", [f"return {back}"])


def coarse(image: FourierImage) -> list[str]:
    if not image.coarse:
        return []
    return [
        "if t < 0.6:  # the finest waves come in by and by",
        f"    finest = {image.coarse!r} / (1 - t / 0.6) * max(height, width) / 2",
        "    scale = scale * each(torch.exp, -((cycles() / finest) ** 2)[None])[0]",
    ]


def phases(colours: str) -> list[str]:
    return [
        "strength = 1 / cycles().clamp(min=1)",
        "spectrum = torch.complex(strength * each(torch.cos, x), strength * each(torch.sin, x))",
        'waves = torch.fft.irfft2(spectrum, s=(height, width), norm="ortho")',
        "waves = waves - waves.mean((2, 3), keepdim=True)",
        "deviation = (total(waves.square()) / (waves[0].numel() - 1)).sqrt()",
        "for size in waves.shape[1:]:",
        "    deviation = deviation.unsqueeze(-1).expand(*deviation.shape, size)",
        f"return {colours.format('waves / deviation')}",
    ]


def function(head: str, lines: list[str]) -> str:
    return "\n".join([f"\n\ndef {head}:", *(f"    {line}" for line in lines)]) + "\n"


# how it is seen


def move_of(part: Geometric, say: Say, narrows: bool) -> str:
    """The matrices of a transform, `narrow` of its range. Raises NotAllowed."""
    if isinstance(part, Jitter):
        return f"shifted(uniform((n, 2), -{say('pixels')} - 0.5, {say('pixels')} + 0.5).mul(zoom).round())"
    if isinstance(part, Scale):
        power = " ** narrow" if narrows else ""
        return f"move(scale=1 / uniform((n,), {say('low')}{power}, {say('high')}{power}))"
    if isinstance(part, Rotate):
        degrees = say("degrees") + " * narrow" * narrows
        return f"move(angle=torch.deg2rad(uniform((n,), -({degrees}), {degrees})))"
    if isinstance(part, Flip):
        return f"mirrored(uniform((n,), 0, 1) < {say('probability')})"
    if isinstance(part, Crops):
        return f"cropped({say('count')} * n, {say('first')} + ({say('last')} - {say('first')}) * t)"
    raise refused(part)


def changed(part: Pointwise, say: Say) -> str:
    """Images after a transform that moves nothing. Raises NotAllowed."""
    if isinstance(part, Noise):
        return f"views + {say('sd')} * torch.randn(views.shape, generator=rng)"
    if isinstance(part, BlurView):
        return f"blurred(views, {say('sigma')} * zoom)"
    raise refused(part)


# what it pays


def penalty_of(part: Penalty, say: Say) -> str:
    """Of images [n, 3, h, w]. Raises NotAllowed."""
    away = "(images - 0.5)"
    formulas: dict[type, Callable[[], str]] = {
        TotalVariation: lambda: "(mean(images.diff(dim=2).abs()) + mean(images.diff(dim=3).abs()))",
        L1: lambda: f"mean({away}.abs())",
        L2: lambda: f"mean({away}.square())",
        Lp: lambda: f"mean(each(lambda values: values.pow({say('power')}), (2 * {away}).abs()))",
        HighFrequency: lambda: "high_waves(images)",
        Boundary: lambda: f"boundary(images, {say('pixels')})",
    }
    if type(part) not in formulas:
        raise refused(part)
    return f"{say('weight')} * {formulas[type(part)]()}"


def operator_of(part: Operator, say: Say) -> str:
    """Images after it, and `gradient` is the loss's. Raises NotAllowed."""
    weight = say("weight")
    formulas = {
        Decay: f"GREY + (images - GREY) * (1 - {weight})",
        Blur: f"blurred(images, {weight})",
        SmallNorm: f"kept_above({weight}, (images - GREY).square().sum(1, keepdim=True).sqrt(), images)",
        SmallContribution: f"kept_above({weight}, ((images - GREY) * gradient).sum(1, keepdim=True).abs(), images)",
    }
    if type(part) not in formulas:
        raise refused(part)
    return formulas[type(part)]


# what is wanted


def score_of(objective: Objective) -> str:
    """From `found`, what layers answer by their names. Raises NotAllowed."""
    [*layers] = objective.layers
    if isinstance(objective, Sum):
        return " + ".join(f"{term.weight!r} * {score_of(term.objective)}" for term in objective.terms)
    answer = f'found["{layers[0]}"]'
    if isinstance(objective, Channel):
        return f"mean({answer}[:, {objective.channel}])"
    if isinstance(objective, ClassLogit):
        return f"mean({answer}[:, {objective.label}])"
    if isinstance(objective, Neuron):
        row, column = (
            f"{answer}.shape[{axis}] // 2" if place is None else str(place)
            for axis, place in ((2, objective.row), (3, objective.column))
        )
        return f"{answer}[:, {objective.channel}, {row}, {column}]"
    if isinstance(objective, LayerEnergy):
        return f"mean({answer}.square())"
    raise NotAllowed(f"There is no script for the target {objective.title.lower()} yet: save the recipe instead.")


# how it steps


def optimizer_of(optimizer: Optimizer) -> str:
    """One of torch's. Raises NotAllowed."""
    if isinstance(optimizer, Adam):
        return f"torch.optim.Adam([x], betas=({optimizer.beta1!r}, {optimizer.beta2!r}), fused=True)"
    if isinstance(optimizer, NAdam):
        return f"torch.optim.NAdam([x], betas=({optimizer.beta1!r}, {optimizer.beta2!r}))"
    if isinstance(optimizer, SGD):
        return f"torch.optim.SGD([x], momentum={optimizer.momentum!r})"
    if isinstance(optimizer, GradientAscent):
        return "torch.optim.SGD([x])"
    raise refused(optimizer)


def rate_of(optimizer: Optimizer, rate: str) -> str:
    """The learning rate in iteration k."""
    if isinstance(optimizer, Adam) and optimizer.cooling:
        warm = 1 - optimizer.cooling
        return f"{rate} * (1 - 0.9 * (t - {warm!r}) / {optimizer.cooling!r} if t > {warm!r} else 1)"
    return rate


def preparing(optimizer: Optimizer) -> list[str]:
    """What is done to the gradient before the step."""
    if not isinstance(optimizer, GradientAscent):
        return []
    sizes = {
        "mean": "mean(x.grad.abs())",
        "rms": "mean(x.grad.square()).sqrt()",
        "norm": "total(x.grad.square()).sqrt()",
    }
    along = ".clamp(min=1e-12).view(-1, *[1] * (x.dim() - 1))"
    lines = [f"x.grad /= {sizes[optimizer.normalize]}{along}"] if optimizer.normalize != "none" else []
    if optimizer.progress:
        lines.append(f"x.grad *= ({optimizer.progress!r} / total(x.grad.square()){along} / rate).clamp(max=1)")
    return lines
