"""What Explain and Layers are about, lent to a lesson that shows a photograph of its own."""

from dashboard.state import session


def give_back() -> None:
    """They are about what they were about before."""
    lent = session.state().lent
    if lent is not None:
        session.change(lent=None, image=lent.image, explanation=lent.explanation, seen=None, explained=None)
