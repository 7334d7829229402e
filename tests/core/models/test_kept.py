import gc
import threading
import weakref

import pytest
from torch import nn

from actviz_core import ActvizError
from actviz_core.models import kept
from actviz_core.models.kept import KeptModels
from actviz_core.models.source import seeded
from tests.core.tiny import tiny_model


@pytest.fixture
def made(monkeypatch):
    """What has been fetched, and what finished, by name."""
    made = []

    def fetched(name, device, weights, progress):
        made.append(("fetched", name, weights))
        if name == "lost":
            raise ActvizError("it is lost")

        def finish():
            made.append(("finished", name))
            if name == "broken":
                raise ActvizError("it is broken")
            return tiny_model()

        return finish

    monkeypatch.setattr(kept, "fetched", fetched)
    return made


def test_a_network_is_fetched_and_finished_once(made):
    models = KeptModels(2, file_of=lambda weights: f"/files/{weights}")
    assert not models.has("one", "w")
    models.fetch("one", "w", None)
    assert models.has("one", "w") and made == [("fetched", "one", "/files/w")]
    model = models("one", "w")
    assert models("one", "w") is model and made[1:] == [("finished", "one")] and models.has("one", "w")


def test_one_that_nobody_has_fetched_is_fetched_by_the_call(made):
    assert KeptModels(2)("one", "") and made == [("fetched", "one", ""), ("finished", "one")]


def test_the_networks_asked_for_last_are_kept(made):
    released = []
    models = KeptModels(2, released=lambda: released.append(1))
    known = {name: weakref.ref(models(name, "")) for name in ("one", "two")}
    models("one", "")
    used = models("two", "")
    models("one", "")
    models("three", "")
    models("four", "")
    gc.collect()
    assert len(released) == 2 and known["one"]() is None and known["two"]() is used
    assert models("two", "") is used, "somebody still uses it"
    assert models.has("two", "") and not models.has("one", "")


@pytest.mark.parametrize("name, sentence", [("lost", "it is lost"), ("broken", "it is broken")])
def test_what_goes_wrong_is_told_to_all_who_wait_and_tried_again_for_who_asks_later(name, sentence, made):
    models = KeptModels(2)
    models.fetch(name, "", None)
    for _ in range(3):
        with pytest.raises(ActvizError, match=sentence):
            models(name, "")
    assert len(made) == (1 if name == "lost" else 2) and not models.has(name, "")
    models.fetch(name, "", None)
    assert made[-1] == ("fetched", name, "")


def test_fetching_runs_no_network(monkeypatch):
    """What is fetched waits for the device's owner before it is asked anything."""
    threads, call = set(), nn.Module.__call__
    monkeypatch.setattr(
        nn.Module, "__call__", lambda *given, **more: threads.add(threading.current_thread()) or call(*given, **more)
    )
    models = KeptModels(1)
    fetching = threading.Thread(target=models.fetch, args=("efficientnet_lite0", "", None))
    fetching.start()
    fetching.join()
    assert models.has("efficientnet_lite0", "") and not threads
    assert models("efficientnet_lite0", "").width == 224 and threads == {threading.current_thread()}


def test_the_owner_waits_for_nothing_that_is_being_built():
    models, built, held = KeptModels(1), threading.Event(), threading.Event()
    models.fetch("efficientnet_lite0", "", None)

    def build():
        with seeded():
            held.set()
            assert built.wait(60)

    building = threading.Thread(target=build)
    building.start()
    assert held.wait(60)
    owner = threading.Thread(target=models, args=("efficientnet_lite0", ""))
    owner.start()
    owner.join(20)
    waited = owner.is_alive()
    built.set()
    building.join()
    owner.join()
    assert not waited and models.has("efficientnet_lite0", "")
