"""What the tests of the Compare page know of it: its columns, their runs, its words."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Column, Comparison, Recipe, Spec
from tests.dashboard.screen import state_of, visitor_of

SCRIPT = "from dashboard.views import compare\ncompare.page()"
SMALL = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=6))
LONG = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=100_000))


def entries_of(app: AppTest) -> list:
    return [visitor_of(app).get(key) for key in state_of(app).shown]


def runs_of(app: AppTest) -> list:
    return [entry.run for entry in entries_of(app)]


def texts(app: AppTest) -> list[str]:
    """What the page says, without the backslashes that keep it from being Markdown."""
    return [text.value.replace("\\", "") for text in app.markdown]


def finished(run) -> bool:
    return run.wait(lambda run: run.ended, 60)


def told(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption if "Start" in caption.value]


def columns(*recipes: Recipe) -> tuple[Column, ...]:
    return Comparison(tuple(map(Column, recipes))).columns


def changed(recipe: Recipe = SMALL, **spec) -> Recipe:
    return replace(recipe, spec=replace(recipe.spec, **spec))


def marks(run) -> float | None:
    return run.marks[-1][1].learning_rate if run.marks else None


def three_running(page) -> tuple[AppTest, list]:
    app = page(
        changed(LONG, objective=Channel("blocks.1.0", 9)),
        Comparison()
        .added(LONG)
        .added(changed(LONG, objective=Channel("blocks.1.0", 5)))
        .added(changed(LONG, objective=Channel("blocks.1.0", 7))),
    )
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert len(runs) == 3 and all(run.wait(lambda run: run.iteration >= 2, 60) for run in runs)
    return app, runs
