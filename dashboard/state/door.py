"""The door to the device: what pages and routes ask of its owner, who alone runs networks.

What is asked about a network always has the same answer, so answers are kept. Who has to wait for one gives up the turn
to draw meanwhile.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from actviz_core import Describe, ModelHandle, Result, Scheduler, Task
from dashboard.state import streamlit_private
from dashboard.state.turns import TURNS

KEPT = 128  # answers; the layers of a large network take some hundred kB
LOOKED = 0.2  # seconds between two looks at how far a download is


class Door:
    def __init__(self, owner: Scheduler, kept: int = KEPT) -> None:
        self.owner, self.kept = owner, kept
        self.lock = threading.Lock()
        self.answers: OrderedDict[Task, Any] = OrderedDict()
        self.asked: dict[Task, Result] = {}  # what is not answered yet

    def model(self, name: str, weights: str) -> ModelHandle:
        """A network as pages know it."""
        return ModelHandle((name, weights), self.ask)

    def known_model(self, name: str, weights: str) -> ModelHandle | None:
        """The same where somebody has asked for it before: a name must not make it load."""
        return self.model(name, weights) if Describe((name, weights)) in self.answers else None

    def known(self, question: Task) -> Any:
        """The answer to what somebody has asked before, else None."""
        with self.lock:
            return self.answers.get(question)

    def ask(self, question: Task, watch: Callable[[Result], None] | None = None, whom: str = "") -> Any:
        """The answer, waited for; raises what the owner could not do. `watch` looks at what is waited for.

        whom  asks, where no page does

        Who asks what somebody else waits for already, waits with them: thirty who come at once ask the same.
        """
        with self.lock:
            if question in self.answers:
                self.answers.move_to_end(question)
                return self.answers[question]
            result = self.asked.get(question)
            if result is None:
                result = self.asked[question] = self.owner.submit(question, whom=whom or whose_page())
        with TURNS.given_up():
            while not result.wait(LOOKED):
                if watch is not None:
                    watch(result)
        with self.lock:
            if self.asked.get(question) is result:
                del self.asked[question]
                if result.problem is None:
                    self.keep(question, result.get())
        return result.get()

    def keep(self, question: Task, answer: Any) -> None:
        self.answers[question] = answer
        while len(self.answers) > self.kept:
            self.answers.popitem(last=False)

    def ask_once(self, question: Task) -> Any:
        """The answer to what nobody else asks, waited for and not kept: it may be about somebody's own image."""
        with TURNS.given_up():
            return self.owner.submit(question, whom=whose_page()).get()

    def submit(self, task: Task) -> Result:
        """Has something done that nobody waits for here; it takes turns with what the same person waits for."""
        return self.owner.submit(task, whom=f"{whose_page()} aside")


def whose_page() -> str:
    """The session whose page this thread draws; "": none's, as for a route."""
    context = streamlit_private.context()
    return context.session_id if context else ""
