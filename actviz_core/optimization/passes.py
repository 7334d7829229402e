"""Passes through the network: what the steps of a run ask for, answered for one run alone or for several in one batch.

The steps of a run are a generator. It yields a Look and wants to know what was Seen, then what it wants Fetched and
wants the arrays, then the Frame, and wants to hear what holds from the next iteration on. A Look holds all that a pass
needs, so that one that fails can be tried again.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from ..frames import Frame
from ..machine import constant, fetched, is_out_of_memory, let_go
from ..models.layers import activations
from ..models.model import Model
from ..models.redirected_relu import redirected_relus

# Where several runs share a pass. On a CPU they do so where each then is what it is alone, bit for bit, and else take
# turns: sums in another order show after 50 iterations.
BATCHED = {"cuda", "mps"}
EQUAL: WeakKeyDictionary[Model, dict[tuple, bool]] = (
    WeakKeyDictionary()
)  # on a CPU: whether a batch of that kind was found equal
FITTING: WeakKeyDictionary[Model, dict[tuple, int]] = (
    WeakKeyDictionary()
)  # how many views fit the memory, where more did not


@dataclass(frozen=True, eq=False)
class Look:
    """Views [v, 3, h, w] that the network is to see.

    With the layers that are to be read, and what is made of their activations.

    score    activations by layer's name -> [n]
    reduced  in 16 bits
    """

    model: Model
    views: Tensor
    layers: tuple[str, ...]
    score: Callable[[dict[str, Tensor]], Tensor]
    redirected: bool = False
    reduced: bool = False

    @property
    def work(self) -> tuple:
        """What a pass of one view costs hangs on this."""
        return self.layers, self.views.shape[1:], self.redirected, self.reduced

    @property
    def company(self) -> tuple:
        """Looks that agree in this may be one batch."""
        return id(self.model), self.work


@dataclass(frozen=True, eq=False)
class Seen:
    """The score [n] of a look, and its gradient with respect to the views."""

    score: Tensor
    gradient: Tensor


@dataclass(frozen=True, eq=False)
class Fetch:
    """Tensors that are wanted as arrays, in their order."""

    tensors: tuple[Tensor, ...]


@dataclass(frozen=True)
class Hidden:
    """An iteration that nobody is shown; the device may still be busy with it."""

    iteration: int


Steps = Generator[Look | Fetch | Frame | Hidden, object, None]


def alone(steps: Steps, hidden: bool = False) -> Generator[Frame | Hidden, object, None]:
    """The frames of one run; its hidden iterations too for whoever shares a thread with others."""
    answer = None
    try:
        while True:
            asked = steps.send(answer)
            if isinstance(asked, Hidden) and not hidden:
                answer = None
                continue
            if isinstance(asked, (Frame, Hidden)):
                answer = yield asked
                continue
            answer = tried([asked])[0] if isinstance(asked, Look) else attempt(fetched, asked.tensors)
            if isinstance(answer, Exception):
                steps.throw(answer)  # the steps know what it means, in words
                raise answer
    except StopIteration:
        return
    finally:
        steps.close()


def together(runs: Sequence[Steps], wishes: Sequence) -> list[Frame | Exception | None]:
    """The next frame of several runs, through the network in one batch where they agree.

    `wishes` is what each is told. A run that fails gives its problem and leaves the others alone; None: it has ended.
    """
    asked = [attempt(steps.send, wish) for steps, wish in zip(runs, wishes, strict=True)]
    asked = answered(runs, asked, Look, in_batches)
    return answered(runs, asked, Fetch, fetched_at_once)


def answered(runs: Sequence[Steps], asked: list, kind: type, answer: Callable[[list], list]) -> list:
    """What the runs ask for next, once those that ask for this kind of thing have got it."""
    places = [place for place, question in enumerate(asked) if isinstance(question, kind)]
    asked = list(asked)
    for place, given in zip(places, answer([asked[place] for place in places]), strict=True):
        deliver = runs[place].throw if isinstance(given, Exception) else runs[place].send
        asked[place] = attempt(deliver, given)
    return asked


def attempt(call: Callable, *arguments):
    try:
        return call(*arguments)
    except StopIteration:
        return None
    except Exception as problem:
        return problem


def in_batches(looks: list[Look]) -> list[Seen | Exception]:
    found: list = [None] * len(looks)
    for company in dict.fromkeys(look.company for look in looks):
        places = [place for place, look in enumerate(looks) if look.company == company]
        for place, answer in zip(places, tried([looks[place] for place in places]), strict=True):
            found[place] = answer
    return found


def tried(looks: list[Look]) -> list[Seen | Exception]:
    """What looks that agree see, in as many passes as memory and equality ask for.

    A look that fails alone gives its problem.
    """
    first, views = looks[0], sum(len(look.views) for look in looks)
    fitting = FITTING.setdefault(first.model, {})
    if len(looks) == 1 or views <= fitting.get(first.work, views) and known_of(looks) is not False:
        try:
            found = passed(looks)
            if is_equal(looks, found):
                return found
        except Exception as problem:
            if is_out_of_memory(problem):
                let_go(problem, first.model.device)
                problem.__traceback__ = problem.__context__ = None
                fitting[first.work] = min(views // 2, fitting.get(first.work, views))
            if len(looks) == 1:
                return [problem]
    # Not within the exception: it knows what the failed pass has computed.
    middle = len(looks) // 2
    return tried(looks[:middle]) + tried(looks[middle:])


def known_of(looks: list[Look]) -> bool | None:
    """Whether a batch of this kind is what each look is alone, None if that is not known yet."""
    if len(looks) == 1 or looks[0].model.device.type in BATCHED:
        return True
    return EQUAL.get(looks[0].model, {}).get(kind_of(looks))


def kind_of(looks: list[Look]) -> tuple:
    return looks[0].work, tuple(len(look.views) for look in looks), torch.get_num_threads()


def is_equal(looks: list[Look], found: list[Seen]) -> bool:
    """The same, looked at once for each kind: it hangs on the network and the processor, and hardly on the pictures."""
    known = known_of(looks)
    if known is None:
        ends = (0, -1)
        known = all(same_bits(found[place], passed([looks[place]])[0]) for place in ends)
        if not known or all(found[place].gradient.any() for place in ends):  # without a gradient it would tell nothing
            EQUAL.setdefault(looks[0].model, {})[kind_of(looks)] = known
    return known


def same_bits(one: Seen, other: Seen) -> bool:
    return torch.equal(one.score, other.score) and torch.equal(one.gradient, other.gradient)


def passed(looks: list[Look]) -> list[Seen]:
    """What each of several looks that agree sees, in one pass forward and one back."""
    first, sizes = looks[0], [len(look.views) for look in looks]
    views = first.views if len(looks) == 1 else torch.cat([look.views for look in looks])
    views = views.detach().requires_grad_()
    autocast = torch.autocast(first.model.device.type, torch.bfloat16, enabled=first.reduced)
    with redirected_relus(first.redirected), autocast:
        found = activations(first.model, views, first.layers, first.reduced)
    # What is one is not split or joined: each such step is a copy on the way back.
    parts = {
        name: values.float().split(sizes) if len(looks) > 1 else (values.float(),) for name, values in found.items()
    }
    scores = [look.score({name: values[place] for name, values in parts.items()}) for place, look in enumerate(looks)]
    ones = [constant((1.0,) * len(score), score.dtype, score.device) for score in scores]
    (gradient,) = torch.autograd.grad(scores, views, ones)
    gradients = gradient.split(sizes)
    return [Seen(score.detach(), part) for score, part in zip(scores, gradients, strict=True)]


def fetched_at_once(questions: list[Fetch]) -> list[list[np.ndarray]]:
    """The arrays of several runs, waited for once."""
    arrays = iter(fetched([tensor for question in questions for tensor in question.tensors]))
    return [[next(arrays) for _ in question.tensors] for question in questions]
