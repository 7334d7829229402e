"""Several runs in step: those that agree share a pass through the network, and each is what it is alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from ..frames import Frame
from ..machine import fetched, is_out_of_memory, let_go
from ..models.model import Model
from .hyperparams import Hyperparams
from .loop import Ascent
from .passes import ForwardPass, Work, activations_of, gradients_of

Kind = tuple[Work, tuple[int, ...], int]  # of a batch: its work, the views of each run, torch's threads

# Where several runs share a pass. On a CPU they do so where each then is what it is alone, bit for bit, and else take
# turns: sums in another order show after 50 iterations.
BATCHED = {"cuda", "mps"}
# On a CPU: whether a batch of that kind was found equal.
EQUAL: WeakKeyDictionary[Model, dict[Kind, bool]] = WeakKeyDictionary()
# How many views fit the memory, where more did not.
FITTING: WeakKeyDictionary[Model, dict[Work, int]] = WeakKeyDictionary()

Answer = TypeVar("Answer")
Gradients = tuple[Tensor, Tensor]  # of an ascent's variables


def together(ascents: Sequence[Ascent], wishes: Sequence[Hyperparams | None]) -> list[Frame | Exception | None]:
    """The next frame of several runs, through the network in one batch where they agree.

    `wishes` is what each is told. A run that fails gives its problem and leaves the others alone; None: it has ended.
    """
    problems: dict[Ascent, Exception] = {}
    told = {ascent: (wish,) for ascent, wish in zip(ascents, wishes, strict=True) if not ascent.finished}
    begun = each(Ascent.begin, told, problems)
    repeated = each(Ascent.repeated, dict.fromkeys(begun, ()), problems)
    looking = dict.fromkeys((ascent for ascent, done in repeated.items() if not done), ())
    for (model, work), company in companies(each(Ascent.forward_pass, looking, problems)).items():
        found = dict(zip(company, descended(model, work, company), strict=True))
        each(stepped, {ascent: (gradients,) for ascent, gradients in found.items()}, problems)
    going = dict.fromkeys((ascent for ascent in repeated if ascent not in problems), ())
    visible = each(Ascent.visible, going, problems)
    arrays = iter(fetched([tensor for tensors in visible.values() for tensor in tensors]))
    of_each = {ascent: ([next(arrays) for _ in tensors],) for ascent, tensors in visible.items()}
    frames = each(Ascent.frame, of_each, problems)
    return [problems.get(ascent) or frames.get(ascent) for ascent in ascents]


def each(
    act: Callable[..., Answer], given: dict[Ascent, tuple[Any, ...]], problems: dict[Ascent, Exception]
) -> dict[Ascent, Answer]:
    """What an act gives for each ascent and its arguments; those that fail are among the problems instead."""
    found: dict[Ascent, Answer] = {}
    for ascent, arguments in given.items():
        try:
            with ascent.enough_memory():
                found[ascent] = act(ascent, *arguments)
        except Exception as problem:
            problems[ascent] = problem
    return found


def stepped(ascent: Ascent, found: Gradients | Exception) -> None:
    if isinstance(found, Exception):
        raise found
    ascent.update(*found)


def companies(passes: dict[Ascent, ForwardPass]) -> dict[tuple[Model, Work], dict[Ascent, int]]:
    """By network and work, those that may be one batch, with the number of their views."""
    found: dict[tuple[Model, Work], dict[Ascent, int]] = {}
    for ascent, asked in passes.items():
        found.setdefault((asked.model, asked.work), {})[ascent] = len(asked.views)
    return found


def descended(model: Model, work: Work, company: dict[Ascent, int]) -> Sequence[Gradients | Exception]:
    """The gradients of ascents that agree, in as many passes as memory and equality ask for.

    One that fails alone gives its problem.
    """
    ascents, views = list(company), sum(company.values())
    fitting = FITTING.setdefault(model, {})
    kind = (work, tuple(company.values()), torch.get_num_threads())
    if len(ascents) == 1 or views <= fitting.get(work, views) and known_of(model, kind) is not False:
        try:
            found = descent(ascents)
            if len(ascents) == 1 or is_equal(model, kind, ascents, found):
                return found
        except Exception as problem:
            if is_out_of_memory(problem):
                forget(ascents)
                let_go(problem, model.device)
                fitting[work] = min(views // 2, fitting.get(work, views))
            if len(ascents) == 1:
                return [problem]
        forget(ascents)  # not within the exception, which knows what the failed pass has computed
    middle = len(ascents) // 2
    halves = (dict(list(company.items())[part]) for part in (slice(middle), slice(middle, None)))
    return [gradients for half in halves for gradients in descended(model, work, half)]


def forget(ascents: Iterable[Ascent]) -> None:
    for ascent in ascents:
        ascent.forget()


def descent(ascents: Sequence[Ascent]) -> list[Gradients]:
    """By one pass forward and one back."""
    read = activations_of([ascent.forward_pass() for ascent in ascents])
    losses = [ascent.loss(activations) for ascent, activations in zip(ascents, read, strict=True)]
    found = gradients_of(losses, [variable for ascent in ascents for variable in ascent.variables])
    return list(zip(found[::2], found[1::2], strict=True))


# whether a batch is what each is alone


def known_of(model: Model, kind: Kind) -> bool | None:
    """None where that was not looked at yet."""
    return True if model.device.type in BATCHED else EQUAL.get(model, {}).get(kind)


def is_equal(model: Model, kind: Kind, ascents: Sequence[Ascent], found: Sequence[Gradients]) -> bool:
    """The same, looked at once for each kind: it hangs on the network and the processor, and hardly on the pictures."""
    known = known_of(model, kind)
    if known is None:
        ends = (0, -1)
        known = all(is_equal_alone(ascents[place], found[place]) for place in ends)
        if not known or all(found[place][0].any() for place in ends):  # without a gradient it would tell nothing
            EQUAL.setdefault(model, {})[kind] = known
    return known


def is_equal_alone(ascent: Ascent, found: Gradients) -> bool:
    score = ascent.score
    ascent.forget()
    (alone,) = descent([ascent])
    return torch.equal(score, ascent.score) and all(map(torch.equal, found, alone))
