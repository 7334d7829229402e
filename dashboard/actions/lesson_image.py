"""The image of a lesson's step: a sample photograph in Explain's place, which Explain has back afterwards."""

from actviz_core import ClassLogit, Method, ModelHandle, StepImage, samples
from dashboard.actions import explain
from dashboard.actions.lessons import Opened
from dashboard.components.explain import ExplainEvent
from dashboard.server import touching
from dashboard.state import lent, services, session
from dashboard.state.explaining import Explaining, MapChoice, Picture
from dashboard.state.learning import Place
from dashboard.state.mapped import Mapped
from dashboard.state.page_state import Lent

HEARD = ("pause", "resume", "stop", "layer", "opacity", "reopen")  # what may be asked for on the component


def model_of(image: StepImage) -> ModelHandle:
    return services.loaded(image.model, image.weights)


def follow(shown: Opened) -> list[Mapped]:
    """The maps of the step that is shown; where it has no image Explain has its own back."""
    image = shown.step.image if shown.step else None
    if image is None:
        lent.give_back()
        return []
    model = model_of(image)
    borrow(shown.place, image, model)
    return explain.follow(model)


def borrow(place: Place, image: StepImage, model: ModelHandle) -> None:
    """The photograph takes the place of the visitor's image, once for each step."""
    state = session.state()
    if state.lent is not None and state.lent.place == place:
        return
    own = (state.lent.image, state.lent.explanation) if state.lent else (state.image, state.explanation)
    picture, label, objective = Picture(image.sample, samples.sample(image.sample)), None, None
    if image.objective is not None:
        checked = image.objective.checked(model, model.height, model.width)
        label, objective = (int(checked.label), None) if isinstance(checked, ClassLogit) else (None, checked)
    maps = tuple(MapChoice(method, objective) for method in image.methods)
    explanation = Explaining(maps, label=label, image=picture.version, sample=image.sample)
    touching.LAST.pop(session.visitor(), None)
    session.change(lent=Lent(place, *own), image=picture, explanation=explanation, seen=None, explained=None)


def choose_method(shown: Opened, kind: type[Method]) -> None:
    """The step's map by another method; those that it begins with stay beside it."""
    image = shown.step.image if shown.step else None
    if image is None:
        return
    own = tuple(MapChoice(method) for method in image.methods if type(method) is not kind)
    session.explain(Explaining(**{**vars(session.explanation()), "maps": (*own, MapChoice(kind()))}))


def hear(shown: Opened, event: ExplainEvent) -> None:
    """What was asked for on the image and its maps, as far as a lesson lets one."""
    if shown.step and shown.step.image and event.kind in HEARD:
        explain.obey(model_of(shown.step.image), event)
