"""The wheel, built, and installed where nothing of the source is.

It starts the dashboard and runs the commands from any folder.
"""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMPONENTS = ROOT / "dashboard" / "components"
PACKAGES = ("actviz_core", "dashboard", ".streamlit")
FILES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of scripts of an environment with the wheel; what the wheel needs is read from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    source, environment = folder / "source", folder / "environment"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, symlinks=True)
    for name in FILES:
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source], check=True)
    venv.create(environment)
    python = environment / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", wheel], check=True)
    place = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(place.stdout.strip()) / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([installed / "actviz", *arguments], cwd=folder, env=clean(), capture_output=True, text=True)


def clean() -> dict:
    """Without the way to the source."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_it_says_that_it_is_typed(installed):
    site = next((installed.parent / "lib").glob("python*/site-packages"))
    assert all((site / package / "py.typed").exists() for package in ("actviz_core", "dashboard"))


def test_it_is_the_wheel_that_is_imported(installed, tmp_path):
    code = "from importlib.util import find_spec as f; print(f('actviz_core').origin, f('dashboard').origin)"
    done = subprocess.run([installed / "python", "-c", code], cwd=tmp_path, env=clean(), capture_output=True, text=True)
    assert done.stdout and all(path.startswith(str(installed.parent)) for path in done.stdout.split()), done


def test_a_command(installed, tmp_path):
    done = run(
        installed,
        tmp_path,
        "visualize",
        "--layer",
        "blocks.1.0",
        "--channel",
        "3",
        "--iterations",
        "2",
        "--size",
        "32",
        "--out",
        "eye.png",
    )
    assert done.returncode == 0 and (tmp_path / "eye.png").exists(), done
    done = run(installed, tmp_path, "lessons", "check", "--quick")
    assert done.returncode == 0 and int(done.stdout.split()[0]) >= 1, done


def test_nothing_that_only_checks_need_is_in_it(installed, tmp_path):
    """Types for the checker, and Node's."""
    code = "import dashboard.components as c; print(c.__path__[0])"
    done = subprocess.run([installed / "python", "-c", code], cwd=tmp_path, env=clean(), capture_output=True, text=True)
    components = Path(done.stdout.strip())
    assert {path.suffix for path in components.rglob("*.*")} <= {".py", ".pyc", ".js", ".css"}
    assert not any((components.parents[1] / name).exists() for name in ("package.json", "node_modules", "tests"))


def test_the_dashboard(installed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [installed / "actviz", "--server.port", str(port)]
    with (tmp_path / "log").open("w+") as log:
        server = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=clean() | {"ACTVIZ_STORE": str(tmp_path / "pictures")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            assert page(port, server) and "actviz" in (tmp_path / "log").read_text()
            scripts = [path.relative_to(COMPONENTS).as_posix() for path in COMPONENTS.rglob("*.js")]
            assert "parts/element.js" in scripts
            for script in scripts:
                served = urllib.request.urlopen(f"http://127.0.0.1:{port}/components/x/{script}").read()
                assert served == (COMPONENTS / script).read_bytes()
        finally:
            server.terminate()
            server.wait(30)


def page(port: int, server: subprocess.Popen) -> bytes:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)  # between two looks at the condition
    raise AssertionError("the server did not start")
