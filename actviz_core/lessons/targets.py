"""Targets: whether the networks of a step have the layers, channels and classes that its file names."""

from collections.abc import Callable

from ..errors import ActvizError
from ..models.layers import find_layer
from ..models.model import Model
from ..objectives import Channel, ClassLogit, Neuron, Objective, terms_of
from ..optimization.recipe import Recipe
from .lesson import Solution, Step
from .problems import Findings
from .steering import choose

Models = Callable[[str, str], Model]
Size = tuple[int, int]


class Targets:
    """Looks at all that a step is about; what there is not is found at its own line."""

    def __init__(self, step: Step, models: Models, findings: Findings) -> None:
        self.step, self.models, self.findings = step, models, findings

    def check(self) -> None:
        """The runs, the image, what channels gained, and what the solution chooses."""
        for at, run in enumerate(self.step.runs):
            if model := self.model(f"runs[{at}]", run.recipe.spec.model, run.recipe.spec.weights):
                self.check_recipe(run.recipe, model, f"runs[{at}]")
        if image := self.step.image:
            model = self.model("image", image.model, image.weights)
            if model and image.objective:
                self.check_objective(image.objective, model, (model.height, model.width), "image")
        if not self.findings.problems:
            for at in self.step.steers:
                self.check_chosen(self.step.runs[at].recipe)

    def model(self, path: str, name: str, weights: str) -> Model | None:
        """The network of a run or an image, if it can be had."""
        try:
            return self.models(name, weights)
        except ActvizError as problem:
            self.find(problem, f"{path}.model", f"{path}.recipe")
            return None

    def check_recipe(self, recipe: Recipe, model: Model, path: str) -> None:
        """What a run maximizes, and the class of a gain."""
        for objective in recipe.spec.objectives:
            self.check_objective(objective, model, (recipe.spec.height, recipe.spec.width), path)
        if gained := self.step.gained:
            self.check_one(ClassLogit(gained.label), model, (model.height, model.width), "gained.class")

    def check_chosen(self, recipe: Recipe) -> None:
        """What the solution makes of a run."""
        model = self.models(recipe.spec.model, recipe.spec.weights)
        changes = (self.step.solution or Solution({}, {})).changes
        for name in ("preset", "layer", "channel", "class", "seed"):
            if name in changes:
                try:
                    recipe = choose(recipe, {name: changes[name]}, model)
                except ActvizError as problem:
                    self.find(problem, f"solution.{name}")
        if not self.findings.problems:
            self.check_recipe(recipe, model, "solution")

    def check_objective(self, objective: Objective, model: Model, size: Size, path: str) -> None:
        """Each term of an objective: its layer, and what it asks of that."""
        for one in (term.objective for term in terms_of(objective)):
            layer = getattr(one, "layer", None)
            try:
                if isinstance(layer, str):
                    find_layer(model, layer, *size)
            except ActvizError as problem:
                self.find(problem, *places(path, "layer"))
                continue
            if isinstance(one, Neuron) and not self.check_one(
                Channel(one.layer, one.channel), model, size, *places(path, "channel")
            ):
                continue
            asked = "neuron" if isinstance(one, Neuron) else "class" if isinstance(one, ClassLogit) else "channel"
            self.check_one(one, model, size, *places(path, asked))

    def check_one(self, objective: Objective, model: Model, size: Size, *paths: str) -> bool:
        """Whether the network can be asked for it."""
        try:
            objective.checked(model, *size)
        except ActvizError as problem:
            self.find(problem, *paths)
            return False
        return True

    def find(self, problem: ActvizError, *paths: str) -> None:
        """What a network refuses, at the first of these fields that the file has."""
        what = f"The step cannot be played: {str(problem).rstrip('.')}."
        self.findings.add(self.step.places.of(*paths), what, "Name what the network has; `actviz layers` lists it.")


def places(path: str, field: str) -> tuple[str, ...]:
    """Where a run may name its target: in a field, a table, or a file beside the lesson."""
    return tuple(f"{path}.{name}" for name in (f"objective.{field}", "objective", field, "recipe"))
