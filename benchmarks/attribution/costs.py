"""What our maps cost beyond the passes they need, and how soon the first one is there."""

import statistics
import time
from collections.abc import Callable
from unittest.mock import patch

import torch

from actviz_core import ClassLogit, Model, attribute, attribution
from actviz_core.attribution import Method, Subject, attribute_layers
from actviz_core.attribution.attribute import attributed

from .photograph import LABEL, photograph

ROUNDS = 7
LONG = 4.0  # seconds


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def ratio(ours: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians of both, measured in turn after a pair that does not count, unless that has taken long by itself."""
    warm, pairs, began = (seconds(ours), seconds(other)), [], time.perf_counter()
    if sum(warm) > LONG:
        return warm
    while len(pairs) < ROUNDS and (not pairs or time.perf_counter() - began < LONG):
        pairs.append((seconds(ours), seconds(other)))
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def costs(model: Model) -> list[tuple[str, float, str]]:
    """What, the number, and its bar."""
    image, target = photograph(), ClassLogit(LABEL)
    subject = Subject.of(model, image, target)

    def whole() -> None:
        subject.pixel_gradients(image)

    def every() -> None:
        attribute_layers(model, image, target, attribution.GradCam())

    own, bare = ratio(every, whole)
    found = [("Grad-CAM at every layer / one forward and backward pass", own / bare, "1.3 x")]
    for method in (attribution.SmoothGrad(), attribution.IntegratedGradients()):
        own, bare = beside_its_passes(model, method)
        found.append((f"{method.title} / its passes", own / bare, "1.1 x"))
    firsts = (
        attribution.SmoothGrad(),
        attribution.IntegratedGradients(),
        attribution.Occlusion(),
        attribution.Rise(),
        attribution.ScoreCam(),
        attribution.AblationCam(),
    )
    for method in firsts:
        found.append((f"{method.title}: seconds to the first map", first(model, method), "0.5 s"))
    return found


def beside_its_passes(model: Model, method: Method) -> tuple[float, float]:
    """Seconds of a map, and of passes of as many images each with nothing around them."""
    image, target, sizes, taken = photograph(), ClassLogit(LABEL), [], Subject.pixel_gradients

    def counted(subject: Subject, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        sizes.append(len(images))
        return taken(subject, images)

    with patch.object(Subject, "pixel_gradients", counted):
        attribute(model, image, target, method)
    subject = Subject.of(model, image, target)
    batches = [image.repeat(size, 1, 1, 1) for size in sizes]
    return ratio(
        lambda: attribute(model, image, target, method),
        lambda: [subject.pixel_gradients(batch) for batch in batches],
    )


def first(model: Model, method: Method) -> float:
    """Seconds from the question to the first map."""

    def run() -> None:
        maps = attributed(model, photograph(), ClassLogit(LABEL), method)
        next(maps)
        maps.close()

    run()
    return statistics.median(seconds(run) for _ in range(3))
