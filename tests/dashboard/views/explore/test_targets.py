"""The targets that Explore offers, and what becomes of one when another is chosen."""

from dataclasses import dataclass, replace

from actviz_core import (
    OBJECTIVES,
    Channel,
    ClassLogit,
    Direction,
    LayerEnergy,
    Model,
    Neuron,
    Objective,
    Recipe,
    Spec,
    Sum,
    preset,
    registry,
)
from actviz_core.models.own import OWN
from actviz_core.settings import setting
from dashboard.actions import neighbours
from dashboard.state import services
from dashboard.words import target
from tests.core.tiny import Answering
from tests.dashboard.screen import run_of
from tests.dashboard.views.explore.page import SMALL, recipe_of


def test_targets_of_every_kind(page):
    app = page(Recipe(SMALL))
    app.button_group(key="target.kind").set_value("Neuron").run()
    app.number_input(key="target.row").set_value(1).run()
    assert recipe_of(app).spec.objective == Neuron("blocks.1.0", 3, 1, None)
    app.button_group(key="target.kind").set_value("Class").run()
    app.selectbox(key="target.label").set_value(291).run()
    assert recipe_of(app).spec.objective == ClassLogit(291)
    app.button_group(key="target.kind").set_value("Direction").run()
    app.text_input(key="target.direction").set_value("1:2, 3:-0.5").run()
    assert recipe_of(app).spec.objective.channels == (1, 3) and recipe_of(app).spec.objective.weights == (2.0, -0.5)
    app.text_input(key="target.direction").set_value("nonsense").run()
    assert "cannot be read" in app.error[0].value
    assert isinstance(recipe_of(app).spec.objective, Direction), "the last good one is kept"
    for text, sentence in (
        ("1:nan", "The weight of channel 1 is nan; it must be a finite number."),
        ("1:2, 3:-1e999", "The weight of channel 3 is -inf; it must be a finite number."),
        (f"{10**20}:1", f"Channel {10**20} is out of range: no layer has so many."),
    ):
        app.text_input(key="target.direction").set_value(text).run()
        assert app.error[0].value.replace("\\", "") == sentence
        assert app.text_input(key="target.direction").value == "1:2, 3:-0.5"


def test_the_good_default_follows_the_target(page):
    app = page(Recipe(Spec("efficientnet_lite0", Channel("blocks.5.0", 3))))
    assert app.select_slider(key="learning_rate").value == 0.175

    app.selectbox(key="target.layer").set_value("blocks.1.0").run()  # a cell sees 11 pixels
    assert recipe_of(app).spec.tile == 72 and recipe_of(app).hyperparams == preset("good").textures.fine.hyperparams
    assert app.select_slider(key="learning_rate").value == 0.35 and app.selectbox(key="preset").value == "Good default"

    app.selectbox(key="target.layer").set_value("blocks.5.0").run()
    assert recipe_of(app) == Recipe(Spec("efficientnet_lite0", Channel("blocks.5.0", 3)))

    app.select_slider(key="learning_rate").set_value(0.2).run()
    app.selectbox(key="target.layer").set_value("blocks.1.0").run()
    assert not recipe_of(app).spec.tile and app.select_slider(key="learning_rate").value == 0.2, (
        "one's own settings stay"
    )


@dataclass(frozen=True)
class Loudest(Objective):
    """A kind that somebody has declared, as in the README."""

    layer: str
    share: float = setting(0.5, low=0.0, high=1.0, step=0.1, help="of its channels")

    def __call__(self, activations):
        channels = activations[self.layer].mean((2, 3))
        return channels.topk(max(1, int(self.share * channels.shape[1])), 1).values.mean(1)


def test_a_target_of_a_kind_that_somebody_declared(page, monkeypatch):
    monkeypatch.setitem(registry.KINDS, Objective, (*OBJECTIVES, Loudest))
    app = page(Recipe(replace(SMALL, objective=Loudest("blocks.1.0"), iterations=3)))
    assert (
        app.button_group(key="target.kind").value == "Loudest"
        and app.selectbox(key="target.layer").value == "blocks.1.0"
    )
    app.slider(key="target.share").set_value(0.2).run()
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 3 and not app.exception
    assert recipe_of(app).spec.objective == Loudest("blocks.1.0", 0.2)
    app.button(key="target.add").click().run()
    assert app.selectbox(key="target.term").options == ["+1 · blocks.1.0, loudest", "+1 · blocks.1.1, loudest"]
    app.button_group(key="target.kind").set_value("Channel").run()
    assert (
        recipe_of(app).spec.objective == Loudest("blocks.1.0", 0.2) + 1.0 * Channel("blocks.1.1", 0)
        and not app.exception
    )
    assert target.score_label(Loudest("blocks.1.0")) == "score (loudest)"


def test_a_class_of_a_network_that_answers_with_a_dictionary(page, monkeypatch):
    def network(**given):
        return lambda: Model.of(
            Answering(lambda logits, means, maps: {"means": means, "logits": logits} if given else (means, logits)),
            size=32,
            **given,
        )

    monkeypatch.setitem(OWN, "mine:named", network(labels="abcde"))
    monkeypatch.setitem(OWN, "mine:pair", network())
    app = page(Recipe(Spec("mine:named", Channel("conv", 3), height=32, width=32, iterations=4)))
    app.button_group(key="target.kind").set_value("Class").run()
    assert app.selectbox(key="target.label").options == ["0 a", "1 b", "2 c", "3 d", "4 e"]
    app.selectbox(key="target.label").set_value(4).run()
    app.button(key="start").click().run()
    assert not app.exception and not app.error and run_of(app).wait(lambda run: run.ended, 60)
    assert run_of(app).iteration == 4 and recipe_of(app).spec.objective == ClassLogit(4)
    app.selectbox(key="model").set_value("mine:pair").run()
    assert isinstance(recipe_of(app).spec.objective, Channel) and not app.exception
    app.button_group(key="target.kind").set_value("Class").run()
    assert "which holds the classes cannot be told" in app.error[0].value and not app.exception


def test_a_sum_is_built_and_taken_apart(page):
    app = page(Recipe(SMALL))
    app.button(key="target.add").click().run()
    app.number_input(key="target.channel").set_value(7).run()
    app.number_input(key="target.weight").set_value(-0.5).run()
    assert recipe_of(app).spec.objective == Channel("blocks.1.0", 3) - 0.5 * Channel("blocks.1.0", 7)
    assert isinstance(recipe_of(app).spec.objective, Sum)
    app.button(key="target.remove").click().run()
    assert recipe_of(app).spec.objective == Channel("blocks.1.0", 3)


def test_another_target_begins_with_something_else(page):
    app = page(Recipe(replace(SMALL, objective=Channel("blocks.1.0", 22))))  # of 24
    for channels in ([22, 23], [22, 23, 21]):
        app.button(key="target.add").click().run()
        assert [term.objective for term in recipe_of(app).spec.objective.terms] == [
            Channel("blocks.1.0", channel) for channel in channels
        ]
    app.selectbox(key="target.term").set_value(0).run()
    app.button(key="target.add").click().run()
    assert recipe_of(app).spec.objective.terms[-1].objective == Channel("blocks.1.0", 20)
    beside = {
        ClassLogit(999): ClassLogit(998),
        LayerEnergy("blocks.1.0"): LayerEnergy("blocks.1.1"),
        Direction("blocks.1.0", (4, 9), (1.0, -2.0)): Channel("blocks.1.0", 10),
    }
    model = services.model(SMALL.model, "")
    assert {objective: neighbours.another(objective, model, (64, 96)) for objective in beside} == beside
