"""Numbers as people read them; files and programs have theirs."""


def written(number: float, form: str = "g") -> str:
    """In a format, with a minus sign, which a hyphen is not."""
    return format(number, form).replace("-", "−")
