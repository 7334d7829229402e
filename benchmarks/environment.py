"""The benchmarks' own virtual environments.

The peers, on top of the packages of the environment that runs the benchmark.
"""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PLACE = Path(__file__).parent / ".venv"
PEERS = ("torch-lucent==0.1.8", "dreamlens==0.1.1", "torch-dreams==4.0.0")
NEEDED = ("kornia", "ipython", "decorator", "tqdm", "opencv-python-headless")  # what the peers import and do not find


def prepare(place: Path = PLACE, needed: Sequence[str] = NEEDED, peers: Sequence[str] = PEERS) -> Path:
    """The interpreter of the environment at that place, which is made where it is missing.

    needed  installed with all that they ask for
    peers   installed alone
    """
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = place / "ready"
    if not ready.exists():
        venv.create(place, clear=True, with_pip=True)
        # Torch and the like are seen where they are: five gigabytes that need not be there twice.
        here = sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)})
        (Path(here) / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install(python, *needed)
        if peers:
            install(python, "--no-deps", *peers)  # their pins (kornia <= 0.4.1, mkl) are from years ago
        ready.touch()
    return python


def install(python: Path, *arguments: str) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def versions() -> str:
    """Of the interpreter, torch and the peers."""
    outer = ", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "timm"))
    return f"Python {sys.version.split()[0]}, {outer}; {', '.join(PEERS).replace('==', ' ')}"
