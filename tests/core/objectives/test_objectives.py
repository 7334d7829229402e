from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import torch

from actviz_core import (
    OBJECTIVES,
    OUTPUT,
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    Hyperparams,
    LayerEnergy,
    Model,
    Neuron,
    PixelImage,
    Spec,
    Sum,
    Term,
    class_layer,
    optimize,
)
from actviz_core.models.activations import activations
from actviz_core.objectives import scores_of
from actviz_core.objectives.units import gathered
from tests.core.tiny import Answering, reference, tiny_images, tiny_model

A, B, C = Channel("conv2", 1), Neuron("conv1", 2, 3, 14), ClassLogit(3)
EXAMPLES = [
    Channel("conv2", 1),
    Neuron("conv2", 2, 3, 14),
    ClassLogit(3),
    LayerEnergy("relu@2"),
    Direction("conv2", (1, 3), (1.0, -0.5)),
    Diversity("conv2"),
    Channel("conv2", 1) - 0.5 * Channel("conv1", 2),
    Direction("conv2", (0, 2), (1.0, 1.0), cosine_power=2.0),
    Neuron("conv1", 1),
    -ClassLogit(0),
]


def label(value):
    return type(value).__name__


@pytest.fixture
def seen(model):
    return {name: values.double() for name, values in reference(model, tiny_images(3, 9, 17)).items()}


def test_every_objective_has_an_example():
    assert {type(example) for example in EXAMPLES} == set(OBJECTIVES)


@pytest.mark.parametrize("objective", EXAMPLES, ids=label)
def test_the_score_rises(objective, model):
    spec = Spec("tiny", objective, PixelImage(128.0, 40.0), height=16, width=24, count=3, iterations=30)
    scores = [sum(frame.score) for frame in optimize(model, spec, Hyperparams(4.0, ()))]
    rises = sum(after > before for before, after in pairwise(scores))
    assert scores[-1] > scores[0] + 0.05 * abs(scores[0]) and rises > 20


@pytest.mark.parametrize("objective", EXAMPLES, ids=label)
def test_a_score_for_each_image(objective, model):
    images = tiny_images(3, 9, 17)
    score = objective(activations(model, images, objective.layers))
    torch.testing.assert_close(
        score, objective({k: v for k, v in reference(model, images).items() if k in objective.layers})
    )
    assert score.shape == (3,)


# exact values


def test_channel_is_the_mean_of_one_map(seen):
    torch.testing.assert_close(Channel("conv2", 1)(seen), torch.tensor(seen["conv2"].numpy()[:, 1].mean((1, 2))))


def test_neuron_is_one_place_row_before_column(seen):
    assert Neuron("conv2", 2, 3, 14)(seen).tolist() == seen["conv2"][:, 2, 3, 14].tolist()
    with pytest.raises(IndexError):
        Neuron("conv2", 2, 14, 3)(seen)


def test_neuron_is_in_the_middle_by_default(seen):
    assert Neuron("conv2", 2)(seen).tolist() == seen["conv2"][:, 2, 4, 8].tolist()
    assert Neuron("conv2", 2, row=0)(seen).tolist() == seen["conv2"][:, 2, 0, 8].tolist()
    assert Neuron("conv2", 2, column=0)(seen).tolist() == seen["conv2"][:, 2, 4, 0].tolist()


def test_only_the_neurons_receptive_field_changes(model):
    images = tiny_images(1, 9, 17).requires_grad_()
    Neuron("conv1", 2, 3, 14)(activations(model, images, ["conv1"])).sum().backward()
    rows, columns = images.grad[0].abs().sum(0).nonzero().T
    assert set(rows.tolist()) == {2, 3, 4} and set(columns.tolist()) == {13, 14, 15}


def test_class_logit_reads_the_output(model, seen):
    assert ClassLogit(3).layers == (OUTPUT,)
    assert ClassLogit(3)(seen).tolist() == seen[OUTPUT][:, 3, 0, 0].tolist()
    torch.testing.assert_close(ClassLogit(3)(seen).float(), model(tiny_images(3, 9, 17))[:, 3])


