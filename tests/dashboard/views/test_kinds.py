"""Every kind of target on the page: alone, added up, nested, by a link; and one that somebody adds."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import (
    OBJECTIVES,
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    LayerEnergy,
    Neuron,
    Objective,
    Recipe,
    Spec,
    Sum,
    Term,
    export,
    registry,
)
from dashboard.state import links
from tests.dashboard.screen import MAIN, state_of, visitor_of

LAYER = "blocks.1.0"
SINGLE = (
    Channel(LAYER, 3),
    Neuron(LAYER, 3, 1, 2),
    ClassLogit(130),
    LayerEnergy(LAYER),
    Direction(LAYER, (3, 5), (1.0, -0.5)),
    Diversity(LAYER),
)
NESTED = Sum((Term(2.0, Sum((Term(1.0, SINGLE[0]), Term(-0.5, Diversity(LAYER))))), Term(1.0, SINGLE[2])))
SUMS = tuple(a + 0.5 * b for a, b in pairwise((*SINGLE, SINGLE[0])))
TARGETS = (*SINGLE, *SUMS, NESTED, Sum((Term(-1.0, Diversity(LAYER)),)))


def recipe_of(objective: Objective) -> Recipe:
    return Recipe(Spec("efficientnet_lite0", objective, iterations=3, height=48, width=64, count=2))


def opened(recipe: Recipe) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params[links.PARAMETER] = recipe.to_json()
    app.run()
    assert not app.exception and not app.error, objective_of(app)
    return app


def objective_of(app: AppTest) -> Objective:
    return state_of(app).recipe.spec.objective


def click(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception and not app.error


def test_every_kind_is_tried_here():
    assert {type(target) for target in TARGETS} == set(OBJECTIVES)


@pytest.mark.parametrize("objective", TARGETS, ids=str)
def test_a_link_opens_each_target_which_runs_and_loses_its_terms_one_by_one(objective, nothing_left_running):
    app = opened(recipe_of(objective))
    assert objective_of(app) == objective
    click(app, "start")
    run = visitor_of(app).get(state_of(app).run).run
    assert run.wait(lambda run: run.ended, 60) and not run.error
    while isinstance(objective_of(app), Sum) and len(objective_of(app).terms) > 1:
        before = len(objective_of(app).terms)
        app.session_state["target.term"] = 0
        click(app, "target.remove")
        assert not isinstance(objective_of(app), Sum) or len(objective_of(app).terms) == before - 1


@pytest.mark.parametrize("objective", SINGLE, ids=str)
def test_a_target_is_added_to_each_and_becomes_each_other_kind(objective, nothing_left_running):
    app = opened(recipe_of(objective))
    click(app, "target.add")
    assert len(objective_of(app).terms) == 2
    for name in app.segmented_control(key="target.kind").options:
        app.segmented_control(key="target.kind").set_value(name).run()
        assert not app.exception and not app.error
        assert app.segmented_control(key="target.kind").value == name


@dataclass(frozen=True)
class Brightest(Objective):
    """The strongest channel of a layer, whichever it is (the README's example)."""

    layer: str

    def __call__(self, activations):
        return activations[self.layer].mean((2, 3)).amax(1)


def test_a_kind_that_is_not_registered_changes_nothing_that_links_may_say():
    with pytest.raises(ActvizError, match="unknown kind"):
        Recipe.from_json(recipe_of(Brightest(LAYER)).to_json())


@pytest.fixture
def brightest(monkeypatch):
    monkeypatch.setitem(registry.KINDS, Objective, (*OBJECTIVES, Brightest))


def test_one_that_is_registered_is_opened_by_a_link_run_saved_and_opened_again(brightest, nothing_left_running):
    app = opened(recipe_of(Brightest(LAYER)))
    assert objective_of(app) == Brightest(LAYER)
    click(app, "start")
    entry = visitor_of(app).get(state_of(app).run)
    assert entry.run.wait(lambda run: run.ended, 60) and not entry.run.error
    saved = export.png(entry.run.newest.images, entry.recipe())
    app = opened(export.read_recipe(saved))
    assert objective_of(app) == Brightest(LAYER)
    app.segmented_control(key="target.kind").set_value("Channel").run()
    assert objective_of(app) == Channel(LAYER, 0) and "Brightest" in app.segmented_control(key="target.kind").options
