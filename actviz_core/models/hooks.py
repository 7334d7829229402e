"""Hooks that live for one forward pass of the calling thread."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import get_ident

from torch import nn


class Reached(Exception):
    """Ends a forward pass that has nothing more to tell."""


@contextmanager
def hooked(modules: dict[str, nn.Module], leave: Callable, enter: Callable | None = None) -> Iterator[None]:
    """Calls leave(layer's name, module, inputs, output) for each module the calling thread comes through.

    Another thread may run the same network meanwhile: its calls are not counted. Only these hooks are removed again,
    always.
    """
    thread, calls, handles = get_ident(), Counter(), []

    def after(path: str, module: nn.Module, inputs: tuple, output: object) -> object:
        if get_ident() != thread:
            return None
        calls[path] += 1
        return leave(path if calls[path] == 1 else f"{path}@{calls[path]}", module, inputs, output)

    def before(tell: Callable[[tuple], None], _module: nn.Module, inputs: tuple) -> None:
        if get_ident() == thread:
            tell(inputs)

    try:
        for path, module in modules.items():
            handles.append(module.register_forward_hook(partial(after, path)))
            if enter:
                handles.append(module.register_forward_pre_hook(partial(before, enter)))
        yield
    finally:
        for handle in handles:
            handle.remove()
