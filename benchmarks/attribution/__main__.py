"""python -m benchmarks.attribution: our maps beside those of captum, grad-cam and torchcam, in the same run.

Wants an otherwise idle machine; the first run makes an environment for the libraries, which needs a package index.
Prints the tables and writes them into results/attribution.md.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from ..environment import prepare, versions
from ..machine import processor
from ..report import table

HERE = Path(__file__).parent
SAME = 0.999
PEERS = ("captum>=0.9", "grad-cam>=1.5.7", "torchcam>=0.5")


def measure(python: Path, threads: int, slow: bool) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        command = [python, "-m", "benchmarks.attribution.measure", out, "--threads", str(threads)]
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "CUDA_VISIBLE_DEVICES": ""}
        environment |= {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}  # the libraries' own bars and advice
        subprocess.run([*command, *["--slow"] * slow], cwd=HERE.parents[1], env=environment, check=True)
        return json.loads(out.read_text())


def compared(found: dict[int, dict]) -> str:
    """A row for each map and library, with ours / theirs by the number of threads."""
    heads = ["map", "library", "correlation", *(f"ours / theirs, {threads} thread(s)" for threads in found), "why"]
    rows = []
    for row in max((each["rows"] for each in found.values()), key=len):
        ratios = []
        for each in found.values():
            same = [
                other for other in each["rows"] if (other["library"], other["name"]) == (row["library"], row["name"])
            ]
            ratios += [
                f"{same[0]['times'][0] / same[0]['times'][1]:.2f} ({same[0]['times'][0]:.2f} s)" if same else "-"
            ]
        rows.append([row["name"], row["library"], f"{row['correlation']:.5f}", *ratios, row["why"]])
    return table(heads, rows)


def own(found: dict[int, dict]) -> str:
    heads = ["what", "bar", *(f"{threads} thread(s)" for threads in found)]
    first, *_ = found.values()
    rows = [
        [cost["name"], cost["bar"], *(f"{each['costs'][index]['value']:.2f}" for each in found.values())]
        for index, cost in enumerate(first["costs"])
    ]
    return table(heads, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, os.cpu_count() or 1}))
    parser.add_argument("--quick", action="store_true", help="without what runs once and takes minutes")
    parser.add_argument("--out", type=Path, default=HERE.parent / "results" / "attribution.md")
    options = parser.parse_args()
    python = prepare(HERE / ".venv", needed=PEERS, peers=())
    found = {
        threads: measure(python, threads, threads == max(options.threads) and not options.quick)
        for threads in options.threads
    }
    about = f"{time.strftime('%Y-%m-%d')}, {processor()}. {versions().split(';')[0]}; {', '.join(PEERS)}."
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    text = "\n\n".join(
        (
            "# Maps beside those of captum, grad-cam and torchcam",
            f"{about} Load of the machine at the end: {load}. `{command(options)}`",
            "EfficientNet-Lite0, 224 px, scikit-image's cat, its class; before normalization and resizing.",
            compared(found),
            "What a map costs beyond its passes, and how soon the first is there:",
            own(found),
        )
    )
    print(text)
    options.out.write_text(text + "\n")
    rows = [row for each in found.values() for row in each["rows"]]
    differ = {f"{row['library']} {row['name']}" for row in rows if row["correlation"] < SAME and not row["why"]}
    if differ:
        parser.exit(1, f"not the same, and nothing says why: {', '.join(sorted(differ))}\n")


def command(options: argparse.Namespace) -> str:
    """What was asked for, as far as it changes what the tables say."""
    threads = " ".join(map(str, options.threads))
    return f"python -m benchmarks.attribution --threads {threads}{' --quick' if options.quick else ''}"


if __name__ == "__main__":
    main()
