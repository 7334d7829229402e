"""lessons: which there are; and check: whether those of a folder can be used, and every step of them be met."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..lessons.course import SHIPPED, Course, read_course, read_folder
from ..lessons.lesson import Lesson
from ..lessons.problems import Problem
from ..lessons.proof import prove
from ..models.kept import KeptModels
from .command import Command
from .index import counted
from .options import option

KEPT = 3  # networks


@dataclass(frozen=True)
class LessonsOptions:
    """What to do, with the lessons of which folder."""

    deed: Literal["list", "check"] | None = option(
        None, words="?", metavar="list | check", help="list them, or check that they can be used"
    )
    folder: Path | None = option(None, words="?", metavar="FOLDER", help="lessons of yours; without: the shipped ones")
    quick: bool = option(False, help="check without playing the steps on their networks")
    device: str = option("auto", help="auto, cpu, cuda, mps")


def carry_out(options: LessonsOptions) -> int:
    """Lists or checks; 1 where a check found problems."""
    if options.deed == "check":
        return check(options)
    course = read_course([options.folder] if options.folder else [])
    for name in course.names:
        lesson, languages = course.lesson(name), " ".join(course.languages(name))
        print(f"{name:32} level {lesson.level}  {lesson.minutes:3} min  {languages:9} {lesson.title}")
    show(course.problems)
    return int(bool(course.problems))


def check(options: LessonsOptions) -> int:
    """Reads every file, plays every step, and tells each problem with its file and line."""
    course = read_folder(options.folder or SHIPPED)
    show(course.problems)
    problems = list(course.problems)
    if not options.quick:
        for problem in played(course, options.device):
            show((problem,))
            problems.append(problem)
    steps = sum(step.lang == lesson.lang for lesson in course.lessons for step in lesson.steps)
    found = counted(len(problems), "problem") if problems else "no problems"
    print(f"{counted(len(course.lessons), 'lesson')}, {counted(steps, 'step')}: {found}")
    return int(bool(problems))


def played(course: Course, device: str) -> Iterator[Problem]:
    """The problems that come of playing; tells each step as it is done."""
    models = KeptModels(KEPT, device=device)
    for lesson in course.lessons:
        if not is_original(lesson, course):
            continue
        began = time.monotonic()
        for step, problems in prove(lesson, models):
            seconds, began = time.monotonic() - began, time.monotonic()
            said = counted(len(problems), "problem") if problems else "ok"
            print(f"{lesson.name} {step.id}: {said}, {seconds:.1f} s", flush=True)
            yield from problems


def is_original(lesson: Lesson, course: Course) -> bool:
    """Whether it says its runs itself: translations have those of the lesson that they translate."""
    return Path(lesson.file).name == f"{lesson.name}.md" or len(course.languages(lesson.name)) == 1


def show(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)


COMMAND = Command("lessons", "list the lessons, or check those that you wrote", LessonsOptions, carry_out)
