"""The run that Explore shows, or what it says where there is none."""

from functools import partial

from actviz_core import ModelHandle, Recipe
from dashboard.actions import steering, welcome
from dashboard.components import viewer
from dashboard.state import keys, services, session
from dashboard.state.messages import guarded
from dashboard.state.page_state import Opened
from dashboard.widgets import start_image
from dashboard.words import target
from dashboard.words.changes import kept_in_going_on
from dashboard.words.outdated import UNMOVED


def show(recipe: Recipe, model: ModelHandle) -> None:
    entry, opened = session.watched(), session.opened()
    made = entry.recipe().spec if entry else recipe.spec  # of what is shown, whatever the page is set to by now
    pictured = opened.recipe if opened and opened.picture else recipe
    view = viewer.View(
        device=services.device(),
        height="max(400px, calc(100vh - 256px))",
        score_label=target.score_label(made.objectives[0]),
        title="" if entry else target.full_title(pictured.spec, model),
        placeholder=waiting(recipe, opened),
        still=opened.picture if opened else start_image.of(recipe.spec),
        iterations=recipe.spec.iterations,
        welcome=welcome.offer(model),
        unmoved=UNMOVED,
        kept=kept_in_going_on(made, recipe.spec) if entry else "",
    )
    viewer.show(
        session.visitor().token,
        [entry] if entry else [],
        keys.VIEWER,
        view,
        on_event=guarded(partial(steering.obey, model)),
    )


def waiting(recipe: Recipe, opened: Opened | None) -> str:
    """What is said where no run is shown: where settings and picture come from."""
    if opened is not None and opened.sketch:
        return (
            f"The Gallery's small picture ({opened.sketch} px). "
            f"Press Start to make it at full size ({opened.recipe.spec.width} px)."
        )
    if opened is not None and (opened.picture or opened.recipe == recipe):
        at = f", iteration {opened.recipe.picture} of {opened.recipe.spec.iterations}" if opened.recipe.picture else ""
        return f"Opened from {opened.name}{at}; press Start{' to make it again' if opened.picture else ''}."
    if recipe.spec.start == "photograph":
        return f"{start_image.WORDS} Press Start and watch it change."
    return (
        "Opened from the address of this page; press Start."
        if session.linked()
        else "Press Start and watch the picture form."
    )
