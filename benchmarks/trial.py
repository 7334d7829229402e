"""python -m benchmarks.trial --set spec.iterations=176 hyperparams.learning_rate=.2: a change of the default, measured.

Our Good default and the same with some of its numbers changed, on the targets of `benchmarks.peers`: score and noise as
they are judged there, and for classes what the two other packaged networks make of the pictures. Timings are left out,
so that the machine may be busy.
"""

import argparse
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import timm
import torch
from torch import nn

from actviz_core import Model, Recipe, load_model, preset, replay

from .networks import Normalized
from .report import table
from .runners import ours
from .targets import SIZE, TARGETS, Target, Verdict, judged, score_of

NETWORK, OTHERS = "efficientnet_lite0", ("efficientnet_lite1", "efficientnet_lite2")
CLASSES = "classifier"


@dataclass(frozen=True)
class Made:
    """One picture as it is judged, and for a class the mean logit that the other networks give it."""

    verdict: Verdict
    transfer: float | None


def changed(recipe: Recipe, settings: Iterable[str]) -> Recipe:
    """The recipe with numbers replaced by their addresses in its JSON: "spec.parametrization.decay=1.3".

    ActvizError where the recipe does not take them, KeyError where it has no such number.
    """
    data = json.loads(recipe.to_json())
    for setting in settings:
        address, _, value = setting.partition("=")
        *path, last = address.split(".")
        place = data
        for name in path:
            place = place[int(name) if isinstance(place, list) else name]
        if last not in place:
            raise KeyError(f"a recipe has no {address}")
        place[last] = float(value) if isinstance(place[last], float) else json.loads(value)
    return Recipe.from_json(json.dumps(data))


@cache
def judge(name: str) -> nn.Module:
    """A packaged network as timm makes it, for images in [0, 1]."""
    network = timm.create_model(f"tf_{name}")
    network.load_state_dict(load_model(name, device="cpu").network.state_dict())
    return Normalized(network.eval())


def made(model: Model, target: Target, seed: int, settings: Iterable[str]) -> Made:
    spec = ours.spec_of(NETWORK, target.layer, target.channel, height=SIZE, width=SIZE, seed=seed)
    *_, frame = replay(model, changed(preset("good").applied(Recipe(spec), model), settings))
    picture = np.asarray(frame.images[0])
    others = [score_of(judge(name), target, picture) for name in OTHERS] if target.layer == CLASSES else []
    return Made(judged(judge(NETWORK), target, picture), sum(others) / len(others) if others else None)


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def row(target: Target, plain: list[Made], other: list[Made]) -> list[str]:
    """Means over the seeds: the default's, the changed one's, and the share of the first that the second has."""
    cells = [target.name]
    for of in (lambda one: one.verdict.score, lambda one: one.verdict.noise):
        before, after = mean(map(of, plain)), mean(map(of, other))
        cells += [f"{before:.3g}", f"{after:.3g}", f"{after / before:.3f}" if before else "-"]
    repeats = [mean(one.verdict.repeats for one in of) for of in (plain, other)]
    known = [[one.transfer for one in of if one.transfer is not None] for of in (plain, other)]
    return [*cells, *(f"{value:.2f}" for value in repeats), *(f"{mean(of):.2f}" if of else "" for of in known)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs="+", default=[], metavar="ADDRESS=VALUE", help="numbers of the recipe's JSON")
    parser.add_argument("--targets", nargs="+", default=[""], metavar="LAYER", help="how the layers' names begin")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model, rows, shares = load_model(NETWORK, device="cpu"), [], []
    for target in TARGETS:
        if not target.layer.startswith(tuple(options.targets)):
            continue
        plain, other = (
            [made(model, target, seed, settings) for seed in range(options.seeds)] for settings in ((), options.set)
        )
        rows.append(row(target, plain, other))
        shares.append(mean(one.verdict.score for one in other) / mean(one.verdict.score for one in plain))
        print(*rows[-1], sep="  ", flush=True)
    kinds = [f"{what}{name}" for what in ("score", "noise") for name in ("", ", changed", ", share")]
    heads = ["target", *kinds, *(f"{what}{name}" for what in ("repeats", "transfer") for name in ("", ", changed"))]
    print(f"\n{' '.join(options.set)}; means of {options.seeds} seeds\n\n{table(heads, rows)}")
    if shares:
        print(f"\nscore's share, geometric mean: {math.exp(mean(map(math.log, shares))):.3f}")


if __name__ == "__main__":
    main()
