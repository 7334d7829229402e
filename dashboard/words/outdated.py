"""What stands beside Start: what it is for, where that does not go without saying, and what a run replays."""

from actviz_core import Spec

UNMOVED = "Nothing moves by itself here, as your device asks."


def told_of_a_run(outdated: bool, replayed: int) -> list[str]:
    """Of one whose picture was made with other settings, or that replays changes up to that iteration, 0: none."""
    if outdated:
        return ["The settings have changed since this picture was made. Start makes a new one."]
    return [f"Replays recorded changes up to iteration {replayed:,}; sliders show what holds then."] * (replayed > 0)


def told_of_the_welcome(made: Spec, spec: Spec) -> list[str]:
    """Of the run that began by itself, and what is set."""
    return [f"A first picture, {made.width} px wide, started for you. Start makes yours, {spec.width} px wide."]


def told_of_columns(columns: int, outdated: int, sweeping: bool, replayed: int) -> list[str]:
    """Of so many columns, so many of whose pictures were made with other settings, and of what the others replay."""
    if sweeping:
        return [f"Start runs the {counted(columns)} and shows them; the sweep is kept."] * (columns > 0)
    replays = f"The columns replay recorded changes up to iteration {replayed:,}; sliders show what holds then."
    return told_of_outdated(columns, outdated) + [replays] * (replayed > 0)


def told_of_outdated(columns: int, outdated: int) -> list[str]:
    if not outdated:
        return []
    whose = {1: "The settings of one column have"}.get(outdated, f"The settings of {outdated} columns have")
    whose = "The settings have" if outdated == columns else whose
    pictures = "this picture was" if outdated == 1 else "these pictures were"
    again = "it" if columns == 1 else f"all {columns}"
    return [f"{whose} changed since {pictures} made. Start makes {again} anew."]


def counted(columns: int) -> str:
    return f"{columns} column{'s' * (columns > 1)}"
