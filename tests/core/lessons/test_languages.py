"""Checks in other languages."""

from dataclasses import replace

from actviz_core import Recipe, RunWork, Work, parse_check
from tests.core.tiny_runs import spec

PLAIN = RunWork(Recipe(spec()), 12, 4.0, 0.125, "plain")
WORK = Work((PLAIN, RunWork(Recipe(spec()), 12, 3.7, 0.0996, "blurred")))


def test_it_says_so_in_the_lessons_language():
    check = parse_check("noise[2] < 0.05")
    assert check.judge(WORK, "de").said == "Rauschen von „blurred“ ist 0,1; verlangt ist unter 0,05."
    assert check.judge(WORK, "fr").said == "Bruit de « blurred » : 0,1 ; il faut moins de 0,05."
    below = Work((replace(PLAIN, score=-0.284),))
    assert parse_check("score >= 1").judge(below, "de").said == "Wert ist −0,28; verlangt ist mindestens 1."
    assert check.judge(WORK, "xx").said == check.judge(WORK).said
