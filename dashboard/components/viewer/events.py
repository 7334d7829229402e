"""What is asked for on the viewer."""

from dataclasses import dataclass
from typing import Any

from dashboard.state.links import LONGEST

KINDS = ("branch", "remedy", "chosen")


@dataclass(frozen=True)
class ViewerEvent:
    """What the page has to do.

    kind  "branch" (go on from `iteration` of `run`, to iteration `until`; 0: to its end), "remedy" (apply `remedy` to
          `run`), "chosen" (the picture of `run` was clicked), or "again" (start what the page is set to, or what `of`
          says: its runs are lost)
    """

    kind: str
    run: str
    iteration: int = 0
    remedy: str = ""
    until: int = 0
    of: str = ""


def event_of(value: Any, runs: set[str]) -> ViewerEvent | None:
    """What the browser sent, if it makes sense: a run that is shown, a number, a short word."""
    if isinstance(value, dict) and value.get("kind") == "again":
        of = value.get("of", "")
        return ViewerEvent("again", "", of=of) if isinstance(of, str) and len(of) <= LONGEST else None
    if (
        not isinstance(value, dict)
        or value.get("kind") not in KINDS
        or not isinstance(value.get("run"), str)
        or value["run"] not in runs
    ):
        return None
    iteration, remedy, until = value.get("iteration", 0), value.get("remedy", ""), value.get("until", 0)
    if not isinstance(iteration, int) or not isinstance(until, int) or not isinstance(remedy, str) or len(remedy) > 200:
        return None
    return ViewerEvent(value["kind"], value["run"], iteration, remedy, until)
