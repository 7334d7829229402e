"""Problems: all that is wrong with a lesson's file, each with its line and how to mend it."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import ActvizError


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at a line of a file, and how to mend it; both are sentences."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.mend}"


class LessonError(ActvizError):
    """A lesson cannot be used; `problems` are all that were found, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Findings:
    """The problems of one file, as they are found while it is read on."""

    def __init__(self, file: str) -> None:
        self.file = legible(file)
        self.problems: list[Problem] = []

    def add(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, line, what, mend))

    def note(self, line: int, error: ActvizError) -> None:
        """What a value refused: our errors say what is wrong, and then what is allowed."""
        what, mends, allowed = str(error).rstrip(".").partition("; ")
        self.add(line, f"{sentence(what)}.", f"{sentence(allowed)}." if mends else "Correct it.")

    @contextmanager
    def noting(self, *lines: int) -> Generator[None]:
        """What is refused within is noted at each of these lines, and what comes after it goes on."""
        try:
            yield
        except ActvizError as error:
            for line in lines:
                self.note(line, error)

    def settle(self) -> None:
        """LessonError with all of them, where there are any."""
        if self.problems:
            raise LessonError(self.problems)


def legible(name: str) -> str:
    """A file's name, which may hold any byte: what cannot be printed stands as an escape."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in name)


def sentence(text: str) -> str:
    """With a capital, if it begins with a word; a name such as blur.weight stays as it is."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text
