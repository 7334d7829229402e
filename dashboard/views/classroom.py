"""Class: the teacher's page. Whoever has not her cookie is told so by the component and sees nothing of the class."""

from dashboard.actions import arrival, membership
from dashboard.components import classroom
from dashboard.state import links, session
from dashboard.state.page_state import START
from dashboard.widgets import message, tab_title
from dashboard.words.classroom import words
from dashboard.words.labels import full


def page() -> None:
    arrival.arrive("class")
    message.show()
    tab_title.set_to("Class")
    recipe = links.bare(session.recipe())
    lang = session.learning().lang
    classroom.show(membership.offered(), recipe.to_json(), full(recipe), lang, words(lang)["not_teacher"])
    # What is pushed is still set after a restart of the server: the address keeps it, as on Explore.
    session.share({} if recipe == START else {links.PARAMETER: links.write(recipe)})
