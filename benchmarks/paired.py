"""The same benchmark on this tree and on another commit, in turn.

A B, B A, A B; what drifts on the machine meets both.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("actviz_core", "dashboard")
ROUNDS = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--figures", type=Path, help="write the figures into this file, as JSON")
    parser.add_argument(
        "--against", metavar="COMMIT", help="measure that commit too, in turn with this tree, and print the ratios"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of --against")


def compare(module: str, commit: str, rounds: int, arguments: list[str]) -> None:
    """Prints for every figure the medians of both and this tree's share of the commit's."""
    with tempfile.TemporaryDirectory() as folder, checked_out(commit, Path(folder)) as other:
        trees = {"here": linked(Path(folder) / "a", ROOT), commit: linked(Path(folder) / "b", other)}
        found = {name: [] for name in trees}
        for turn in range(rounds):
            for name in (list(trees), list(trees)[::-1])[turn % 2]:
                found[name].append(figures(module, trees[name], arguments))
    here, there = found["here"], found[commit]
    print(f"{'median of ' + str(rounds):52} {'here':>9} {commit[:9]:>9}   ratio")
    for figure in here[0]:
        new, old = (statistics.median(each[figure] for each in side) for side in (here, there))
        print(f"{figure:52} {new:9.3f} {old:9.3f}   {new / old if old else float('nan'):.3f}")


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """That commit's files in a worktree of their own."""
    place = folder / "commit"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", place, commit], cwd=ROOT, check=True)
    try:
        yield place
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", place], cwd=ROOT, check=True)


def linked(place: Path, tree: Path) -> Path:
    """A tree's product beside these benchmarks, so that the same ones measure both."""
    place.mkdir()
    (place / "benchmarks").symlink_to(ROOT / "benchmarks")
    for name in PRODUCT:
        (place / name).symlink_to(tree / name)
    return place


def figures(module: str, tree: Path, arguments: list[str]) -> dict[str, float]:
    file = tree / "figures.json"
    command = [sys.executable, "-m", module, *arguments, "--figures", str(file)]
    subprocess.run(command, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, stdout=subprocess.DEVNULL, check=True)
    return json.loads(file.read_text())
