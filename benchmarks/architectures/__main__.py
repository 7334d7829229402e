"""python -m benchmarks.architectures: every layer of over a hundred architectures.

With batch norms folded and as they are built. Weights are random, and so is what the batch norms have measured. Writes
results/architectures.md. Goes on where it was interrupted: what was found for a network lies in .work/architectures
until --again. Ends with 1 where a layer disagrees.
"""

import argparse
import gc
import json
import os
from dataclasses import asdict
from pathlib import Path

import torch

from .layers import Found, measured
from .networks import known_parameters, names
from .table import fails, report, said

HERE = Path(__file__).parents[1]
WORK, RESULTS = HERE / ".work" / "architectures", HERE / "results" / "architectures.md"
MOST = 150 * 10**6  # parameters: a network in 32 and in 64 bits takes 1.8 GB then


def kept(name: str, again: bool) -> Found | str:
    """What was found for a network, now or by an earlier run; or why nothing was."""
    file = WORK / f"{name.replace('/', '_')}.json"
    if file.exists() and not again:
        told = json.loads(file.read_text())
    else:
        told = asdict(found) if isinstance(found := tried(name), Found) else found
        WORK.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told))
    return Found(**told) if isinstance(told, dict) else told


def tried(name: str) -> Found | str:
    if known_parameters(name) > MOST:
        return f"left out: {known_parameters(name) / 1e6:.0f} million parameters, more than {MOST / 1e6:.0f}"
    try:
        return measured(name)
    except Exception as problem:  # of a hundred networks each is to be told of
        return f"failed: {type(problem).__name__}: {str(problem)[:300]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=names(), metavar="NAME", help="these networks; nothing is written")
    parser.add_argument("--again", action="store_true", help="measure what earlier runs have left too")
    parser.add_argument("--out", type=Path, default=RESULTS, help="file for the table")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(10)
    results = {}
    for name in options.only:
        results[name] = kept(name, options.again)
        print(name, said(results[name]), flush=True)
        gc.collect()
    if options.only == names():
        options.out.write_text(report(results))
    return int(any(fails(found) for found in results.values()))


if __name__ == "__main__":
    raise SystemExit(main())
