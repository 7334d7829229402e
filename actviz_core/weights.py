"""Files of weights: read as tensors and nothing else, and watched while they are downloaded."""

import hashlib
import pickle
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from .errors import ActvizError

State = Mapping[str, Tensor]
Progress = Callable[[float], None]  # is told the fraction 0..1 of a download, from another thread


def checkpoints() -> Path:
    """The folder of downloaded weights, TORCH_HOME/hub/checkpoints; a file placed there is used instead of a download."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def weights_name(weights: str) -> str:
    """What a recipe calls these weights: a file by its hash, so that no recipe says where anything lies."""
    if weights in ("", "untrained"):
        return weights
    with opened(Path(weights)) as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def opened(file: Path):
    try:
        return open(file, "rb")
    except OSError as problem:
        raise ActvizError(f"The weights {file.name!r} cannot be opened: {problem.strerror or problem}.") from problem


def read_state(file: Path) -> State:
    """The tensors of a .pth, .pt or .safetensors file by name; nothing in it is executed."""
    if file.suffix not in (".pth", ".pt", ".safetensors"):
        raise ActvizError(f"The weights {file.name!r} are unknown: give nothing, 'untrained', or a .pth, .pt or .safetensors file.")
    try:
        state = safetensors.torch.load_file(file) if file.suffix == ".safetensors" else torch.load(file, "cpu", weights_only=True)
    except OSError as problem:
        raise ActvizError(f"The weights {file.name!r} cannot be opened: {problem.strerror or problem}.") from problem
    except pickle.UnpicklingError as problem:
        raise impure(file) from problem
    except Exception as problem:  # a broken file may raise nearly anything
        raise ActvizError(f"The weights {file.name!r} cannot be read; the file is damaged or no state dict ({problem}).") from problem
    return unwrapped(state, file)


def unwrapped(state, file: Path) -> State:
    """Training scripts wrap state dicts: {"state_dict": ...}, {"model": ...}, and "module." before each name."""
    if not isinstance(state, Mapping):
        raise impure(file)
    state = next((state[key] for key in ("state_dict", "model") if isinstance(state.get(key), Mapping)), state)
    if not state or not all(isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items()):
        raise impure(file)
    nn.modules.utils.consume_prefix_in_state_dict_if_present(state, "module.")
    return state


def impure(file: Path) -> ActvizError:
    return ActvizError(f"The weights {file.name!r} were refused: they must be a plain state dict, tensors by name (network.state_dict()).")


def missing(file: str, problem: Exception) -> ActvizError:
    return ActvizError(f"The weights {file} could not be downloaded ({problem}). Without a connection, place that file in {checkpoints()}.")


@contextmanager
def watched(file: Path, megabytes: float, progress: Progress | None):
    """Tells the fraction of the file that torch.hub has downloaded so far, five times a second."""
    if progress is None or file.exists():
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(file, megabytes * 2**20, progress, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def watch(file: Path, total: float, progress: Progress, done: threading.Event) -> None:
    while not done.wait(0.2):
        with suppress(FileNotFoundError):  # the partial file gets its final name meanwhile
            sizes = [part.stat().st_size for part in file.parent.glob(f"{file.name}.*.partial")]
            progress(min(max(sizes, default=0) / total, 1.0))
