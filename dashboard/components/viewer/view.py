"""The view: what the page says to its viewer besides the runs."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from dashboard.words.terms import terms
from dashboard.words.viewer import words


@dataclass(frozen=True)
class View:
    """
    device       a word on where the computing happens
    height       a CSS length: by default the window's, less what the page has above the viewer
    score_label  what the score is, at the axis of its curve
    placeholder  what is said where no run is shown
    board        runs that belong together: clicks are told, the end of the last one draws the page anew, none goes on
                 by itself
    across       so many pictures side by side; 0: as it fits
    difference   the keys of two runs whose difference is shown as one more picture
    picked       the key of the run whose picture stands out
    again        what the page is to say when it wants a sweep again that the server has forgotten; "": it cannot
    title        stands above the pictures; "": the run's own
    axes         of a sweep: name and values of what varies along the row and down the column
    still        without a run: a JPEG that stands above the placeholder
    iterations   how many the page is set to: a run that is continued goes on so far
    covered      what is said in place of pictures and curves, which wait to be shown while their runs go on, by how
                 these stand (waiting, running, paused, ended); None: they are shown
    quiet        what looks wrong with a run that goes on is not said: the page asks for it
    kept         what has been set since that a continued run does not take over, in a sentence; "" where there is
                 nothing
    welcome      without a run: where a first one is to be had that nobody has to ask for; "": nowhere
    unmoved      said before the placeholder where that one does not begin, for nothing is to move by itself
    lang         the language that all of it is said in
    """

    device: str = ""
    height: str = "max(760px, calc(100vh - 100px))"
    score_label: str = "score (mean activation)"
    placeholder: str = "Press Start and watch the picture form."
    board: bool = False
    across: int = 0
    difference: tuple[str, str] | None = None
    picked: str = ""
    again: str = ""
    title: str = ""
    axes: tuple[dict, ...] = ()
    still: bytes = b""
    iterations: int = 0
    covered: Mapping[str, str] | None = None
    quiet: bool = False
    kept: str = ""
    welcome: str = ""
    unmoved: str = ""
    lang: str = "en"

    def data(self) -> dict:
        """As the browser reads it."""
        data = asdict(self)
        still = base64.b64encode(self.still).decode()
        return data | {
            "scoreLabel": data.pop("score_label"),
            "difference": list(self.difference or ()),
            "axes": list(self.axes),
            "words": {**terms(self.lang), **words(data.pop("lang"))},
            "still": f"data:image/jpeg;base64,{still}" if still else "",
        }
