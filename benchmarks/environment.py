"""The benchmark's own virtual environment.

The peers, on top of the packages of the environment that runs the benchmark.
"""

import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import version
from pathlib import Path

PLACE = Path(__file__).parent / ".venv"
PYTHON = PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
PEERS = ("torch-lucent==0.1.8", "dreamlens==0.1.1", "torch-dreams==4.0.0")
NEEDED = ("kornia", "ipython", "decorator", "tqdm", "opencv-python-headless")  # what the peers import and do not find
READY = PLACE / "ready"


def prepare() -> Path:
    """The interpreter of the environment, which is made where it is missing."""
    if not READY.exists():
        venv.create(PLACE, clear=True, with_pip=True)
        # Torch and the like are seen where they are: five gigabytes that need not be there twice.
        here = sysconfig.get_path("purelib", vars={"base": str(PLACE), "platbase": str(PLACE)})
        (Path(here) / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install(*NEEDED)
        install("--no-deps", *PEERS)  # their pins (kornia <= 0.4.1, mkl) are from years ago
        READY.touch()
    return PYTHON


def install(*arguments: str) -> None:
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def versions() -> str:
    """Of the interpreter, torch and the peers."""
    outer = ", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "timm"))
    return f"Python {sys.version.split()[0]}, {outer}; {', '.join(PEERS).replace('==', ' ')}"
