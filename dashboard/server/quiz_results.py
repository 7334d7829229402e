"""What came of a quiz, as the browser reads it: one's own, the class's, and what was published."""

from actviz_core import quiz
from dashboard.state.quizzing import Network, Quizzing


def own(sitting: quiz.Sitting) -> dict:
    """Shares by condition with their intervals, and by confidence; None where there was nothing to answer."""
    conditions = {
        condition: {"right": share.right, "of": share.of, "interval": list(share.wilson())}
        for condition, share in quiz.by_condition(sitting).items()
    }
    confidences = {str(level): [share.right, share.of] for level, share in quiz.by_confidence(sitting).items()}
    return {"counted": quiz.is_counted(sitting), "conditions": conditions, "confidences": confidences}


def published() -> dict:
    confidences = {str(level): share for level, share in quiz.CONFIDENCES.items()}
    return {"conditions": quiz.SHARES, "confidences": confidences, "source": quiz.SOURCE}


def of_class(quizzing: Quizzing) -> list[dict]:
    """Of each network that members were asked about; shares from ENOUGH_PERSONS on, once the teacher reveals them."""
    revealed = quizzing.classroom.quiz_revealed
    return [told(network, sittings, revealed) for network, sittings in quizzing.by_network().items()]


def told(network: Network, sittings: list[quiz.Sitting], revealed: bool) -> dict:
    persons, shares = quiz.of_group(sittings)
    return {
        "network": network[0],
        "begun": len(sittings),
        "halfway": sum(2 * len(each.answers) >= len(each.trials) for each in sittings),
        "finished": sum(each.finished for each in sittings),
        "persons": persons,
        "needed": quiz.ENOUGH_PERSONS,
        "revealed": revealed,
        "conditions": {name: [each.share, each.low, each.high] for name, each in shares.items() if revealed},
        "published": quiz.SHARES,
    }
