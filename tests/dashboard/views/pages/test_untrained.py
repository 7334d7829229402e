"""The untrained network, chosen, or offered where a download fails."""

import urllib.request

from tests.dashboard.screen import state_of
from tests.dashboard.views.pages.several import SHORT


def test_an_untrained_network_is_chosen_without_a_download(page, monkeypatch):
    app = page(SHORT)
    app.toggle(key="untrained").set_value(True).run()
    app.selectbox(key="model").set_value("squeezenet1_1").run()
    assert not app.error and (state_of(app).recipe.spec.model, state_of(app).recipe.spec.weights) == (
        "squeezenet1_1",
        "untrained",
    )


def test_a_download_that_fails_offers_the_untrained_network(page, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", "/nonexistent")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr(
        urllib.request, "_opener", None
    )  # it reads the proxies once: neither others' here nor these elsewhere
    app = page(SHORT)
    app.selectbox(key="model").set_value("alexnet").run()
    assert "could not be downloaded" in app.error[0].value and "switch on Untrained" in app.error[0].value
    assert state_of(app).recipe == SHORT
