"""The numbers beside a lesson's picture, against the textbook's own loop."""

import pytest
import torch

from actviz_core import Channel, Recipe, Replay, Run, Spec, preset
from actviz_core.optimization.state import seed_of
from dashboard.server.lesson_numbers import told
from dashboard.state.watched import Watched
from tests.core.tiny import reference, tiny_model

ITERATIONS, RATE = 6, 4.0


def test_a_step_s_numbers_are_those_of_the_book_s_five_lines():
    model, spec = tiny_model(), Spec("tiny", Channel("conv2", 1), iterations=ITERATIONS, height=12, width=16)
    recipe = preset("textbook").applied(Recipe(spec))
    recipe = Recipe(recipe.spec, recipe.final.with_value("learning_rate", RATE))
    run = Run.of(Replay(recipe), ITERATIONS)
    entry, said = Watched(run, lambda: recipe), []
    for frame in Replay(recipe).begin(lambda *_: model):
        run.note(frame, None)
        said.append(told(entry, noisy=False))

    noise = recipe.spec.parametrization.noise(1, 12, 16, torch.Generator().manual_seed(seed_of(recipe.spec, 0)))
    image = noise.clone().requires_grad_()  # in grey levels, 0 to 255
    scores, sizes = [], []
    for _ in range(ITERATIONS):
        score = reference(model, image / 255)["conv2"][0, 1].mean()
        (g,) = torch.autograd.grad(score, image)
        scores.append(score.item())
        sizes.append(g.square().mean().sqrt().item())
        image = (image + RATE * g / g.square().mean().sqrt()).detach().requires_grad_()

    assert said[0]["rise"] is None
    for step, numbers in enumerate(said[:ITERATIONS], 1):
        assert (numbers["step"], numbers["rate"]) == (step, RATE)
        assert numbers["before"] == pytest.approx(scores[step - 1], rel=1e-4)
        assert step == 1 or numbers["rise"] == pytest.approx(scores[step - 1] - scores[step - 2], rel=1e-3, abs=1e-6)
        in_levels = numbers["gradient"] / 255  # it is told for pictures from 0 to 1; the formula divides it away
        assert in_levels == pytest.approx(sizes[step - 1], rel=1e-4)
