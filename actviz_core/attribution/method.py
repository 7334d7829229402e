"""Methods: a map from a subject.

A method is a frozen value, whose fields are its settings, and `improve(subject)` yields Maps: one, or a better one
after each batch of images that went through the network.
"""

from collections.abc import Iterator
from dataclasses import Field
from typing import Any, ClassVar

from ..models.layers import AnyModel
from ..registry import kind
from ..settings import Checked
from .maps import Maps
from .subject import Subject


class Method(Checked):
    """How a map is made.

    title      what people call it
    meaning    one sentence: what a large value says
    misleads   one sentence: when it says something else
    source     who introduced it, and when
    signed     whether values below zero are evidence against; else all are at least zero
    """

    title: ClassVar[str]
    meaning: ClassVar[str]
    misleads: ClassVar[str]
    source: ClassVar[str]
    signed: ClassVar[bool] = False

    # Kinds are dataclasses.
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.title = vars(cls).get("title", kind(cls).replace("_", " ").capitalize())

    def check(self, model: AnyModel, height: int, width: int) -> None:
        """ActvizError, in a sentence, where the network does not allow the method."""

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        """Of one image through the network, for a whole map: forward; those that go back as well count twice."""
        raise NotImplementedError

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """Maps of the subject's images, each better than the one before; the last is `done`."""
        raise NotImplementedError

    def last(self, subject: Subject) -> Maps:
        """The map that is done."""
        *_, last = self.improve(subject)
        return last
