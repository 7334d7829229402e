"""python -m benchmarks.masking: answers a second while a region is drawn, and how long the slower questions take.

Through the scheduler, with the threads that the dashboard leaves to it. A minute.
"""

import argparse
import statistics
import time

import numpy as np
import torch

from actviz_core import (
    ClassLogit,
    KeptModels,
    MeasureDeletion,
    Predict,
    Randomize,
    Run,
    Scheduler,
    Touch,
    TurnDecision,
    attribute,
    framing,
    machine,
    samples,
)
from actviz_core.attribution import GradCam
from actviz_core.attribution.attribute import tensor_of

from .machine import processor
from .report import table

NETWORK, SIZE, ANSWERS, WARM = ("efficientnet_lite0", ""), (224, 224), 60, 5


def picture(name: str) -> np.ndarray:
    image = samples.sample(name)
    return framing.framed(image, framing.whole(*image.shape[:2], SIZE), SIZE)


def drawn(step: int) -> np.ndarray:
    """A brush of 40 pixels that moves on."""
    mask = np.zeros(SIZE, bool)
    left = (3 * step) % (SIZE[1] - 40)
    mask[90:130, : left + 40] = True
    return mask


def touches(scheduler: Scheduler, image: np.ndarray, fill: str) -> list[str]:
    """Answers a second, and what one takes: by the clock, and of a processor that may have other things to do."""
    seconds, objective, patch = [], ClassLogit(0), picture("cat")
    for step in range(WARM + ANSWERS):
        if step == WARM:
            busy = time.process_time()
        began = time.perf_counter()
        scheduler.submit(Touch(NETWORK, image, drawn(step), fill, objective, patch)).get()
        seconds.append(time.perf_counter() - began)
    busy, seconds = time.process_time() - busy, seconds[WARM:]
    times = statistics.median(seconds), max(seconds), busy / ANSWERS
    return [fill, f"{ANSWERS / sum(seconds):.0f}", *(f"{1e3 * each:.0f}" for each in times)]


def run(scheduler: Scheduler, work: object) -> list[str]:
    """Seconds to the first frame and to the last, and passes."""
    began = time.perf_counter()
    made = scheduler.start(Run.of(work, float("inf")))
    made.wait(lambda run: run.newest is not None or run.ended)
    first = time.perf_counter() - began
    made.wait(lambda run: run.ended)
    if made.error:
        raise SystemExit(made.error)
    frame = made.newest
    return [f"{first:.2f}", f"{time.perf_counter() - began:.2f}", str(frame.passes), frame.words]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    machine.serve()
    models = KeptModels(1)
    scheduler, image = Scheduler(models), picture("coffee")
    label = scheduler.submit(Predict(NETWORK, image)).get().ranked[0]
    target = ClassLogit(label)
    answers = [touches(scheduler, image, fill) for fill in ("grey", "blur", "mean", "patch")]
    maps = attribute(models(*NETWORK), tensor_of(image[None]), target, GradCam())
    works = {
        "smallest region, grey": TurnDecision(NETWORK, image),
        "smallest region, mean": TurnDecision(NETWORK, image, "mean"),
        "deletion and insertion": MeasureDeletion(NETWORK, image, target, maps.values[0], maps.centres),
        "cascade of Grad-CAM, 3 seeds": Randomize(NETWORK, image, target, GradCam()),
    }
    rows = [[name, *run(scheduler, work)] for name, work in works.items()]
    scheduler.close()
    print(
        f"{time.strftime('%Y-%m-%d')}, {processor()}, torch {torch.__version__}, {torch.get_num_threads()} threads.\n"
    )
    print(table(["region covered with", "answers a second", "median ms", "worst ms", "processor ms"], answers))
    print()
    print(table(["run", "first frame, s", "whole, s", "passes", "says"], rows))


if __name__ == "__main__":
    main()
