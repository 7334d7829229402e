"""Shapes in the core's signatures, checked at every call while tests run.

Only functions that name shapes are changed, and of what they are given only arrays are looked at: types are for
pyright, and some tests are wrong on purpose. (jaxtyping's own import hook would see to every function, and the tests of
the tiny network would take nearly twice as long.)
"""

import inspect
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import Any, Union, get_args, get_origin

from jaxtyping import AbstractArray, jaxtyped


class WrongShape(AssertionError):
    """An argument or an answer has not the shape or the kind of numbers that the signature says."""


class Finder(MetaPathFinder):
    """Finds the modules of a package as usual, to be loaded with their shapes checked."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(f"{self.package}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


class Loader(SourceFileLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        super().exec_module(module)
        check_all(module)
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__:
                check_all(value)


def check_all(place: types.ModuleType | type) -> None:
    for name, value in list(vars(place).items()):
        if isinstance(value, types.FunctionType):
            setattr(place, name, checked(value))
        elif isinstance(value, classmethod):
            setattr(place, name, classmethod(checked(value.__func__)))


def install(package: str) -> None:
    """From now on the package's modules are loaded so; none may be there yet."""
    sys.meta_path.insert(0, Finder(package))


def checked(function: Callable) -> Callable:
    """The function, with its arguments and its answer looked at where its signature has shapes."""
    shaped = {name: hint for name, hint in inspect.get_annotations(function).items() if has_shape(hint)}
    if not shaped:
        return function
    places = {name: place for place, name in enumerate(inspect.signature(function).parameters) if name in shaped}

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with jaxtyped("context"):
            for name, place in places.items():
                if place < len(args) or name in kwargs:
                    value = args[place] if place < len(args) else kwargs[name]
                    verify(value, shaped[name], f"{name} of {function.__qualname__}")
            answer = function(*args, **kwargs)
            if "return" in shaped:
                verify(answer, shaped["return"], f"what {function.__qualname__} answers")
            return answer

    return call


def is_shape(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, AbstractArray)


def has_shape(hint: object) -> bool:
    return is_shape(hint) or any(has_shape(part) for part in get_args(hint))


def verify(value: object, hint: object, where: str) -> None:
    if not fits(value, hint):
        found = f"{value.dtype} {tuple(value.shape)}" if hasattr(value, "dtype") else type(value).__name__
        raise WrongShape(f"{where} is {found}; it must be {hint}")


def fits(value: object, hint: object) -> bool:
    """Whether an array, or those in a tuple, list or dictionary, have their shapes."""
    if is_shape(hint):
        return isinstance(value, hint)
    if not has_shape(hint):
        return True
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        return any(fits(value, part) if has_shape(part) else value is None for part in parts)
    if isinstance(value, Mapping):
        return all(fits(entry, parts[1]) for entry in value.values())
    if isinstance(value, tuple) and parts[-1] is not Ellipsis:
        return len(value) == len(parts) and all(map(fits, value, parts))
    if isinstance(value, Sequence):
        return all(fits(entry, parts[0]) for entry in value)
    return origin is not None  # a function, an iterator: nothing is there yet to be looked at
