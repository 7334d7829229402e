"""What pages ask of the owner of the device."""

import threading
from dataclasses import dataclass, field

from actviz_core import ActvizError, Scheduler
from dashboard.state.door import Door

LONG = 60


@dataclass(frozen=True, eq=False)
class Question:
    """Fails when it is asked for the first time."""

    network: tuple[str, str] = ("", "")
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def carry_out(self, models: object) -> str:
        assert self.gate.wait(LONG)
        self.asked.append("asked")
        if len(self.asked) == 1:
            raise ActvizError("no memory")
        return "answer"


def test_what_several_ask_at_once_is_asked_once_and_a_failure_again():
    owner, question, found = Scheduler(), Question(), []
    door = Door(owner)

    def ask_three_at_once():
        looking, everybody = set(), threading.Event()

        def look(_):
            looking.add(threading.current_thread())
            if len(looking) == 3:
                everybody.set()

        def ask():
            try:
                found.append(door.ask(question, look))
            except ActvizError as problem:
                found.append(str(problem))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert everybody.wait(LONG), "all three wait for an answer"
        question.gate.set()
        for thread in threads:
            thread.join(LONG)
        question.gate.clear()

    ask_three_at_once()
    ask_three_at_once()
    assert found == ["no memory"] * 3 + ["answer"] * 3
    assert door.ask(question) == "answer" and len(question.asked) == 2
    owner.close()
