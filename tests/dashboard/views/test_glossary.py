"""The glossary's page, and the links that lead there."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.words.glossary import help_of_kind, linked
from tests.dashboard.screen import go

MAIN = Path(__file__).parents[3] / "dashboard" / "main.py"


def test_links_to_words_lead_to_the_page_and_say_what_the_word_means():
    text = linked("ein [Kanal](glossary:channel), und [mehr](https://example.org)", "de")
    assert text.startswith('ein [Kanal](glossary?word=channel&lang=de "Viele Neuronen einer Schicht')
    assert text.endswith('."), und [mehr](https://example.org)')
    assert help_of_kind("InvertedResidual").startswith(
        "[InvertedResidual](glossary?word=inverted-residual&lang=en): A block of MobileNets"
    )
    assert help_of_kind("Unheard") is None


def test_the_page_begins_with_the_word_of_the_link_in_its_language():
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    go(app, "Glossary")
    assert "#### Activation\n" in "".join(shown.value for shown in app.markdown)
    app.query_params.update(word="seed", lang="de")
    app.run()
    title, first, rest = [shown.value for shown in app.markdown if shown.value.startswith("#")]
    assert title == "## Glossar" and first.startswith("#### Startzahl\n\nEine Zahl, aus der")
    assert "#### Startzahl" not in rest and rest.index("#### Aktivierung") < rest.index("#### Kanal") < rest.index(
        "#### Wert"
    )
    app.query_params.update(word="<b>", lang="xx")
    app.run()
    assert not app.exception and "#### Seed" in app.markdown[-1].value
