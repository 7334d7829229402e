"""Numbers as people read them; files and programs have theirs."""

import re

NOTHING = re.compile(r"^-(?=[0.]+$)")  # the sign of what is rounded to zero


def written(number: float, form: str = "g") -> str:
    """In a format, with a minus sign, which a hyphen is not."""
    return NOTHING.sub("", format(number, form)).replace("-", "−")
