"""The welcome: where a newcomer opens Explore, a first picture begins by itself."""

from functools import partial

from actviz_core import ModelHandle, Replay, Run, Scheduler
from dashboard.actions import runs
from dashboard.components import viewer
from dashboard.server import assets
from dashboard.state import keys, newcomer, services, session
from dashboard.state.page_state import WELCOME
from dashboard.state.visitors import Visitor
from dashboard.state.welcome import Welcome

FIRST = "A first picture, started for you"


def offer(model: ModelHandle) -> str:
    """Where the browser may ask for it, which knows whether things may move by themselves; "" where it may not."""
    visitor = session.visitor()
    if not newcomer.is_untouched():
        visitor.welcome.withdraw()
        return ""
    begins = partial(begin, visitor, model, services.scheduler())
    return f"{assets.base()}/live/{visitor.token}/welcome" if visitor.welcome.offer(begins) else ""


def expected() -> bool:
    """Whether a picture was to begin by itself when this page was opened: what is said of it then stays."""
    if not keys.EXPECTED.held:
        keys.EXPECTED.set(Welcome.switched_on and newcomer.is_untouched())
    return keys.EXPECTED.get()


def begin(visitor: Visitor, model: ModelHandle, scheduler: Scheduler) -> dict:
    """The run, and what its viewer is told. Asked for by the live route, while no page is drawn."""
    run = Run.of(Replay(WELCOME), WELCOME.spec.iterations)
    entry = runs.watch(visitor, WELCOME, run)
    runs.describe(entry, WELCOME, model)
    entry.title = f"{FIRST}: {entry.title}"
    scheduler.start(run, patient=True)
    return viewer.told(entry)
