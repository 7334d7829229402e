"""What Explore calls its numbers, and where they stand."""

from streamlit.testing.v1 import AppTest

from actviz_core import OPTIMIZERS, Hyperparams, described, preset
from dashboard.state.page_state import START
from dashboard.widgets import neutral
from dashboard.words.names import name_of


def words_on(app: AppTest) -> list[str]:
    """Labels, helps, captions and choices of everything that the page shows."""
    found = [tab.label for tab in app.tabs] + [text.value for text in (*app.caption, *app.markdown)]
    for widget in (
        *app.selectbox,
        *app.slider,
        *app.select_slider,
        *app.number_input,
        *app.toggle,
        *app.button,
        *app.text_input,
        *app.file_uploader,
    ):
        found += [widget.label, getattr(widget, "help", "") or "", *map(str, getattr(widget, "options", ()))]
    return found


def test_every_number_has_a_name_of_its_own(page):
    app = page(preset("lucid").applied(START))  # with two jitters
    labels = [
        widget.label
        for widget in (*app.slider, *app.select_slider, *app.number_input)
        if "." in widget.key or widget.key == "learning_rate"
    ]
    assert len(labels) == len(set(labels)) == 44, sorted(labels)
    assert {"Boundary", "Boundary width (px)", "Rotation (°)", "Jitter (px)", "Jitter 2 (px)"} <= set(labels)
    text = " ".join(words_on(app))
    for odd in ("Rotate degrees", "Summand", "Wake", "Penalties", "Image made of", "(weighted)"):
        assert odd not in text


def test_transforms_stand_in_the_order_in_which_they_are_applied(page):
    app = page(preset("lucid").applied(START))

    def sliders() -> list[str]:
        return [widget.key for widget in app.slider if widget.key.partition(".")[0] in order]

    order = ["pad", "narrow", "jitter", "scale", "rotate", "jitter@2", "flip"]
    before = sliders()
    assert list(dict.fromkeys(key.partition(".")[0] for key in before)) == order
    app.slider(key="flip.probability").set_value(0.5).run()
    assert sliders() == before, "a slider that leaves its neutral value stays where it is"


def test_every_slider_says_where_it_does_nothing(page):
    app = page(START)
    helps = {widget.key: widget.help for widget in (*app.slider, *app.select_slider)}
    assert helps["jitter.pixels"].endswith("; 0: off") and helps["scale.low"].endswith("; 1: no change")
    assert helps["total_variation.weight"].endswith("; 0: off") and ": off" not in helps["lp.power"]
    off = Hyperparams(0.1, (), ())
    for name, part in off.every_part().items():
        values = [neutral.neutral_of(f"{name}.{field}", setting) for field, setting in described(type(part)).items()]
        assert any(value is not None for value in values), f"{name} has no neutral value"


def test_plain_ascent_has_the_name_of_the_field():
    assert [name_of(cls) for cls in OPTIMIZERS] == ["Adam", "NAdam", "SGD", "Gradient ascent"]
