"""Of a lesson's text the marks of lessons act, and none of Streamlit's own."""

import re

import pytest

from dashboard.state.messages import plain
from dashboard.words.marks import IMAGE, marked


def read(markdown: str) -> str:
    """What is read where backslashes have done their work."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "")


@pytest.mark.parametrize(
    "text",
    [
        ":red[a] and :blue-background[b], :small[c]",
        "costs $5 or $x^2$, and $$y$$",
        ":material/home: :streamlit: :smile: a:b:c",
        "~~gone~~, _so_, __so__ and a_b_c",
        "| a | b |\n| --- | --- |",
        "# no heading\n> no quote\n---",
        "5 * 3, a < b & c, \\alpha, [no link], !important",
    ],
)
def test_what_is_no_mark_of_lessons_is_shown_as_it_is_written(text):
    shown = marked(text, "en")
    assert read(shown) == text
    assert not re.search(r"(?<!\\)[$~_|#>\[:]|:[\w+-]+:", shown), "each is escaped, and no name stands between colons"


def test_the_marks_of_lessons_act_and_what_is_in_them_is_plain():
    text = (
        "A **bold $x$** and *very\nitalic* `:red[code] $x$`, see [the *channel*](glossary:channel),\n"
        "[there](https://example.org/a_b) or [the next](2-depth.md). ![an eye](eye.png)\n\n"
        "- one\n- *two*\n\n3. three\n\n```python\nx = '$y$ :smile:'\n```\n\nThe **end"
    )
    shown = marked(text, "en")
    assert "A **bold \\$x\\$** and *very\nitalic* `:red[code] $x$`\\, see [the *channel*](glossary?" in shown
    assert "[there](https://example.org/a_b) or **the next**\\. an eye\n\n- one\n- *two*\n\n3. three\n\n" in shown
    assert shown.endswith("```python\nx = '$y$ :smile:'\n```\n\nThe \\*\\*end")


def test_plain_text_leaves_no_name_of_an_emoji_or_a_logo():
    """Streamlit looks for these in what is left when the backslashes were read."""
    assert not re.search(r":[\w+-]+:", re.sub(r"\\(.)", r"\1", plain(":smile: :streamlit: :material_home: a:b:c")))
    assert plain("noise.md:12: a: b, c:d") == r"noise\.md\:12\: a\: b\, c\:d", "and nothing else is parted"


def test_an_image_stands_on_one_line_as_the_check_of_lessons_reads_it():
    text = "A bracket ![a\nTwo [eyes](glossary:channel)"
    assert IMAGE.findall(text) == [] and IMAGE.findall("![an eye](eye.png)") == [("an eye", "eye.png")]
    assert "[eyes](glossary?" in marked(text, "en")
