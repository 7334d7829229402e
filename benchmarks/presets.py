"""python -m benchmarks.presets: every preset on the packaged networks, as one sheet.

For a channel of each depth and a class. Writes results/presets.jpg and results/presets.md. Goes on where it was
interrupted: each preset's pictures of a network lie in .work/presets until the recipe changes.
"""

import argparse
import hashlib
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from actviz_core import (
    PRESETS,
    Channel,
    ClassLogit,
    Diagnosis,
    Model,
    Objective,
    Point,
    Preset,
    Recipe,
    Spec,
    diagnose,
    load_model,
    replay,
)
from actviz_core.memory import KEEPER

from .machine import processor
from .report import table
from .sheet import sheet
from .targets import noise_of

HERE = Path(__file__).parent
WORK, RESULTS = HERE / ".work" / "presets", HERE / "results"
SIZES = {"efficientnet_lite0": 128, "efficientnet_lite1": 112, "efficientnet_lite2": 112}  # px
COSTLY = {"distill": 96, "maco": 80}  # px: 2,560 iterations, and 256 of 32 crops each
TARGETS: tuple[Objective, ...] = (
    Channel("blocks.1.0", 3),
    Channel("blocks.3.0", 12),
    Channel("blocks.5.0", 40),
    Channel("blocks.6.0", 100),
    ClassLogit(130),
)
TILE, QUALITY = 112, 84


@dataclass(frozen=True)
class Made:
    """One preset's last pictures of all targets in one network, and what `diagnose` says of each."""

    images: np.ndarray
    scores: list[float]
    ills: list[str]
    seconds: float


def recipe_of(preset: Preset, network: str, size: int) -> Recipe:
    """All targets side by side in one batch: cheaper than one after the other."""
    return preset.applied(Recipe(Spec(network, TARGETS, count=len(TARGETS), height=size, width=size)))


def made(recipe: Recipe, kept_only: bool = False) -> Made | None:
    file = WORK / f"{hashlib.sha256(recipe.to_json().encode()).hexdigest()[:16]}.npz"
    if kept_only and not file.exists():
        return None
    if not file.exists():
        began = time.perf_counter()
        model, points = load_model(recipe.spec.model, device="cpu"), []
        for frame in replay(model, recipe):
            points.append(Point.of(frame))
        diagnoses = [diagnosed(recipe, model, points, frame.images, index) for index in range(len(TARGETS))]
        ills = [found.kind if found else "" for found in diagnoses]
        WORK.mkdir(parents=True, exist_ok=True)
        np.savez(file, images=frame.images, scores=frame.score, ills=ills, seconds=time.perf_counter() - began)
    with np.load(file) as kept:
        return Made(kept["images"], kept["scores"].tolist(), kept["ills"].tolist(), float(kept["seconds"]))


def diagnosed(recipe: Recipe, model: Model, points: list[Point], images: np.ndarray, index: int) -> Diagnosis | None:
    """What the page would say of one of the pictures."""
    alone = [
        replace(point, score=point.score[index : index + 1], gradient=point.gradient[index : index + 1])
        for point in points
    ]
    spec = replace(recipe.spec, objective=TARGETS[index], count=1)
    return diagnose(replace(recipe, spec=spec), model, alone, images[index : index + 1])


def name_of(target: Objective) -> str:
    return f"class {target.label}" if isinstance(target, ClassLogit) else f"{target.layer}:{target.channel}"


def line(preset: Preset, found: list[Made | None]) -> list[str]:
    there = [each for each in found if each]
    if not there:
        return [preset.title] + ["not made"] + [""] * (3 + len(found))
    pictures = [image for each in there for image in each.images]
    contrasts, noises = [float(image.std()) for image in pictures], [noise_of(image) for image in pictures]
    ills = sorted(kind for each in there for kind in each.ills if kind)
    scores = [" ".join(f"{score:.3g}" for score in each.scores) if each else "not made" for each in found]
    seconds = sum(each.seconds for each in there)
    return [
        preset.title,
        f"{min(contrasts):.0f}-{max(contrasts):.0f}",
        f"{np.mean(noises):.2f}",
        ", ".join(ills) or "none",
        *scores,
        f"{seconds:.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[preset.name for preset in PRESETS], help="presets by name")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the sheet and the table")
    parser.add_argument("--kept", action="store_true", help="make none, show those that earlier runs left")
    options = parser.parse_args()
    torch.set_num_threads(1)
    KEEPER.serve()
    if hasattr(os, "nice"):
        os.nice(5)
    results = {}
    for preset in PRESETS:
        if preset.name in options.only:
            results[preset] = []
            for network, size in SIZES.items():
                found = made(recipe_of(preset, network, COSTLY.get(preset.name, size)), options.kept)
                results[preset].append(found)
                print(f"{preset.name} {network}: {f'{found.seconds:.0f} s' if found else 'none'}", flush=True)
    columns = [f"{network[-5:]} {name_of(target)}" for network in SIZES for target in TARGETS]
    rows = {
        preset.title: [image for each in found for image in (each.images if each else [None] * len(TARGETS))]
        for preset, found in results.items()
    }
    sheet(columns, rows, options.out / "presets.jpg", TILE, QUALITY)
    (options.out / "presets.md").write_text(report(results))


def report(results: dict[Preset, list[Made | None]]) -> str:
    about = (
        f"{time.strftime('%Y-%m-%d')}, {processor()}, 1 thread, torch {torch.__version__}. "
        "`python -m benchmarks.presets`"
    )
    sizes = ", ".join(f"{size} px for {network}" for network, size in SIZES.items())
    costly = ", ".join(f"{size} px for {preset.title}" for preset in PRESETS if (size := COSTLY.get(preset.name)))
    targets = ", ".join(name_of(target) for target in TARGETS)
    heads = [
        "",
        "contrast of the pictures",
        "noise",
        "diagnoses",
        *(f"scores, {network[-5:]}" for network in SIZES),
        "seconds",
    ]
    legend = (
        f"Pictures of {sizes}; {costly}; targets {targets}. "
        "Contrast: the standard deviation in levels of 255, least and most. Noise: the\n"
        "mean share of the power above half the Nyquist frequency. Diagnoses: what the page would say of a picture. "
        "Scores: in the order\n"
        "of the targets. Seconds: of all pictures, beside other programs. The pictures: `presets.jpg`."
    )
    return f"""# Every preset on every packaged network

{about}

{legend}

{table(heads, [line(preset, found) for preset, found in results.items()])}
"""


if __name__ == "__main__":
    main()
