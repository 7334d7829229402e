"""The quiz in a visitor's report: how far it is; at its end each answer, and how many were right, in one's language."""

from collections.abc import Iterator, Mapping

from actviz_core import Chapter, quiz
from dashboard.state.quizzing import QUIZZING
from dashboard.state.visitors import Visitor
from dashboard.words.lessons import words as of_lessons
from dashboard.words.quiz import words

Said = Mapping[str, str]
Lines = Iterator[tuple[str, str]]


def quizzed(visitor: Visitor, lang: str) -> Iterator[Chapter]:
    """Nothing of one that has not begun; of one that goes on no result, as on its page."""
    sitting, said = QUIZZING.sitting(visitor), words(lang)
    if sitting is None:
        return
    progress = said["progress"].format(n=len(sitting.answers), of=len(sitting.trials))
    lines = [(sitting.network[0], progress)]
    if sitting.finished:
        lines += [*results(sitting, said, of_lessons(lang)["colon"]), *answers(sitting, said)]
    yield Chapter(said["title"], tuple(lines))


def results(sitting: quiz.Sitting, said: Said, colon: str) -> Lines:
    """How many were right, by what was shown and by how sure one was, beside the published shares."""
    notes = [said["checks"], "" if quiz.is_counted(sitting) else said["not_counted"], said["reading_brackets"]]
    compare = said["compare"].format(network=sitting.network[0])
    yield said["end_own"], " ".join(filter(None, (*notes, compare)))
    for condition, share in quiz.by_condition(sitting).items():
        low, high = (f"{100 * end:.0f}" for end in share.wilson())
        interval = f" ({said['interval'].format(low=low, high=high)})" if share.of else ""
        yield said[f"with_{condition}"], beside(told(share, said) + interval, quiz.SHARES[condition], said)
    for level, share in quiz.by_confidence(sitting).items():
        name = f"{said['confidence']}{colon} {said[f'sure_{level}']}"
        yield name, beside(told(share, said), quiz.CONFIDENCES[level], said)


def told(share: quiz.Share, said: Said) -> str:
    return said["of"].format(right=share.right, of=share.of) if share.of else said["no_answers"]


def beside(own: str, published: float | None, said: Said) -> str:
    percent = None if published is None else f"{100 * published:.0f}"
    return own if percent is None else f"{own} · {said['published_share'].format(percent=percent)}"


def answers(sitting: quiz.Sitting, said: Said) -> Lines:
    """Each, and whether it was right where nobody is asked again."""
    practices, counted = len(sitting.length.practice), quiz.is_counted(sitting)
    for number, (trial, given) in enumerate(zip(sitting.trials, sitting.answers, strict=True)):
        practice = trial.kind == quiz.PRACTICE
        n, of = (number, practices) if practice else (number - practices, len(sitting.trials) - practices)
        name = said["practice" if practice else "count"].format(n=n + 1, of=of)
        parts = [f"{said[given.side]}, {said[f'sure_{given.confidence}']}"]
        if counted or practice:
            parts.append(said["was_right" if given.right else "was_wrong"])
        if trial.kind == quiz.CATCH:
            parts.append(said["check"])
        yield f"{name} · {said[f'with_{trial.condition}']}", " · ".join(parts)
