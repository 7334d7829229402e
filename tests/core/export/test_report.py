"""A report is one page that needs nothing else, and texts in it are texts."""

import base64
import io
import re

import numpy as np
from PIL import Image

from actviz_core import Chapter, Exhibit, Recipe, export, report
from actviz_core.export.report import curve
from tests.core.test_door import SMALL

WORDS = {"recipe": "Recipe", "score": "Score", "gone": "Gone."}


def test_a_page_holds_pictures_that_open_again_what_was_answered_and_nothing_from_elsewhere():
    png = export.png(np.full((1, 16, 24, 3), 90, np.uint8), Recipe(SMALL))
    evil = "<script>alert(1)</script> & <b>"
    made = Exhibit(evil, "3 / 3: 0.5", png, (0.0, 1.0, 0.5), Recipe(SMALL).to_json())
    gone = Exhibit("gone", "", b"", (), "{}")
    chapters = [Chapter("Explore", exhibits=(made,)), Chapter(evil, ((evil, "yes"),), (gone,))]
    page = report("My work", "today", "de", chapters, WORDS).decode()
    assert '<html lang="de">' in page and "Gone." in page and page.count("&lt;script&gt;") == 4
    assert "<script" not in page and not re.search(r'(src|href)="(?!data:)', page)
    [picture] = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert export.read_recipe(base64.b64decode(picture)) == Recipe(SMALL)
    assert Image.open(io.BytesIO(base64.b64decode(picture))).size == (24, 16)
    assert 'points="0.0,80.0 120.0,0.0 240.0,40.0"' in page


def test_curves_are_thinned_to_what_a_screen_shows_and_leave_out_what_is_no_number():
    assert curve(()) == curve((1.0,)) == "" and curve((2.0, 2.0)) == "0.0,80.0 240.0,80.0"
    assert curve((0.0, float("nan"), float("inf"), 1.0)) == "0.0,80.0 240.0,0.0"
    assert len(curve(range(10_000)).split()) == 240 and curve(range(10_000)).endswith("240.0,0.0")
