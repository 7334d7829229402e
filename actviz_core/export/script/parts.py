"""Lines of a standalone script for the parts of a recipe: what is optimized, seen and paid, and how it steps.

In a script k is the iteration, t how far the run is, x the parameters, rng the generator of the iteration's views,
height and width are the size of the pictures by now, and COUNT says how many they are.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from ...errors import NotAllowed
from ...objectives import Channel, ClassLogit, LayerEnergy, Neuron, Objective, Sum
from ...optimization.optimizers import SGD, Adam, GradientAscent, NAdam, Optimizer
from ...optimization.parametrizations import FourierImage, PhaseImage, PixelImage
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
from ...optimization.spec import Spec
from ...optimization.transforms import BlurView, Crops, Flip, Geometric, Jitter, Noise, Pointwise, Rotate, Scale

Say = Callable[[str], str]
"""A field of a part -> how a script writes what it is in iteration k."""


def refused(part: object) -> NotAllowed:
    return NotAllowed(f"There is no script for {type(part).__name__} yet: save the recipe instead.")


# what is optimized


GRAIN = 32_768  # numbers that torch leaves to one thread


@dataclass(frozen=True)
class Drawing:
    """How parameters become pictures.

    start      the noise to start from
    constants  lines of what stays the same in all iterations
    functions  names -> the lines that define them
    there      (parameters, t) -> pictures
    back       pictures -> parameters
    """

    start: str
    constants: str
    functions: Mapping[str, str]
    there: Callable[[str, str], str]
    back: Callable[[str], str]


def drawing_of(spec: Spec) -> Drawing:
    """Raises NotAllowed."""
    image = spec.parametrization
    natural = getattr(image, "decorrelate", False)
    logits = "mixed(torch.linalg.inv(COLOURS), logits(images))" if natural else "logits(images)"
    if isinstance(image, PixelImage):
        low, high = image.mean - image.spread, image.mean + image.spread
        noise = f"uniform((COUNT, 3, height, width), {low!r}, {high!r}).clamp(0, 255) / 255"
        if not natural:
            return Drawing(f"{noise} * 255", "", {}, lambda x, _t: f"{x} / 255", lambda images: f"{images} * 255")
        return drawn(f"parameters({noise})", COLOURS, rgb("x", True), logits)
    if isinstance(image, FourierImage):
        noise = f"{image.sd!r} * torch.randn((COUNT, 3, height, width // 2 + 1, 2), generator=rng)"
        power = apart(spec, "CYCLES.clamp(min=1)", f"**{image.decay!r}", f"lambda values: values**{image.decay!r}")
        scales = CYCLES + f"SCALE = 0.25 * max(height, width) / {power}\n"
        waves = 'torch.fft.irfft2(torch.view_as_complex(x) * {}, s=(height, width), norm="ortho")'
        there = [*coarse(spec, image.coarse), f"x = {waves.format('scale' if image.coarse else 'SCALE')}"]
        back = f'torch.view_as_real(torch.fft.rfft2({logits}, norm="ortho") / SCALE).contiguous()'
        return drawn(noise, COLOURS * natural + scales, [*there, *rgb("x", natural)], back, bool(image.coarse))
    if isinstance(image, PhaseImage) and not image.spectrum:
        noise = "uniform((COUNT, 3, height, width // 2 + 1), -torch.pi, torch.pi)"
        there = [*PHASES, *rgb("waves / deviation", natural)]
        back = f'each(torch.angle, torch.fft.rfft2({logits}, norm="ortho"))'
        return drawn(noise, COLOURS * natural + CYCLES, there, back)
    raise NotAllowed("There is no script for the spectrum of photographs yet: save the recipe instead.")


def drawn(noise: str, constants: str, there: list[str], back: str, moving: bool = False) -> Drawing:
    """One of functions `pictures` and `parameters`; `moving`: the first also depends on t."""
    functions = {
        "pictures": function("pictures(x, t)" if moving else "pictures(x)", there),
        "parameters": function("parameters(images)", [f"return {back}"]),
    }
    return Drawing(
        noise,
        constants,
        functions,
        lambda x, t: f"pictures({x}, {t})" if moving else f"pictures({x})",
        lambda images: f"parameters({images})",
    )


COLOURS = """\
COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]])  # Olah et al. 2017
COLOURS /= COLOURS.norm(dim=0).max()
"""
CYCLES = """\
CYCLES = torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)) * max(height, width)
"""
PHASES = (
    "strength = 1 / CYCLES.clamp(min=1)  # of natural images",
    "spectrum = torch.complex(strength * each(torch.cos, x), strength * each(torch.sin, x))",
    'waves = torch.fft.irfft2(spectrum, s=(height, width), norm="ortho")',
    "waves = waves - waves.mean((2, 3), keepdim=True)",
    "deviation = (total(waves.square()) / (waves[0].numel() - 1)).sqrt()",
    "for size in waves.shape[1:]:",
    "    deviation = deviation.unsqueeze(-1).expand(*deviation.shape, size)",
)


SIGMOID = "return torch.cat([torch.sigmoid(few) for one in x.flatten(1) for few in one.split(32768)]).view(x.shape)"


def rgb(x: str, natural: bool) -> list[str]:
    """Lines that answer the colours of x, which are correlated as those of photographs where they are natural."""
    if not natural:
        return [SIGMOID.replace("x.", f"{x}.")] if x.isidentifier() else [f"x = {x}", SIGMOID]
    return [
        f"x = Step.apply({x}, lambda x: mixed(COLOURS, x), lambda grad, x: mixed(COLOURS.t(), grad))",
        SIGMOID,
    ]


def apart(spec: Spec, values: str, short: str, function: str) -> str:
    """A function of the numbers of a spectrum: of many, so few at a time that no two threads share them."""
    height, width = spec.canvas
    if height * (width // 2 + 1) <= GRAIN:
        return f"{values} {short[:2]} {short[2:]}" if short.startswith("**") else f"{short}({values})"
    return f"each({function}, {values}[None])[0]"


def coarse(spec: Spec, start: float) -> list[str]:
    if not start:
        return []
    decline = apart(spec, "-((CYCLES / finest) ** 2)", "torch.exp", "torch.exp")
    return [
        f"finest = {start!r} / max(1 - t / 0.6, 1e-9) * max(height, width) / 2  # finer waves come in by and by",
        f"scale = SCALE * {decline}",
    ]


def function(head: str, lines: list[str]) -> str:
    return "\n".join([f"\ndef {head}:", *(f"    {line}" for line in lines)]) + "\n"


# how it is seen


def move_of(part: Geometric, say: Say, narrows: bool, n: str) -> str:
    """What `move` is told of it, or its matrices; `narrows`: less and less on the way. Raises NotAllowed."""
    if isinstance(part, Jitter):
        low, high = f"-{say('pixels')} - 0.5", f"{say('pixels')} + 0.5"
        if say("pixels").isdigit():
            low, high = f"-{part.pixels + 0.5}", f"{part.pixels + 0.5}"
        return f"uniform(({n}, 2), {low}, {high}).mul(zoom).round()"
    if isinstance(part, Scale):
        power = "**narrow" if narrows else ""
        return f"1 / uniform(({n},), {say('low')}{power}, {say('high')}{power})"
    if isinstance(part, Rotate):
        degrees = say("degrees") + " * narrow" * narrows
        return f"torch.deg2rad(uniform(({n},), -{degrees}, {degrees}))"
    if isinstance(part, Flip):
        return f"mirrored(uniform(({n},), 0, 1) < {say('probability')})"
    if isinstance(part, Crops):
        n = f"{say('count')} * {n}"
        return f"cropped({n}, {say('first')} + ({say('last')} - {say('first')}) * t)"
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


def score_of(objective: Objective, answers: Mapping[str, str], flat: Set[str]) -> str:
    """From what layers answer, as the script writes it; flat ones without places. Raises NotAllowed."""
    if isinstance(objective, Sum):
        terms = ((term.weight, score_of(term.objective, answers, flat)) for term in objective.terms)
        return " + ".join(f"{weight!r} * ({score})" for weight, score in terms)
    [layer] = objective.layers
    answer = answers[layer]
    if isinstance(objective, Channel | ClassLogit):
        channel = objective.channel if isinstance(objective, Channel) else objective.label
        along = "" if layer in flat else f".sum(-1).sum(-1) / {answer}[0, 0].numel()"
        return f"{answer}[:, {channel}]{along}"
    if isinstance(objective, Neuron) and layer in flat:
        return f"{answer}[:, {objective.channel}]"
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


def optimizer_of(optimizer: Optimizer, rate: str) -> str:
    """One of torch's; with its learning rate where that stays the same. Raises NotAllowed."""
    lr = f", lr={rate}" if rate else ""
    if isinstance(optimizer, Adam):
        return f"torch.optim.Adam([x]{lr}, betas=({optimizer.beta1!r}, {optimizer.beta2!r}), fused=True)"
    if isinstance(optimizer, NAdam):
        return f"torch.optim.NAdam([x]{lr}, betas=({optimizer.beta1!r}, {optimizer.beta2!r}))"
    if isinstance(optimizer, SGD):
        return f"torch.optim.SGD([x]{lr}, momentum={optimizer.momentum!r})"
    if isinstance(optimizer, GradientAscent):
        return f"torch.optim.SGD([x]{lr})"
    raise refused(optimizer)


def rate_of(optimizer: Optimizer, rate: str) -> str:
    """The learning rate in iteration k."""
    if isinstance(optimizer, Adam) and optimizer.cooling:
        warm = 1 - optimizer.cooling
        return f"{rate} * (1 - 0.9 * max(t - {warm!r}, 0) / {optimizer.cooling!r})"
    return rate


def preparing(optimizer: Optimizer, rate: str) -> list[str]:
    """What is done to the gradient before the step of this learning rate."""
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
        lines.append(f"x.grad *= ({optimizer.progress!r} / total(x.grad.square()){along} / {rate}).clamp(max=1)")
    return lines