def test_layer_energy_is_the_mean_square(seen):
    torch.testing.assert_close(LayerEnergy("conv2")(seen), torch.tensor((seen["conv2"].numpy() ** 2).mean((1, 2, 3))))


@pytest.mark.parametrize("power", [0.0, 1.0, 2.5])
def test_direction_is_dot_times_cosine_to_a_power(power, seen):
    x, w = seen["conv2"].numpy(), np.array([0, 1.5, 0, -0.5])
    dot = np.einsum("nchw,c->nhw", x, w)
    cosine = dot / (np.linalg.norm(x, axis=1) * np.linalg.norm(w))
    expected = (dot * np.maximum(cosine, 0.1) ** power).mean((1, 2))
    np.testing.assert_allclose(Direction("conv2", (1, 3), (1.5, -0.5), power)(seen), expected, rtol=1e-5)


def test_direction_as_text():
    direction = Direction.parse("conv2", "1:1.5, 3:-0.5,0", 2.0)
    assert direction == Direction("conv2", (1, 3, 0), (1.5, -0.5, 1.0), 2.0)
    assert Direction.parse("conv2", str(direction), 2.0) == direction


def test_diversity_is_minus_the_mean_cosine_of_gram_matrices(seen):
    grams = [np.einsum("chw,dhw->cd", x, x) for x in seen["conv2"].numpy()]
    grams = [gram / np.linalg.norm(gram) for gram in grams]
    expected = [-np.mean([(gram * other).sum() for other in grams if other is not gram]) for gram in grams]
    np.testing.assert_allclose(Diversity("conv2")(seen), expected)


def test_diversity_of_twins_and_of_one(seen):
    twin = {"conv2": seen["conv2"][:1].repeat(3, 1, 1, 1)}
    assert Diversity("conv2")(twin).tolist() == pytest.approx([-1] * 3)
    assert Diversity("conv2")({"conv2": seen["conv2"][:1]}).tolist() == [0]


# sums


@pytest.mark.parametrize(
    "objective, weights",
    [
        (A - B, (1, -1, 0)),
        (A + 3 * B - 5 * C, (1, 3, -5)),
        (2 * (A - 0.5 * B) + C, (2, -1, 1)),
        (-(A + B), (-1, -1, 0)),
        (A * 0.25 - (B - C), (0.25, -1, 1)),
        (A + A, (2, 0, 0)),
        (A - (A - (A - B)), (1, -1, 0)),
    ],
)
def test_sums_are_exact(objective, weights, seen):
    expected = sum(weight * part(seen) for weight, part in zip(weights, (A, B, C), strict=True))
    torch.testing.assert_close(objective(seen), expected, atol=1e-12, rtol=1e-12)


def test_operands_are_never_changed(seen):
    total = A + 2 * B
    before = total(seen).tolist(), total.terms
    total - 3 * C, -total, 5 * total, total + total
    assert (total(seen).tolist(), total.terms) == before
    assert Channel("conv2", 1) == A and Neuron("conv1", 2, 3, 14) == B and ClassLogit(3) == C
    assert total == Sum((Term(1.0, A), Term(2.0, B)))


def test_a_sum_reads_every_layer_once():
    assert (A + B - C + Channel("conv2", 0)).layers == ("conv2", "conv1", OUTPUT)


def test_a_sum_has_terms_but_not_too_many():
    for terms in ((), (Term(1.0, A),) * 33):
        with pytest.raises(ActvizError, match=f"a sum needs 1 to 32 terms; it has {len(terms)}."):
            Sum(terms)


def test_a_sum_of_sums_is_one_sum():
    nested = Sum((Term(2.0, Sum((Term(0.5, A), Term(-1.0, Sum((Term(3.0, B),)))))), Term(1.0, C)))
    assert nested == Sum((Term(1.0, A), Term(-6.0, B), Term(1.0, C)))
    with pytest.raises(ActvizError, match="it has 34"):
        Sum((Term(1.0, Sum((Term(1.0, A),) * 17)),) * 2)


