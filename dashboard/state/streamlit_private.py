"""All that is used of Streamlit beside its documented names, each with its reason.

They are looked up by name, and before the first visitor comes: after an upgrade the server says which one is gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, reduce
from importlib import import_module
from typing import Any

CONTEXT = "streamlit.runtime.scriptrunner:get_script_run_ctx"
FRAGMENTS = "streamlit.runtime.scriptrunner_utils.script_run_context:ScriptRunContext.reset"
REQUESTS = "streamlit.runtime.scriptrunner_utils.script_run_context:ScriptRunContext.script_requests"
YIELD = "streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequests.on_scriptrunner_yield"
HISTORY = "streamlit.runtime.scriptrunner_utils.script_run_context:ScriptRunContext.is_history_navigation"
ORIGIN = "streamlit.web.server.starlette.starlette_websocket:_is_origin_allowed"
OPTION = "streamlit.config:set_option"
READ = "streamlit.config:on_config_parsed"
URL = "streamlit.web.server.server_util:get_url"
NETWORK = "streamlit:net_util"
ASKING = "streamlit.net_util:get_external_ip"

REASONS = {
    CONTEXT: "whose page this thread draws: for a callback, and for what is asked of the device's owner",
    FRAGMENTS: "what a run of a script begins with: whether it draws fragments only, and cursors that are its own",
    REQUESTS: "where a session's newer wishes wait",
    YIELD: "Streamlit gives a callback up here for a newer wish, and the click is lost; it has no way to say otherwise",
    HISTORY: "the browser's buttons change the address, and nothing else tells that from a click",
    ORIGIN: "whoever may open Streamlit's own socket may open ours, and nobody else",
    OPTION: "a class that is opened by `streamlit run` has to say by which names it may be called; the public function "
    "sets options of the page only",
    READ: "that is to hold also when a file of options has changed, which Streamlit reads again",
    URL: "the address that Streamlit's own greeting names; that greeting asks a server outside for this machine's",
    NETWORK: "where the function lies that asks",
    ASKING: "a foreign page that knocks makes it ask a server outside for this machine's address; nothing leaves here",
}
# Streamlit's own modules that it imports at first use, while people wait.
LATE = (
    "streamlit.dataframe.lazy_df_adapters",
    "streamlit.emojis",  # where a caption holds a letter that is none of ASCII
    "streamlit.material_icon_names",
    "streamlit.runtime.scriptrunner.magic_funcs",
    "streamlit.web.skills",
)


@cache
def private(place: str) -> Any:
    """What lies at "module:name.attribute"; RuntimeError with the reason for using it where it is gone."""
    module, _, names = place.partition(":")
    try:
        return reduce(getattr, names.split("."), import_module(module))
    except (ImportError, AttributeError):
        raise RuntimeError(
            f"this version of Streamlit has no {place}; it is used for this: {REASONS[place]}."
        ) from None


def import_all() -> None:
    """Everything that is used is there, and imported."""
    for place in REASONS:
        private(place)
    for name in LATE:
        import_module(name)


def context() -> Any:
    """Whose page this thread draws; None for nobody's."""
    return private(CONTEXT)(suppress_warning=True)


def is_history_navigation() -> bool:
    """Whether the browser's buttons led to this drawing."""
    return context().is_history_navigation


def is_fragment_only() -> bool:
    """Whether this thread draws fragments, and not the page around them."""
    return bool(context().fragment_ids_this_run)


def drawing() -> object:
    """Another object in each run of a script; None where no page is drawn."""
    return getattr(context(), "cursors", None)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What this thread does is not given up for a newer wish."""
    requests = getattr(context(), "script_requests", None)
    if requests is None or "on_scriptrunner_yield" in vars(requests):
        yield
        return
    requests.on_scriptrunner_yield = lambda: None
    try:
        yield
    finally:
        del requests.on_scriptrunner_yield


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """May ask the network for this machine's address."""
    return private(ORIGIN)(origin, host)


def allow_hosts(hosts: Sequence[str]) -> None:
    """Web sockets are for those who call this server by one of these names."""

    def allow() -> None:
        private(OPTION)("server.allowedHosts", list(hosts))

    private(READ)(allow, force_connect=True)
    allow()


def url_of(host: str) -> str:
    """Where this server is, seen from that host's network."""
    return private(URL)(host)


def ask_nobody_outside() -> None:
    private(NETWORK).get_external_ip = lambda: None
