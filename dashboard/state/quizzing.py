"""Quizzing: whose quiz is how far.

A member's is the class's, and comes back after a restart; any other is its visitor's.
Knows neither Streamlit nor torch.
"""

import hashlib

from actviz_core import quiz
from dashboard.state.classroom import CLASSROOM, Classroom
from dashboard.state.visitors import Visitor

Network = tuple[str, str]


class Quizzing:
    """The quizzes of one class, and of all visitors who are in none."""

    def __init__(self, classroom: Classroom) -> None:
        self.classroom = classroom

    def sitting(self, visitor: Visitor) -> quiz.Sitting | None:
        """As far as it is; what a visitor began before joining is the member's from then on."""
        member = self.classroom.of(visitor.token)
        if member is None:
            return visitor.sitting
        if member.sitting is None and visitor.sitting is not None:
            self.keep(visitor, visitor.sitting)
        return member.sitting

    def keep(self, visitor: Visitor, sitting: quiz.Sitting | None) -> None:
        visitor.sitting = sitting
        with self.classroom.lock:
            member = self.classroom.of(visitor.token)
            if member is not None:
                member.sitting = sitting
                self.classroom.sign_of_life(member)

    def planned(self, visitor: Visitor, form: str, network: Network, images: str) -> quiz.Sitting:
        """A new one, the same for the same visitor; in the order in which members join they are rows of the square."""
        member = self.classroom.of(visitor.token)
        whose = hashlib.sha256((member.id if member else visitor.token).encode()).hexdigest()[:16]
        return quiz.Sitting(form, network, images, whose, member.seat if member else int(whose, 16))

    def network(self, visitor: Visitor) -> Network:
        """The one that the quiz is about: Explore's, where it has not begun."""
        sitting = self.sitting(visitor)
        spec = visitor.state.recipe.spec
        return sitting.network if sitting else (spec.model, spec.weights)

    def by_network(self) -> dict[Network, list[quiz.Sitting]]:
        """Those of all members who have begun one."""
        found: dict[Network, list[quiz.Sitting]] = {}
        with self.classroom.lock:
            for member in self.classroom.members.values():
                if member.sitting is not None:
                    found.setdefault(member.sitting.network, []).append(member.sitting)
        return found


QUIZZING = Quizzing(CLASSROOM)
