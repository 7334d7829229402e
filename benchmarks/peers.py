"""python -m benchmarks.peers: this project beside torch-lucent, dreamlens and torch-dreams, one process at a time.

Wants an otherwise idle machine. Prints the tables and writes them, with a contact sheet, into a folder.
"""

import argparse
import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .environment import prepare, versions
from .machine import processor
from .rates import CASES
from .report import PEERS, TITLES, Picture, Results, Run, report
from .sheet import sheet
from .targets import TARGETS, Target, Verdict

HERE = Path(__file__).parent
WORK = HERE / ".work"
TOOLS = tuple(TITLES)


@dataclass(frozen=True)
class Measurement:
    """One tool's job, and where its result lies."""

    folder: Path
    tool: str
    job: str
    index: int

    @property
    def stem(self) -> Path:
        return self.folder / f"{self.tool}-{self.job}-{self.index}"

    @property
    def done(self) -> bool:
        return self.stem.with_suffix(".json").exists()

    def result(self) -> dict:
        return json.loads(self.stem.with_suffix(".json").read_text())

    def run(self, python: Path, threads: int, iterations: int | None) -> None:
        """In a process of its own, that sees no GPU."""
        command = [
            python,
            "-m",
            "benchmarks.runners",
            self.tool,
            self.job,
            str(self.index),
            self.stem,
            "--threads",
            str(threads),
        ]
        command += ["--iterations", str(iterations)] if iterations else []
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "CUDA_VISIBLE_DEVICES": ""}
        began = time.perf_counter()
        subprocess.run(command, cwd=HERE.parent, env=environment, check=True)
        print(f"{self.stem.name:24} {time.perf_counter() - began:6.1f} s", flush=True)


def plan(folder: Path, tools: list[str], targets: int) -> list[Measurement]:
    """Tools take turns, so that a machine that slows down slows all of them."""
    rates = [Measurement(folder, tool, "rate", index) for index in range(len(CASES)) for tool in tools]
    return rates + [Measurement(folder, tool, "picture", index) for index in range(targets) for tool in tools]


# reading


def results(folder: Path, targets: int) -> Results:
    rates = {case: of_all(folder, "rate", index) for index, case in enumerate(CASES)}
    runs, pictures = {}, {}
    for index, target in enumerate(TARGETS[:targets]):
        found = of_all(folder, "picture", index)
        ours = found.pop("ours")
        runs[target] = Run(ours["iterations"], ours["seconds"], [Verdict(**each) for each in ours["verdicts"]])
        pictures[target] = {peer: Picture(r["seconds"], Verdict(**r["verdict"])) for peer, r in found.items()}
    return Results(rates, runs, pictures)


def of_all(folder: Path, job: str, index: int) -> dict[str, dict]:
    """By tool, of those that were measured, now or before."""
    measurements = [Measurement(folder, tool, job, index) for tool in TOOLS]
    return {measurement.tool: measurement.result() for measurement in measurements if measurement.done}


def row(folder: Path, results: Results, target: Target) -> list[np.ndarray | None]:
    """Ours when it matches each peer and at the end, then the peers'."""
    index = TARGETS.index(target)
    ours = np.load(Measurement(folder, "ours", "picture", index).stem.with_suffix(".npy"))
    found = results.pictures[target]
    moments = [results.runs[target].match(found[peer].verdict) if peer in found else None for peer in PEERS]
    theirs = [
        Measurement(folder, peer, "picture", index).stem.with_suffix(".png") if peer in found else None
        for peer in PEERS
    ]
    matched = [None if moment is None else ours[moment] for moment in moments]
    return [*matched, ours[-1], *(np.asarray(Image.open(file)) if file else None for file in theirs)]


# the whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", nargs="*", choices=TOOLS, default=TOOLS, help="measure these; of the others the last results count"
    )
    parser.add_argument("--targets", type=int, default=len(TARGETS), help="so many of them")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--iterations", type=int, help="for a trial: so few instead of each tool's default")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    options = parser.parse_args()
    folder = WORK / (f"trial-{options.iterations}" if options.iterations else "full")
    if not all(known.tool in options.only or known.done for known in plan(folder, ["ours"], options.targets)):
        parser.error("ours was not measured yet: --only needs ours too.")
    python = prepare()
    folder.mkdir(parents=True, exist_ok=True)
    for measurement in plan(folder, options.only, options.targets):
        measurement.run(python, options.threads, options.iterations)
    found = results(folder, options.targets)
    about = f"{time.strftime('%Y-%m-%d')}, {processor()}, {options.threads} threads. {versions()}. `{command(options)}`"
    text = report(found, about)
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "peers.md").write_text(text)
    columns = [*(f"ours = {TITLES[peer]}" for peer in PEERS), "ours, end", *(TITLES[peer] for peer in PEERS)]
    sheet(columns, {target.name: row(folder, found, target) for target in found.runs}, options.out / "peers.jpg")


def command(options: argparse.Namespace) -> str:
    """What was asked for, as far as it changes what the tables say."""
    only = "" if options.only is TOOLS else f" --only {' '.join(options.only)}"
    return f"python -m benchmarks.peers{only} --targets {options.targets}" + (
        f" --iterations {options.iterations}" if options.iterations else ""
    )


if __name__ == "__main__":
    main()
