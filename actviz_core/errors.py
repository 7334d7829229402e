"""The one error of this package: what was wrong, with the value; what is allowed; what to do."""

import difflib
from collections.abc import Iterable


class ActvizError(Exception):
    """A mistake that the person at the screen or shell can put right; its text is shown without a traceback."""


def near(name: str, names: Iterable[str]) -> str:
    """The names that resemble this one, for the end of a sentence: " (did you mean a, b?)", or ""."""
    alike = difflib.get_close_matches(name, list(names), n=4, cutoff=0.5)
    return f" (did you mean {', '.join(alike)}?)" if alike else ""
