"""Files of weights: read as tensors and nothing else, filled into a network, and watched while they are downloaded."""

import hashlib
import pickle
import re
import threading
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedReader
from itertools import islice
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from ..errors import ActvizError, DownloadFailed
from ..values import shown

SUFFIXES = (".pth", ".pt", ".ckpt", ".bin", ".pth.tar", ".pt.tar", ".safetensors")
WRAPPERS = ("state_dict", "model_state_dict", "model")
DEEPEST = 8  # of them in each other; a dictionary may hold itself
PREFIXES = ("module.", "_orig_mod.", "model.")  # of DataParallel, torch.compile, Lightning
MOST_CLASSES = 100_000  # of a file; ImageNet's largest list has 21,843
AUXILIARY = ("AuxLogits.", "aux1.", "aux2.")  # second classifiers of the Inception family, used in training only

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


def opened(file: Path) -> BufferedReader:
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
    opened(file).close()
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
    except pickle.UnpicklingError as problem:
        raise impure(file, problem) from problem
    except Exception as problem:  # a broken file may raise nearly anything
        why = f" ({str(problem)[:200]})" if str(problem) else ""
        raise ActvizError(
            f"The weights {file.name!r} cannot be read; the file is damaged or not a state dict{why}."
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


def unwrapped(state: object, file: Path) -> State:
    """Training scripts put other things beside the weights.

    As {"state_dict": ..., "epoch": 3}, or into the same dictionary.
    """
    for _ in range(DEEPEST):
        if isinstance(state, Mapping):
            state = next((state[key] for key in WRAPPERS if isinstance(state.get(key), Mapping)), state)
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


def filled(build: Callable[[int | None], nn.Module], file: Path) -> tuple[nn.Module, bool]:
    """The network with the weights of a file, and whether it has the usual number of classes."""
    state = read_state(file)
    network = build(None)
    state = fitted(state, network.state_dict(), file)
    # In a classifier the last tensor is the bias (or weight) of the classes.
    *_, (name, last) = network.state_dict().items()
    same_classes = name not in state or state[name].ndim != last.ndim or state[name].shape[:1] == last.shape[:1]
    if not same_classes:
        classes = len(state[name])
        if not 1 <= classes <= MOST_CLASSES:
            raise ActvizError(
                f"The weights {file.name!r} were refused: they have {classes:,} classes; "
                f"1 to {MOST_CLASSES:,} are possible."
            )
        network = build(classes)
    check_kinds(network, state, file)
    misfits = list(islice(fill(network, state), 4))
    if misfits:
        raise ActvizError(
            f"The weights {file.name!r} are of another network: "
            f"{'; '.join(misfits[:3])}{'; ...' if misfits[3:] else '.'}"
        )
    return network, same_classes


def check_kinds(network: nn.Module, state: State, file: Path) -> None:
    """Raises ActvizError for integers and complex numbers where weights belong.

    Filling would take them, and nobody means them as they are.
    """
    for name, own in network.state_dict().items():
        if name in state and own.is_floating_point() and not state[name].is_floating_point():
            raise ActvizError(
                f"The weights {file.name!r} were refused: {shown(name)} holds "
                f"{str(state[name].dtype).removeprefix('torch.')} numbers, where weights are floating-point; "
                "save them as float32."
            )


def fill(network: nn.Module, state: State) -> Iterator[str]:
    """Copies the tensors into the network and tells which did not fit."""
    try:
        result = network.load_state_dict(state, strict=False)
    except RuntimeError as problem:  # shapes; one line each, below a heading
        lines = str(problem).splitlines()
        yield from (line.strip()[:200] for line in lines[1:] or lines)
        return
    yield from (f"{key} is missing" for key in result.missing_keys)
    yield from (f"{key} is not known" for key in result.unexpected_keys if not key.startswith(AUXILIARY))


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
def watched(file: Path, megabytes: float, progress: Progress | None) -> Iterator[None]:
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
