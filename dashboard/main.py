"""The pages, their order and the window's title."""

from pathlib import Path

import streamlit as st

from dashboard.actions import arrival, membership, welcome
from dashboard.components import tab
from dashboard.state import keys, session
from dashboard.state.classroom import CLASSROOM
from dashboard.state.turns import TURNS
from dashboard.views import classroom, compare, explain, explore, gallery, glossary, layers, learn
from dashboard.widgets import keyboard

HERE = Path(__file__).parent

# A file of ours, known before the pages are: for an icon by name, such as theirs, the browser asks a server of fonts.
st.set_page_config(page_title="actviz", page_icon=HERE / "icon.svg", layout="wide")

pages = {
    "explore": st.Page(explore.page, title="Explore", icon=":material/visibility:", url_path="explore", default=True),
    "compare": st.Page(compare.page, title="Compare", icon=":material/view_column:", url_path="compare"),
    "gallery": st.Page(gallery.page, title="Gallery", icon=":material/grid_view:", url_path="gallery"),
    "explain": st.Page(explain.page, title="Explain", icon=":material/image_search:", url_path="explain"),
    "layers": st.Page(layers.page, title="Layers", icon=":material/layers:", url_path="layers"),
    "learn": st.Page(learn.page, title="Learn", icon=":material/school:", url_path="learn"),
    "glossary": st.Page(glossary.page, title="Glossary", url_path="glossary", visibility="hidden"),
}
if CLASSROOM.open:
    pages["class"] = st.Page(
        classroom.page,
        title="Class",
        icon=":material/groups:",
        url_path="class",
        visibility="visible" if membership.is_teacher() else "hidden",
    )
arrival.set_pages(pages)
page = st.navigation(list(pages.values()), position="top")
# On a phone it lies over the page: open only where nothing is to be seen before something in it is pressed.
pressed = page == pages["compare"] or (page == pages["explore"] and not welcome.expected())
st.set_page_config(initial_sidebar_state="expanded" if pressed else "auto")
with TURNS.turn():
    name = next(name for name, one in pages.items() if one == page)
    membership.show(name)
    corner = st.container(key=keys.CORNER.name)
    page.run()
    with corner:  # once it is known which lesson is shown
        keyboard.show(name)
    tab.drawn(session.visitor().token)
