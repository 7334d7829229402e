"""Values that widgets show and that are kept elsewhere: another value is another widget's.

With each wish the browser says what all its widgets hold, and while a drawing is on its way it still speaks of the one
before. Of a widget that was set here meanwhile that would count as set back by the visitor; of one that is no longer
there nobody hears it. And a widget that is told its value with each drawing loses what was pressed since.
"""

from collections.abc import Hashable
from typing import Any, TypeVar

from dashboard.state import keys
from dashboard.state.keys import Key

T = TypeVar("T")


def settle(key: Key[T], value: T, *kind: Hashable) -> tuple[Key[T], T]:
    """The widget that shows this value, and the one that it begins with.

    `kind` is all else that makes it another widget for Streamlit, which then forgets what it held.
    """
    record = keys.settled(key)
    times, first, kind_before = record.get()
    widget = key.after(times)
    if kind_before is not None:
        if kind == kind_before and value == (widget.get() if widget.held else first):
            return widget, first
        times += 1
    record.set((times, value, kind))
    return key.after(times), value


def current(key: Key[T]) -> Key[T]:
    """The widget that stands for this key by now."""
    return key.after(keys.settled(key).get()[0])


def renew(key: Key[Any]) -> Key[Any]:
    """The widget that will stand in its place, whatever that is to show."""
    times = keys.settled(key).get()[0] + 1
    keys.settled(key).set((times, None, None))
    return key.after(times)