# what does not exist


@pytest.mark.parametrize(
    "objective, sentence",
    [
        (Channel("conv3", 0), r"has no layer 'conv3' \(did you mean .*conv"),
        (Channel("conv2", 4), r"channel 4 is out of range: layer conv2 of tiny has 4 channels \(0 to 3\)."),
        (Direction("conv2", (0, 9), (1.0, 1.0)), "channel 9 is out of range"),
        (Neuron("pool", 0, 8, 0), r"row 8 is out of range: layer pool has 8 rows \(0 to 7\) at 16 x 24."),
        (Neuron("pool", 0, 0, 12), r"column 12 is out of range: layer pool has 12 columns \(0 to 11\) at 16 x 24."),
        (ClassLogit(5), r"class 5 is out of range: tiny has 5 classes \(0 to 4\)."),
        (ClassLogit(-1), "class -1 is out of range"),
        (ClassLogit("bees"), r"tiny has no class named 'bees' \(did you mean bee"),
        (LayerEnergy("unused"), "was not reached"),
        (A + Channel("conv2", 7), "channel 7 is out of range"),
    ],
)
def test_what_does_not_exist_is_told(objective, sentence, model):
    with pytest.raises(ActvizError, match=sentence):
        objective.checked(model, 16, 24)


def test_neurons_may_stand_in_the_last_row_and_column(model):
    assert Neuron("pool", 3, 7, 11).checked(model, 16, 24) == Neuron("pool", 3, 7, 11)


def test_class_names_become_indices(model):
    assert ClassLogit("DoG").checked(model, 16, 24) == ClassLogit(3)
    assert (A - ClassLogit("cat")).checked(model, 16, 24) == A - ClassLogit(2)


def test_a_network_without_class_names():
    with pytest.raises(ActvizError, match="tiny has no class names; give the class by its index."):
        ClassLogit("cat").checked(tiny_model(classes=7), 16, 24)


@dataclass
class Output:
    logits: torch.Tensor
    hidden: torch.Tensor


@pytest.mark.parametrize(
    "answer, labels, found",
    [
        (lambda logits, means, maps: {"features": means, "logits": logits}, "", "output.logits"),
        (lambda logits, means, maps: Output(logits, maps), "", "output.logits"),
        (lambda logits, means, maps: (means, [logits]), "abcde", "output.1.0"),
        (lambda logits, means, maps: (maps, logits, logits.argmax(1)), "", "output.1"),
        (lambda logits, means, maps: [logits], "", "output.0"),
        (
            lambda logits, means, maps: (means, logits),
            "",
            (
                r"several outputs, and which holds the classes cannot be told: "
                r".* output.0 \(4 channels\), output.1 \(5 channels\)."
            ),
        ),
        (lambda logits, means, maps: logits.sum(), "", "answers with nothing that could be classes; choose a layer."),
    ],
    ids=["dictionary", "dataclass", "tuple and class names", "tuple and maps", "list", "tuple", "number"],
)
def test_classes_are_found_among_several_outputs(answer, labels, found):
    network = Answering(answer)
    model = Model.of(network, size=(12, 16), labels=labels, device="cpu")
    if not found.startswith("output."):
        with pytest.raises(ActvizError, match=found):
            ClassLogit(3).checked(model, 12, 16)
        return
    assert class_layer(model).name == found and ClassLogit(3).checked(model, 12, 16) == ClassLogit(3, found)
    spec = Spec(model.name, ClassLogit(3), PixelImage(), start="grey", height=12, width=16, iterations=1)
    (frame,) = optimize(model, spec, Hyperparams(1.0, ()))
    assert frame.score[0] == pytest.approx(
        float(network.fc(network.conv(torch.full((1, 3, 12, 16), 0.5)).relu().mean((2, 3)))[0, 3].detach()), abs=1e-6
    )
    with pytest.raises(ActvizError, match=r"class 5 is out of range: Answering has 5 classes \(0 to 4\)."):
        ClassLogit(5).checked(model, 12, 16)


