"""The errors of this package: what was wrong, with the value; what is allowed; what to do.

What a program has to tell apart is a type with data; its sentence is for people only.
"""

import difflib
from collections.abc import Iterable
from typing import TypeVar

P = TypeVar("P", bound=BaseException)


class ActvizError(Exception):
    """A mistake that the person at the screen or shell can put right; its text is shown without a traceback."""

    def __reduce__(self) -> tuple:
        """An error goes from one process to another as it is: what it was made of is not what it says."""
        return remade, (type(self), self.args), self.__dict__


class Diverged(ActvizError):
    """The score stopped being a number: that of these pictures. `sentence` has a place for the iteration."""

    def __init__(self, iteration: int, pictures: tuple[int, ...] = (0,)) -> None:
        self.iteration, self.pictures = iteration, pictures
        self.sentence = (
            "The score stopped being a number at iteration {iteration}: the steps are too long. "
            "Lower the learning rate."
            if iteration > 1
            else "The network's score of the first picture is not a number: its weights, or what it does with them, "
            "are at fault."
        )
        super().__init__(self.sentence.format(iteration=iteration))


class OutOfMemory(ActvizError):
    """What was asked for does not fit the device's memory."""

    def __init__(self, device: str, what: str, remedy: str) -> None:
        super().__init__(f"Out of memory on {device}: {what}. {remedy}")


class ImageTooSmall(ActvizError):
    """The network's layers shrink an image of that size to nothing."""

    def __init__(self, model: str, height: int, width: int, enough: int) -> None:
        super().__init__(
            f"An image of {height} x {width} is too small for {model}; it needs at least about {enough} x {enough}."
        )


class WrongType(ActvizError):
    """The value at that place is not of the type that belongs there."""

    def __init__(self, where: str, value: str, wanted: str) -> None:
        self.where = where
        super().__init__(f"{where} is {value}; it must be {wanted}.")


class OtherKind(ActvizError):
    """What is read says that it is of another kind."""

    def __init__(self, kind: str, wanted: str) -> None:
        self.kind = kind
        super().__init__(f'this is not {wanted} of actviz: it says "kind": "{kind}".')


class NotAllowed(ActvizError):
    """A network or a target does not allow what was asked of it; the sentence says why."""


class DownloadFailed(ActvizError):
    """A file of weights could not be fetched."""

    def __init__(self, file: str, reason: object, folder: object) -> None:
        super().__init__(
            f"The weights {file} could not be downloaded ({reason}). Without a connection, place that file in {folder}."
        )


def remade(kind: type[ActvizError], said: tuple) -> ActvizError:
    """An error of that kind with that sentence, which its own arguments are not needed for."""
    return kind.__new__(kind, *said)


def without_traces(problem: P) -> P:
    """The error to be kept: its tracebacks would keep what the failed computation had computed."""
    problem.__cause__ = problem.__context__ = None
    return problem.with_traceback(None)


def near(name: str, names: Iterable[str]) -> str:
    """The names that resemble this one, for the end of a sentence: " (did you mean a, b?)", or ""."""
    alike = difflib.get_close_matches(name, list(names), n=4, cutoff=0.5)
    return f" (did you mean {', '.join(alike)}?)" if alike else ""
