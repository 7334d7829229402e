"""Checks: a closed set of conditions about a learner's own work, as text. Nothing of it is evaluated.

"noise[2] < 0.1", "score[2] >= 0.9 * score[1]", "channel in [3, 20]", 'layer = "blocks.4.0"', "answered"
"""

import math
import operator
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from ..errors import ActvizError, near
from .phrases import ENGLISH, PHRASES, Phrases
from .verdicts import Verdict, name_of, said_of
from .work import FACTS, NUMBERS, WORDS, Work, check_address, is_address

LONGEST = 200  # characters
MEASURE = re.compile(r"([a-z][a-z_0-9@.]*)(?:\[(\d)\])?")
CONDITION = re.compile(rf"{MEASURE.pattern}(?:\s*(<=|>=|!=|==|<|>|=|\bin\b)\s*(.+))?")
FACTOR = re.compile(rf"(?:(\d*\.?\d+)\s*\*\s*)?{MEASURE.pattern}")
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
SHARES = ("masked", "probability", "gained")  # said as percentages
Value = float | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """What a check looks at: a name, and the index of a run; times a factor."""

    name: str
    run: int = 0
    factor: float = 1.0


@dataclass(frozen=True)
class Check:
    """A condition: what is measured, how it is compared, and with what; `text` is what the file says.

    asked  a number, another measure, or all the numbers or words of which it may be any; None of a fact
    """

    text: str
    measure: Measure
    compare: str = ""
    asked: Value | Measure | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All that it looks at."""
        return (self.measure, self.asked) if isinstance(self.asked, Measure) else (self.measure,)

    def judge(self, work: Work, lang: str = "en") -> Verdict:
        """Whether the work meets it, and what is still missing, in numbers."""
        phrases = PHRASES.get(lang, ENGLISH)
        if self.measure.name in FACTS:
            return judge_fact(self, work, phrases)
        if self.measure.name == "moved":
            return judge_moved(self, work, phrases)
        return (judge_words if self.measure.name in WORDS else judge_number)(self, work, phrases)


def parse_check(text: str) -> Check:
    """A check from its text. Raises ActvizError: an unknown name with the nearest known, what cannot be compared."""
    found = CONDITION.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not found:
        raise ActvizError(
            f'the check {text[:60]!r} cannot be read; write a name, a comparison and a value, such as "noise < 0.1"'
        )
    name, run, compare, value = found.groups()
    measure = measure_of(name, run, text)
    if name in FACTS or name == "moved" and not compare:
        if compare:
            raise ActvizError(f"the check {text!r} compares {name}; it stands alone, as {name!r}")
        return Check(text, measure)
    if not compare:
        raise ActvizError(f'the check {text!r} compares with nothing; write, for instance, "{example(name)}"')
    compare = "=" if compare == "==" else compare
    return Check(text, measure, "=" if compare == "in" else compare, asked_for(name, compare, value, text))


def parse_measure(text: str) -> Measure:
    """A number that checks know, as "noise[2]". Raises ActvizError where there is none of that name."""
    found = MEASURE.fullmatch(text.strip())
    if not found or found[1] in (*WORDS, *FACTS):
        raise ActvizError(f"{text[:60]!r} is no number; known are {', '.join(NUMBERS)}")
    return measure_of(found[1], found[2], text)


def measure_of(name: str, run: str | None, text: str, factor: float = 1.0) -> Measure:
    """A measure, if there is one of that name."""
    if is_address(name):
        check_address(name)
    elif name not in (*NUMBERS, *WORDS, *FACTS):
        known = (*NUMBERS, *WORDS, *FACTS)
        raise ActvizError(f"the check {text!r} is about {name}{near(name, known)}; known are {', '.join(known)}")
    if run == "0":
        raise ActvizError(f"the check {text!r} is about run 0; runs are counted from 1")
    return Measure(name, int(run or 1) - 1, factor)


def asked_for(name: str, compare: str, text: str, whole: str) -> Value | Measure:
    """What stands behind the comparison."""
    value = literal(text)
    if value is None:
        other = FACTOR.fullmatch(text)
        if not other or name in WORDS or compare == "in":
            told = "words are in quotes" if name in WORDS else "numbers are written with a point"
            raise ActvizError(f'the check {whole!r} compares with {text}; {told}, as "{example(name)}"')
        return measure_of(other[2], other[3], whole, float(other[1] or 1))
    entries = cast(list[Any], value if isinstance(value, list) else [value])
    if (compare == "in") != isinstance(value, list):
        raise ActvizError(f"the check {whole!r} compares with {text}; a list follows in, and one value another sign")
    wanted = (str, int) if name in WORDS else (int, float)
    if not entries or any(type(entry) not in wanted for entry in entries):
        raise ActvizError(f'the check {whole!r} compares with {text}; write, for instance, "{example(name)}"')
    if name not in WORDS:
        return tuple(map(float, entries)) if compare == "in" else float(entries[0])
    if compare not in ("=", "!=", "in"):
        raise ActvizError(f"the check {whole!r} orders words; compare {name} by =, != or in")
    return tuple(map(str, entries))


def literal(text: str) -> Any:
    """A number, a text in quotes or a list of these; None where it is none."""
    with suppress(ValueError, RecursionError):
        value = float(text) if re.fullmatch(r"[-+]?\.\d+", text) else tomllib.loads(f"value = {text}")["value"]
        return value if not isinstance(value, float) or math.isfinite(value) else None
    return None


def example(name: str) -> str:
    """A check of that name that can be read."""
    if name in WORDS:
        return f"{name} = 'blocks.4.0'" if name == "layer" else f"{name} = 'a word'"
    return f"{name} < 0.5"


# verdicts


def judge_fact(check: Check, work: Work, phrases: Phrases) -> Verdict:
    given = work.answered is not None or work.estimate is not None
    met, said = (given, phrases.answered) if check.measure.name == "answered" else (work.right, phrases.right)
    return Verdict(met, said[not met])


def judge_moved(check: Check, work: Work, phrases: Phrases) -> Verdict:
    if not isinstance(check.asked, tuple):
        return Verdict(bool(work.moved), phrases.anything[not work.moved])
    asked = [str(name) for name in check.asked]
    met = any(name in work.moved for name in asked)
    return Verdict(met, phrases.moved[not met].format(", ".join(name_of(name, "", phrases) for name in asked)))


def judge_words(check: Check, work: Work, phrases: Phrases) -> Verdict:
    assert isinstance(check.asked, tuple), "words are compared with words"
    asked = [str(word) for word in check.asked]
    found = work.names(check.measure.name, check.measure.run)
    alike = any(word.casefold() in map(str.casefold, found) for word in asked)
    met = bool(found) and alike != (check.compare == "!=")
    wanted = phrases.below[check.compare].format(listed(asked, phrases))
    return Verdict(met, said_of(titled(check.measure, work, phrases), ", ".join(found[:3]), wanted, phrases))


def judge_number(check: Check, work: Work, phrases: Phrases) -> Verdict:
    found = work.number(check.measure.name, check.measure.run)
    name = titled(check.measure, work, phrases)
    if isinstance(check.asked, tuple):
        asked = [number for number in check.asked if isinstance(number, float)]
        wanted = listed([number_of(check, f"{number * scale(check):g}", phrases) for number in asked], phrases)
        value = "" if found is None else number_of(check, f"{found * scale(check):.6g}", phrases)
        return Verdict(found in check.asked, said_of(name, value, wanted, phrases))
    bound, told = bound_of(check, work, phrases)
    met = found is not None and bound is not None and COMPARE[check.compare](found, bound)
    value = "" if found is None else exact_in(check, found, bound, phrases)
    return Verdict(met, said_of(name, value, phrases.below[check.compare].format(told), phrases))


def bound_of(check: Check, work: Work, phrases: Phrases) -> tuple[float | None, str]:
    """What a number is compared with, and how that is said."""
    other = check.asked
    if not isinstance(other, Measure):
        assert isinstance(other, float), "numbers are compared with numbers"
        return other, number_of(check, f"{other * scale(check):g}", phrases)
    value = work.number(other.name, other.run)
    name = titled(other, work, phrases)
    told = name if other.factor == 1 else phrases.times.format(factor=spelled(f"{other.factor:g}", phrases), name=name)
    if value is None:
        return None, told
    bound = other.factor * value
    return bound, f"{number_of(check, f'{bound * scale(check):.3g}', phrases)} ({told})"


def titled(measure: Measure, work: Work, phrases: Phrases) -> str:
    """What is measured, with the run's title where there are several runs."""
    several = len(work.runs) > 1 and measure.run < len(work.runs) and measure.name not in ("tries", "masked")
    return name_of(measure.name, work.runs[measure.run].title if several else "", phrases)


def listed(words: list[str], phrases: Phrases) -> str:
    return words[0] if len(words) == 1 else phrases.any_of.format(", ".join(words))


def scale(check: Check) -> float:
    """Shares are said in hundredths, as everywhere else on the page."""
    return 100.0 if check.measure.name in SHARES else 1.0


def spelled(number: str, phrases: Phrases) -> str:
    return number.replace(".", phrases.decimal).replace("-", "−")


def number_of(check: Check, number: str, phrases: Phrases) -> str:
    """A number of what is checked, as the language writes it."""
    return spelled(number, phrases) + (" %" if check.measure.name in SHARES else "")


def exact_in(check: Check, found: float, bound: float | None, phrases: Phrases) -> str:
    by = scale(check)
    text = exact(found * by, check.compare, None if bound is None else bound * by)
    return number_of(check, text, phrases)


def exact(value: float, compare: str, bound: float | None) -> str:
    """With as many digits as it takes to be on the same side of the bound as the value; all those before the point."""
    text = ""
    for digits in (2, 3, 4, 6, 9):
        text = f"{value:.{max(digits, len(str(int(abs(value)))))}g}"
        if bound is None or COMPARE[compare](float(text), bound) == COMPARE[compare](value, bound):
            break
    return text
