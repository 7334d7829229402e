"""Passes through the network: what the steps of a run ask for, answered for one run alone or for several in one batch.

The steps of a run are a generator. It yields a Look and wants to know what was Seen, then what it wants Fetched and wants the
arrays, then the Frame, and wants to hear what holds from the next iteration on. A Look holds all that a pass needs, so
that one that fails can be tried again.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .frames import Frame
from .layers import activations
from .machine import fetched
from .models import Model
from .redirected import redirected_relus


# Where several runs share a pass. On a CPU they take turns, so that each is what it is alone, bit for bit: a batch is
# summed otherwise there, which shows after 50 iterations, and at 224 px it gains little (docs/measurements.md).
BATCHED = {"cuda", "mps"}


@dataclass(frozen=True, eq=False)
class Look:
    """Views [v, 3, h, w] that the network is to see, the layers that are to be read, and what is made of their activations.

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
    def company(self) -> tuple:
        """Looks that agree in this are one batch."""
        single = None if self.model.device.type in BATCHED else id(self)
        return id(self.model), self.layers, self.views.shape[1:], self.redirected, self.reduced, single


@dataclass(frozen=True, eq=False)
class Seen:
    """The score [n] of a look, and its gradient with respect to the views."""

    score: Tensor
    gradient: Tensor


@dataclass(frozen=True, eq=False)
class Fetch:
    """Tensors that are wanted as arrays, in their order."""

    tensors: tuple[Tensor, ...]


Steps = Generator[Look | Fetch | Frame, object, None]


def alone(steps: Steps) -> Generator[Frame, object, None]:
    """The frames of one run."""
    answer = None
    try:
        while True:
            asked = steps.send(answer)
            if isinstance(asked, Frame):
                answer = yield asked
                continue
            try:
                answer = passed([asked])[0] if isinstance(asked, Look) else fetched(asked.tensors)
            except Exception as problem:
                steps.throw(problem)  # the steps know what it means, in words
                raise
    except StopIteration:
        return
    finally:
        steps.close()


def together(runs: Sequence[Steps], wishes: Sequence) -> list[Frame | Exception | None]:
    """The next frame of several runs, through the network in one batch where they agree.

    `wishes` is what each is told. A run that fails gives its problem and leaves the others alone; None: it has ended.
    """
    asked = [attempt(steps.send, wish) for steps, wish in zip(runs, wishes)]
    asked = answered(runs, asked, Look, in_batches)
    return answered(runs, asked, Fetch, fetched_at_once)


def answered(runs: Sequence[Steps], asked: list, kind: type, answer: Callable[[list], list]) -> list:
    """What the runs ask for next, once those that ask for this kind of thing have got it."""
    places = [place for place, question in enumerate(asked) if isinstance(question, kind)]
    asked = list(asked)
    for place, given in zip(places, answer([asked[place] for place in places])):
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
        answers = attempt(passed, [looks[place] for place in places])
        if isinstance(answers, Exception):  # too much for the memory, say: one after the other
            answers = [each[0] if isinstance(each := attempt(passed, [looks[place]]), list) else each for place in places]
        for place, answer in zip(places, answers):
            found[place] = answer
    return found


def passed(looks: list[Look]) -> list[Seen]:
    """What each of several looks that agree sees, in one pass forward and one back."""
    first, sizes = looks[0], [len(look.views) for look in looks]
    views = first.views if len(looks) == 1 else torch.cat([look.views for look in looks])
    views = views.detach().requires_grad_()
    autocast = torch.autocast(first.model.device.type, torch.bfloat16, enabled=first.reduced)
    with redirected_relus(first.redirected), autocast:
        found = activations(first.model, views, first.layers)
    parts = {name: values.float().split(sizes) for name, values in found.items()}
    scores = [look.score({name: values[place] for name, values in parts.items()}) for place, look in enumerate(looks)]
    (gradient,) = torch.autograd.grad(sum(score.sum() for score in scores), views)
    return [Seen(score.detach(), part) for score, part in zip(scores, gradient.split(sizes))]


def fetched_at_once(questions: list[Fetch]) -> list[list[np.ndarray]]:
    """The arrays of several runs, waited for once."""
    arrays = iter(fetched([tensor for question in questions for tensor in question.tensors]))
    return [[next(arrays) for _ in question.tensors] for question in questions]
