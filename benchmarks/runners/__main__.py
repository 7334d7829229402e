"""python -m benchmarks.runners TOOL rate|picture INDEX OUT: one measurement in a process of its own.

OUT.json is its result.
"""

import argparse
import importlib
import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from PIL import Image

from actviz_core.memory import KEEPER

from ..machine import roof
from ..networks import Normalized, build
from ..rates import CASES, Case, rate
from ..targets import SIZE, TARGETS, Target, judged

LOOKED_AT = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool")
    parser.add_argument("job", choices=("rate", "picture"))
    parser.add_argument("index", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--iterations", type=int)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    KEEPER.serve()  # for the peers too: they would fault their buffers in again, as ours did
    if options.job == "rate":
        case = CASES[options.index]
        case = replace(case, iterations=options.iterations or case.iterations)
        result = our_rate(case) if options.tool == "ours" else peer_rate(peer(options.tool), case)
    elif options.tool == "ours":
        result = our_pictures(TARGETS[options.index], options.out, options.iterations)
    else:
        result = peer_picture(peer(options.tool), TARGETS[options.index], options.out, options.iterations)
    options.out.with_suffix(".json").write_text(json.dumps(result))


def peer(tool: str) -> ModuleType:
    return importlib.import_module(f".{tool}", __package__)


# iterations per second


def peer_rate(peer: ModuleType, case: Case) -> dict:
    """The forward passes of a run tell when its iterations began."""
    network, times = build(case.network), []
    network.register_forward_pre_hook(lambda *_: times.append(time.perf_counter()))
    peer.render(network, case.layer, case.channel, case.iterations)
    return {"rate": rate(times)}


def our_rate(case: Case) -> dict:
    from . import ours

    iterations = ours.WARM + ours.REPEAT * case.iterations
    spec = ours.spec_of(case.network, case.layer, case.channel, iterations=iterations, octaves=1)
    found = rate(ours.times_of(ours.load(spec), spec), ours.WARM)
    return {"rate": found} | asdict(roof(build(case.network), case.layer))


# pictures


def peer_picture(peer: ModuleType, target: Target, out: Path, iterations: int | None) -> dict:
    network = build("efficientnet_lite0")
    peer.render(network, target.layer, target.channel, 2)
    began = time.perf_counter()
    image = peer.render(network, target.layer, target.channel, iterations or peer.ITERATIONS)
    seconds = time.perf_counter() - began
    picture = (np.clip(image, 0, 1) * 255).round().astype(np.uint8)
    Image.fromarray(picture).save(out.with_suffix(".png"))
    return {"seconds": seconds, "verdict": asdict(judged(Normalized(network), target, picture))}


def our_pictures(target: Target, out: Path, iterations: int | None) -> dict:
    """The picture after each LOOKED_AT iterations and the last, judged after the run.

    Lists that go along each other.
    """
    from . import ours

    settings = {"iterations": iterations} if iterations else {}
    spec = ours.spec_of("efficientnet_lite0", target.layer, target.channel, height=SIZE, width=SIZE, **settings)
    model = ours.load(spec)
    recipe = ours.good(model, spec)
    list(ours.timed(model, replace(recipe, spec=replace(recipe.spec, iterations=2))))
    looks = [
        (s, f) for s, f in ours.timed(model, recipe) if f.iteration % LOOKED_AT == 0 or f.iteration == spec.iterations
    ]
    pictures = [frame.images[0] for _, frame in looks]
    np.save(out.with_suffix(".npy"), np.stack(pictures))
    judge = Normalized(build("efficientnet_lite0"))
    verdicts = [judged(judge, target, picture) for picture in pictures]
    iterations, seconds = [frame.iteration for _, frame in looks], [s for s, _ in looks]
    return {
        "iterations": iterations,
        "seconds": seconds,
        "verdicts": [asdict(verdict) for verdict in verdicts],
    }


if __name__ == "__main__":
    main()
