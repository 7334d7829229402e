"""Files of weights: read as tensors and nothing else, and watched while they are downloaded."""

import hashlib
import pickle
import re
import threading
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from ..errors import ActvizError, DownloadFailed
from ..settings import shown

SUFFIXES = (".pth", ".pt", ".ckpt", ".bin", ".pth.tar", ".pt.tar", ".safetensors")
WRAPPERS = ("state_dict", "model_state_dict", "model")
PREFIXES = ("module.", "_orig_mod.", "model.")  # of DataParallel, torch.compile, Lightning

State = Mapping[str, Tensor]
Progress = Callable[[float], None]  # is told the fraction 0..1 of a download, from another thread


def checkpoints() -> Path:
    """The folder of downloaded weights, TORCH_HOME/hub/checkpoints.

    A file placed there is used instead of a download.
    """
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
    """The tensors of a checkpoint by name, none larger than the file; nothing in it is executed."""
    if not file.name.lower().endswith(SUFFIXES):
        raise ActvizError(
            f"The weights {file.name!r} are unknown: give nothing, 'untrained', "
            f"or a file that ends with {', '.join(SUFFIXES)}."
        )
    try:
        check_packing(file)
        with torch.serialization.safe_globals(
            [Namespace]
        ):  # a bag of values, that training scripts put beside the weights
            state = (
                safetensors.torch.load_file(file)
                if file.name.lower().endswith(".safetensors")
                else torch.load(file, "cpu", weights_only=True)
            )
    except ActvizError:
        raise
    except OSError as problem:
        raise ActvizError(f"The weights {file.name!r} cannot be opened: {problem.strerror or problem}.") from problem
    except pickle.UnpicklingError as problem:
        raise impure(file, problem) from problem
    except Exception as problem:  # a broken file may raise nearly anything
        raise ActvizError(
            f"The weights {file.name!r} cannot be read; the file is damaged or not a state dict ({str(problem)[:200]})."
        ) from problem
    return unwrapped(state, file)


def check_packing(file: Path) -> None:
    """A zip can hold a thousand times its size; torch never packs what it writes."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > file.stat().st_size:
                raise ActvizError(
                    f"The weights {file.name!r} were refused: they are packed; "
                    "save them with torch.save, or as safetensors."
                )


def unwrapped(state, file: Path) -> State:
    """Training scripts put other things beside the weights.

    As {"state_dict": ..., "epoch": 3}, or into the same dictionary.
    """
    while isinstance(state, Mapping) and (
        key := next((key for key in WRAPPERS if isinstance(state.get(key), Mapping)), None)
    ):
        state = state[key]
    if not isinstance(state, Mapping):
        raise impure(file)
    state = {key: value for key, value in state.items() if isinstance(key, str) and isinstance(value, Tensor)}
    if not state:
        raise impure(file)
    for name, tensor in state.items():
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_nested or tensor.device.type != "cpu":
            raise ActvizError(
                f"The weights {file.name!r} were refused: {shown(name)} is no plain tensor "
                "(sparse, quantized or without values)."
            )
        if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
            raise ActvizError(
                f"The weights {file.name!r} were refused: {shown(name)} claims {tensor.numel():,} numbers, "
                "more than the file holds."
            )
    return state


def fitted(state: State, names: Iterable[str], file: Path) -> State:
    """The tensors under the network's own names: what training wraps around a network puts a prefix before each."""
    known, shorter = set(names), state
    while known.isdisjoint(shorter):
        prefix = next(iter(shorter)).partition(".")[0] + "."
        if not all(name.startswith(prefix) for name in shorter):
            return state
        shorter = {name.removeprefix(prefix): tensor for name, tensor in shorter.items()}
        if prefix not in PREFIXES and not known.isdisjoint(shorter):
            raise ActvizError(
                f"The weights {file.name!r} have the wrong prefix {shown(prefix)} before each name; "
                "save them without it."
            )
        if prefix not in PREFIXES:
            return state
    return shorter


def impure(file: Path, problem: Exception | None = None) -> ActvizError:
    found = re.search(r"Unsupported (?:global|class): (?:GLOBAL )?([\w.]{1,100})", str(problem))
    holds = f" The file holds a {found[1]}." if found else ""
    return ActvizError(
        f"The weights {file.name!r} were refused: they must be a plain state dict, "
        f"tensors by name (network.state_dict()).{holds}"
    )


def missing(file: str, problem: Exception) -> DownloadFailed:
    return DownloadFailed(file, problem, checkpoints())


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
