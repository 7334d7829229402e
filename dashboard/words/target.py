"""What is maximized, in words."""

from actviz_core import ModelHandle, Objective, Spec, Sum, Term, kinds, labels
from dashboard.words.terms import term


def offered(within_sum: bool) -> dict[str, type[Objective]]:
    """The kinds of targets that can be chosen, by their titles; in a sum also those that mean nothing by themselves."""
    return {
        cls.title: cls for cls in kinds(Objective).values() if cls.alone or (within_sum and not issubclass(cls, Sum))
    }


def title(objective: Objective, model: ModelHandle | None = None) -> str:
    """A short name for people; classes have names where the model is given."""
    return objective.describe(model.labels if model else ())


def full_title(spec: Spec, model: ModelHandle) -> str:
    """Network and target, as it stands above the picture, and whether that repeats."""
    first, *rest = (title(objective, model) for objective in spec.objectives)
    more = [f"and {len(rest)} more"] if rest else []
    return ", ".join(filter(None, (spec.model, labels.weights_words(spec.weights), first, *more, labels.repeats(spec))))


def score_label(objective: Objective, lang: str = "en") -> str:
    """What the score is, for the axis of its curve."""
    return f"{term('score', lang)} ({term(objective.score, lang)})"


def explained(objective: Objective, model: ModelHandle | None = None) -> str:
    """The same as `title`, with a difference of two in the words of who asks why it is not the other one."""
    match objective:
        case Sum(terms=(Term(weight=1.0, objective=one), Term(weight=-1.0, objective=other))):
            return f"{title(one, model)}, not {title(other, model)}"
    return title(objective, model)
