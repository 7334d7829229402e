"""A course: the shipped lessons and those of folders, by name and language."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import ActvizError, near
from .lesson import Lesson
from .problems import LessonError, Problem
from .reader import SHIPPED
from .reading import read_lesson

USUAL_LANGUAGE = "en"
MOST_FILES = 200


@dataclass(frozen=True)
class Course:
    """All lessons that could be read, in the order of their names, and what is wrong with the other files."""

    lessons: tuple[Lesson, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the lessons, each once."""
        return tuple(dict.fromkeys(lesson.name for lesson in self.lessons))

    def languages(self, name: str) -> tuple[str, ...]:
        """In which a lesson can be had."""
        return tuple(lesson.lang for lesson in self.lessons if lesson.name == name)

    def lesson(self, name: str, lang: str = USUAL_LANGUAGE) -> Lesson:
        """The lesson in that language, else in English, else in the first there is.

        Raises ActvizError: no such name.
        """
        found = {lesson.lang: lesson for lesson in self.lessons if lesson.name == name}
        if not found:
            raise ActvizError(f"there is no lesson {name!r}{near(name, self.names)}; choose one from the list.")
        return found.get(lang) or found.get(USUAL_LANGUAGE) or next(iter(found.values()))


def read_course(folders: Iterable[Path] = (), shipped: bool = True) -> Course:
    """The shipped lessons and those of folders; a folder's lesson takes the place of an earlier one of its name."""
    lessons: dict[str, list[Lesson]] = {}
    problems: list[Problem] = []
    for folder in (*([SHIPPED] if shipped else []), *map(Path, folders)):
        found = read_folder(folder)
        problems += found.problems
        for name in found.names:
            lessons[name] = [lesson for lesson in found.lessons if lesson.name == name]
    return Course(tuple(lesson for name in sorted(lessons) for lesson in lessons[name]), tuple(problems))


def read_folder(folder: Path) -> Course:
    """The lessons of one folder. Raises ActvizError where there is no such folder."""
    if not folder.is_dir():
        raise ActvizError(f"there is no folder {folder}; name one that holds lessons.")
    lessons: list[Lesson] = []
    problems: list[Problem] = []
    files = sorted(name for name in os.listdir(folder) if is_lesson(name))
    for name in files[:MOST_FILES]:
        try:
            lessons.append(read_lesson(folder / name))
        except LessonError as error:
            problems += [replace(problem, file=str(folder / problem.file)) for problem in error.problems]
    if len(files) > MOST_FILES:
        problems.append(
            Problem(str(folder), 1, f"The folder has {len(files):,} lessons.", f"Keep at most {MOST_FILES}.")
        )
    return Course(tuple(lessons), tuple(problems))


def is_lesson(name: str) -> bool:
    """Whether a file of that name is read; hidden ones are what editors leave beside the one that is written."""
    return name.endswith(".md") and not name.startswith(".") and name.casefold() != "readme.md"
