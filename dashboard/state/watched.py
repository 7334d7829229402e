"""A run as its visitor sees it: what it is called, what is known of it by now."""

from collections.abc import Callable, Sequence
from typing import Any

from actviz_core import Diagnosis, Hyperparams, Judgement, Run

LOOKED_EVERY = 8  # iterations between two examinations of a run

Describe = Callable[[Hyperparams, Hyperparams], str]
Examine = Callable[[], Diagnosis | None]


class Watched:
    """One run as its visitor sees it.

    recipe         a callable: the run's recipe up to now, something with `to_json()` and `hyperparams_at(iteration)`
    captions       one per image
    about          what is shown, in full, for those who cannot see it; "": the title says it
    column         the number of the column that it shows, on a board
    colour         the place of its colour among those of the board; None where its pictures have colours of their own
    evaluate       () -> the task that says what its finished picture is worth under views it was not made with; None
                   where that is not asked, or under way
    swept          in a sweep: (name, value) of what varies along the row, and of what varies down the column
    describe_mark  (hyperparams before, hyperparams after) -> the sentence shown where a slider changed
    examine        () -> why the picture fails, or None
    preview        () -> a PNG to show before the run's first picture, or None; None itself where there is nothing to
                   ask
    earlier        marks, as `marks` gives them, of the changes that the run replays: it goes on from another, or does a
                   recipe again
    """

    def __init__(
        self,
        run: Run,
        recipe: Callable[[], Any],
        title: str = "",
        captions: Sequence[str] = (),
        describe_mark: Describe | None = None,
        examine: Examine | None = None,
    ) -> None:
        self.run, self.recipe, self.title, self.captions = run, recipe, title, tuple(captions)
        self.describe_mark, self.examine = describe_mark, examine
        self.about, self.column, self.looked = "", 0, 0
        self.colour: int | None = None
        self.swept: tuple[tuple[str, str], ...] = ()
        self.evaluate: Callable[[], Any] | None = None
        self.preview: Callable[[], bytes | None] | None = None
        self.finding: Diagnosis | None = None
        self.judged: Judgement | None = None
        self.earlier: tuple[tuple[int, str], ...] = ()

    def look(self) -> None:
        """Examines the run anew: often enough to be in time, seldom enough to cost nothing.

        Called before each message.
        """
        ended, examine = self.run.ended, self.examine
        if examine is not None and (ended or self.run.iteration >= self.looked + LOOKED_EVERY):
            self.looked, self.finding = self.run.iteration, examine()
            if ended:  # nothing of it changes any more, and it need not hold on to anything
                self.examine = None

    @property
    def key(self) -> str:
        return self.run.key

    @property
    def diagnosis(self) -> Diagnosis | None:
        """None, or something with kind, text, remedy and label; setting it tells those who watch."""
        return self.finding

    @diagnosis.setter
    def diagnosis(self, finding: Diagnosis | None) -> None:
        self.finding = finding
        for listener in self.run.listeners:
            listener()

    @property
    def judgement(self) -> Judgement | None:
        """None, or something with score, rank and of; setting it tells those who watch."""
        return self.judged

    @judgement.setter
    def judgement(self, judgement: Judgement | None) -> None:
        self.judged = judgement
        for listener in self.run.listeners:
            listener()

    @property
    def marked(self) -> int:
        """How many marks there are by now."""
        return len(self.replayed()) + len(self.run.marks)

    def replayed(self) -> list[tuple[int, str]]:
        """The earlier marks that the run has reached, up to its own first one."""
        end = self.run.marks[0][0] if self.run.marks else self.run.iteration + 1
        return [mark for mark in self.earlier if mark[0] <= self.run.iteration and mark[0] < end]

    def marks(self) -> list[tuple[int, str]]:
        """(iteration, sentence) of every change of the hyperparams obeyed so far."""
        earlier, marks = self.replayed(), list(self.run.marks)
        if not marks or self.describe_mark is None:
            return [*earlier, *((iteration, "settings changed") for iteration, _ in marks)]
        befores = [self.recipe().hyperparams_at(marks[0][0] - 1), *(after for _, after in marks[:-1])]
        changes = zip(befores, marks, strict=True)
        return [*earlier, *((iteration, self.describe_mark(before, after)) for before, (iteration, after) in changes)]
