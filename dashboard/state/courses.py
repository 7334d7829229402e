"""The lessons that this server teaches: those that come with the program, and those of the owner's folders."""

import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from actviz_core import Course, Lesson, Problem, read_course

MEND = "Name one that holds lessons, after --lessons."
Stamp = tuple[tuple[str, int, int], ...]


class Courses:
    """Read when they are first asked for, and again when a file has changed.

    folders  of the server's owner
    """

    def __init__(self) -> None:
        self.folders: tuple[str, ...] = ()
        self.lock = threading.Lock()
        self.course: Course | None = None
        self.stamp: Stamp = ()

    def read(self) -> Course:
        """All lessons, and what is wrong with those that cannot be used; a folder that is gone is one of these."""
        with self.lock:
            stamp = stamp_of(self.folders)
            if self.course is None or stamp != self.stamp:
                there = [Path(folder) for folder in self.folders if Path(folder).is_dir()]
                gone = [Problem(folder, 1, "There is no such folder.", MEND) for folder in self.folders]
                missing = tuple(problem for problem in gone if not Path(problem.file).is_dir())
                course = read_course(there)
                self.course, self.stamp = replace(course, problems=(*missing, *course.problems)), stamp
            return self.course

    def lesson(self, name: str, lang: str) -> Lesson:
        """In that language, or in another one where it has none in this; ActvizError where there is no such lesson."""
        return self.read().lesson(name, lang)


def stamp_of(folders: tuple[str, ...]) -> Stamp:
    """What tells that a file of theirs is another one than before; editors' hidden files come and go."""
    stamp = []
    for file in (file for folder in folders for file in sorted(Path(folder).glob("[!.]*.*"))):
        with suppress(OSError):  # gone by now, and then it is none of the files
            status = file.lstat()
            stamp.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(stamp)


COURSES = Courses()
