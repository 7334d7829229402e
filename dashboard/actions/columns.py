"""What is compared: columns that are made, added, removed, given sliders of their own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from actviz_core import FILLS, ActvizError, Comparison, Recipe, check_fill, filled, read_comparison
from dashboard.actions import board, runs
from dashboard.components import focus
from dashboard.state import keys, services, session
from dashboard.words.outdated import counted, told_of_columns


def impossible(recipe: Recipe, fill: Callable) -> str:
    """Why columns cannot be made like this of Explore's target; "" where they can."""
    try:
        check_fill(recipe, fill)
    except ActvizError as problem:
        return str(problem).capitalize()
    return ""


def create() -> None:
    """Columns as chosen, of what Explore is set to, in place of the present ones; they start."""
    before = len(session.comparison().columns)
    session.set_comparison(filled(session.recipe(), FILLS[session.fill()], services.loaded))
    start()
    if before:
        now = counted(len(session.comparison().columns))
        st.toast(f"{now} in place of the {before} before.", icon=":material/view_column:")


def start() -> None:
    board.start(session.comparison())


def new_seed() -> None:
    """Seeds that no column had; those that shared one share the new one."""
    recipes = session.comparison().recipes
    seeds = [recipe.spec.seed for recipe in recipes]
    further = max(seeds) - min(seeds) + 1
    renewed = [replace(recipe, spec=replace(recipe.spec, seed=recipe.spec.seed + further)) for recipe in recipes]
    session.set_comparison(with_recipes(session.comparison(), renewed))
    start()


def with_recipes(comparison: Comparison, recipes: Sequence[Recipe]) -> Comparison:
    """The same columns with other recipes."""
    both = zip(comparison.columns, recipes, strict=True)
    return Comparison(tuple(replace(column, recipe=recipe) for column, recipe in both))


def add(recipe: Recipe) -> int:
    """One more column, and its number. ActvizError where one is the same already, unless that has been said before."""
    comparison = session.comparison()
    wider = comparison.added(recipe)
    new = wider.columns[-1]
    same = next((column.number for column in comparison.columns if column.recipe == new.recipe), None)
    if same is not None and keys.TWICE.get() != new.recipe:
        keys.TWICE.set(new.recipe)
        raise ActvizError(f"column {same} is the same already. To have it twice, add it once more.")
    keys.TWICE.pop()
    session.set_comparison(wider)
    return new.number


def add_from_explore() -> None:
    add(session.recipe())
    session.show_sweep(False)


def add_and_tell(recipe: Recipe) -> None:
    """One more column, from another page."""
    add(recipe)
    session.show_sweep(False)
    st.toast(f"Compare has {counted(len(session.comparison().columns))} now.", icon=":material/view_column:")


def add_explores_and_tell() -> None:
    add_and_tell(session.recipe())


def switch(number: int) -> None:
    session.set_comparison(session.comparison().switched(number))


def remove(number: int) -> None:
    """The focus goes to the button that removes the next column, or the one before.

    After the last it goes to the one that creates some.
    """
    before = [column.number for column in session.comparison().columns]
    session.set_comparison(session.comparison().without(number))
    left = [column.number for column in session.comparison().columns]
    focus.move(keys.remove(left[min(before.index(number), len(left) - 1)]) if left else keys.DO_FILL)


def steer(number: int, address: str, value: object) -> None:
    """One number of the columns that these sliders move, as they are now."""
    comparison, entries = session.comparison(), board.by_column()
    now = [
        runs.by_now(column.recipe, entries.get(column.number)) if column.obeys(number) else column.recipe
        for column in comparison.columns
    ]
    gone = board.to_come([column for column in comparison.columns if column.obeys(number)])
    board.steer(with_recipes(comparison, now).steered(number, address, value))
    runs.tell_given_up(gone)


def notes() -> list[str]:
    """What is said beside Start."""
    columns = session.comparison().columns
    replayed = max(board.to_come(columns), default=0)
    return told_of_columns(len(columns), board.outdated(), session.sweeping(), replayed)


def file_given(file: Any) -> None:
    comparison = read_comparison(file.getvalue())
    session.set_comparison(with_recipes(comparison, session.brought(comparison.recipes)))
    board.clear()
