"""What Start is for, where that does not go without saying."""

OF_A_RUN = "The settings have changed since this picture was made. Start makes a new one."


def told_of_columns(columns: int, outdated: int, sweeping: bool) -> list[str]:
    """Of so many columns, so many of whose pictures were made with other settings."""
    if sweeping:
        return [f"Start runs the {counted(columns)} and shows them; the sweep is kept."] * (columns > 0)
    if not outdated:
        return []
    whose = {1: "The settings of one column have"}.get(outdated, f"The settings of {outdated} columns have")
    whose = "The settings have" if outdated == columns else whose
    pictures = "this picture was" if outdated == 1 else "these pictures were"
    again = "it" if columns == 1 else f"all {columns}"
    return [f"{whose} changed since {pictures} made. Start makes {again} anew."]


def counted(columns: int) -> str:
    return f"{columns} column{'s' * (columns > 1)}"
