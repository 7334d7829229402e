"""Callbacks that are carried out whole.

Streamlit gives a callback up for a newer wish, at whatever it draws and at each look at the session's state; the click
was lost.
"""

from collections.abc import Callable

from streamlit.runtime.scriptrunner import get_script_run_ctx


def whole(act: Callable) -> Callable:
    """The same callback; a newer wish is heard when it is done. (Streamlit has no way of its own to say so.)"""

    def callback(*given):
        requests = getattr(get_script_run_ctx(), "script_requests", None)
        if requests is None or "on_scriptrunner_yield" in vars(requests):
            return act(*given)
        requests.on_scriptrunner_yield = lambda: None
        try:
            act(*given)
        finally:
            del requests.on_scriptrunner_yield

    return callback
