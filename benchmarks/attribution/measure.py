"""One process of the benchmark: every case with that many threads, as JSON. Runs where the libraries are."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from actviz_core import Model, load_model
from actviz_core.memory import KEEPER

from ..networks import lite0
from .costs import costs, ratio, seconds
from .photograph import ours_with_relus, with_relus

if TYPE_CHECKING:
    from .runners import Case


def measured(case: "Case", model: Model) -> dict:
    """How alike both maps are, and the seconds that each takes; of a library that cuts off, ours is cut off too."""
    found: dict[str, np.ndarray] = {}

    def mine() -> None:
        found["ours"] = case.ours(model)

    def other() -> None:
        found["theirs"] = case.theirs()

    times = (seconds(mine), seconds(other)) if case.once else ratio(mine, other)
    ours, theirs = found["ours"], found["theirs"]
    ours = ours.clip(min=0) if theirs.min() >= 0 else ours
    correlation = float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1])
    print(f"{case.library:9} {case.name:32} {correlation:8.5f} {times[0]:8.3f} s {times[1]:8.3f} s", flush=True)
    return dict(library=case.library, name=case.name, correlation=correlation, times=times, why=case.why)


def main() -> None:
    from .runners import captum, grad_cam, torch_cam  # their libraries are in this process's environment only

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--slow", action="store_true", help="those too that run once")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    KEEPER.serve()
    ours, relus = load_model("efficientnet_lite0", "cpu"), ours_with_relus()
    network, bare = lite0().eval(), with_relus()
    cases = [*captum(network, bare), *grad_cam(network, bare), *torch_cam(network)]
    rows = [measured(case, relus if case.relus else ours) for case in cases if options.slow or not case.once]
    found = [dict(name=name, value=value, bar=bar) for name, value, bar in costs(ours)]
    options.out.write_text(json.dumps(dict(rows=rows, costs=found)))


if __name__ == "__main__":
    main()
