"""python -m benchmarks.gpu: what only a CUDA GPU can tell, measured in order, unattended, in some minutes.

Prints a table with a line for each figure and, at the end, what to switch on. A measurement that fails says so, and the
next begins.
"""

import argparse
import time
from pathlib import Path

import torch
import torchvision

from actviz_core.memory import KEEPER

from ..machine import processor
from ..report import table
from .cuda import SO
from .graphs import graphs
from .speed import baseline, gathering, launches, precisions, showing
from .truth import beside, folding, free_waves, little_memory, repeated, waits

MEASUREMENTS = (
    baseline,
    folding,
    free_waves,
    waits,
    repeated,
    launches,
    precisions,
    gathering,
    graphs,
    little_memory,
    beside,
    showing,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="numbers of measurements, as 1,4,9")
    parser.add_argument("--out", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        parser.error("there is no CUDA GPU here")
    KEEPER.serve()
    chosen = [MEASUREMENTS[int(number) - 1] for number in options.only.split(",")] if options.only else MEASUREMENTS
    about = (
        f"{time.strftime('%Y-%m-%d')}, {torch.cuda.get_device_name()}, {processor()}, torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}"
    )
    rows = []
    for measure in chosen:
        began = time.perf_counter()
        rows.append((f"**{measure.__doc__}**", ""))
        try:
            for row in measure():
                rows.append(row)
                print(*row, sep=": ", flush=True)
        except Exception as problem:
            rows.append(("failed", f"{type(problem).__name__}: {str(problem).splitlines()[0]}"))
        print(f"{measure.__doc__} took {time.perf_counter() - began:.0f} s", flush=True)
    advice = "\n".join(f"* {value}" for name, value in rows if name == SO)
    measured = table(["", "measured"], [list(row) for row in rows if row[0] != SO])
    text = f"{about}\n\n{measured}\n\nWhat to switch on:\n\n{advice}\n"
    print(f"\n{text}")
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
