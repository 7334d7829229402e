"""python -m benchmarks.quick: our own iterations per second, under a minute; more of them where there is a CUDA GPU."""

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from . import paired
from .machine import processor
from .rates import CASES, Case, rate
from .report import table
from .runners.ours import WARM, load, spec_of, times_of

GPU_CASES = (Case("resnet50", "layer3", iterations=100), Case("efficientnet_lite0", "blocks.5.0", iterations=100))
SHORT = 24  # iterations after the warm ones


@dataclass(frozen=True)
class Setting:
    case: Case
    device: str
    count: int = 1
    precision: str = "float32"

    @property
    def name(self) -> str:
        return f"{self.case.name}, {self.device}, {self.count} x {self.precision}"

    def measured(self) -> float:
        spec = spec_of(
            self.case.network, self.case.layer, self.case.channel, iterations=WARM + self.case.iterations, octaves=1
        )
        spec = replace(spec, count=self.count, precision=self.precision)
        return rate(times_of(load(spec, self.device), spec), WARM)


def settings() -> list[Setting]:
    found = [Setting(replace(case, iterations=min(SHORT, case.iterations)), "cpu") for case in CASES]
    if torch.cuda.is_available():
        found += [
            Setting(case, "cuda", count, kind)
            for case in GPU_CASES
            for count in (1, 64)
            for kind in ("float32", "autocast")
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the table into this file too")
    paired.add_options(parser)
    options = parser.parse_args()
    if options.against:
        paired.compare("benchmarks.quick", options.against, options.rounds, [])
        return
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    about = (
        f"{time.strftime('%Y-%m-%d')}, {processor()}, {torch.get_num_threads()} threads{gpu}, torch {torch.__version__}"
    )
    rows, figures = [], {}
    for setting in settings():
        figures[setting.name] = found = setting.measured()
        rows.append([setting.name, f"{found:.2f}", f"{found * setting.count:.2f}"])
    text = f"{about}\n\n{table(['', 'iterations per second', 'pictures x iterations per second'], rows)}\n"
    print(text)
    if options.figures:
        options.figures.write_text(json.dumps(figures))
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