@pytest.mark.parametrize("channels, weights", [((), ()), ((1, 2), (1.0,))])
def test_a_direction_needs_a_weight_for_each_channel(channels, weights):
    with pytest.raises(ActvizError, match="as many weights as channels and at least one"):
        Direction("conv2", channels, weights)


@pytest.mark.parametrize("text", ["", "a", "1:b", "1;2", "1:2:3"])
def test_a_direction_that_cannot_be_read(text):
    with pytest.raises(ActvizError, match="cannot be read; write CHANNEL:WEIGHT"):
        Direction.parse("conv2", text)


def test_a_direction_names_each_channel_once():
    """Twice the same one made a cosine above 1."""
    for make in (
        lambda: Direction("conv1", (1, 2, 1), (1.0, 1.0, 1.0)),
        lambda: Direction.parse("conv1", "1:1, 2:1, 1:1"),
    ):
        with pytest.raises(ActvizError, match="channel 1 stands in the direction more than once; give it one weight."):
            make()


# one for each image


def apart(objectives, activations):
    """What each image's objective says of it, asked one by one."""
    return torch.stack([objective(activations)[index] for index, objective in enumerate(objectives)])


@pytest.mark.parametrize("size", [(6, 9, 8, 8), (3, 16, 64, 64), (4, 7, 1, 1), (5, 6, 7, 5)])
@pytest.mark.parametrize("views", [1, 3])
@pytest.mark.parametrize(
    "kind",
    [
        lambda index: Channel("a", 5 - index),
        lambda index: Neuron("a", 2 * index % 5, 0),
        lambda index: ClassLogit(5 - index),
    ],
)
def test_objectives_that_differ_in_their_channel_are_one_gather_bit_for_bit(size, views, kind):
    objectives = tuple(map(kind, range(size[0])))
    spec = Spec("tiny", objectives, count=size[0])
    values = torch.randn(views * size[0], *size[1:], generator=torch.Generator().manual_seed(2)).requires_grad_()
    layer = objectives[0].layers[0]
    expected = torch.stack([apart(objectives, {layer: view}) for view in values.unflatten(0, (views, -1))]).mean(0)
    found = scores_of(objectives, {layer: values}, spec.count)
    assert torch.equal(found, expected) and gathered(objectives)
    gradients = [torch.autograd.grad(score.sum(), values)[0] for score in (found, expected)]
    assert torch.equal(*gradients)


@pytest.mark.parametrize(
    "objectives",
    [
        (Channel("a", 1),),
        (Channel("a", 1), Channel("b", 1)),
        (Channel("a", 1), Neuron("a", 1)),
        (Neuron("a", 1, 2), Neuron("a", 1)),
        (LayerEnergy("a"),) * 2,
        (Channel("a", 1) + Channel("a", 2),) * 2,
    ],
)
def test_others_are_asked_one_by_one(objectives):
    assert gathered(objectives) is None


def test_numbers_kept_on_the_device_know_their_kind():
    values = {"a": torch.rand(2, 4, 3, 3, generator=torch.Generator().manual_seed(1))}
    for direction in (
        Direction("a", (1, 2), (1.0, 2.0)),
        Direction("a", (1, 2), (1.0, 2.0), 1.0),
        Direction("a", (3, 0), (1.0, 2.0)),
    ):
        first, second = direction.channels
        expected = values["a"][:, first] * direction.weights[0] + values["a"][:, second] * direction.weights[1]
        if direction.cosine_power:
            expected = expected * (expected / (values["a"].norm(dim=1) * 5**0.5 + 1e-6)).clamp(min=0.1)
        torch.testing.assert_close(direction(values), expected.mean((1, 2)))
