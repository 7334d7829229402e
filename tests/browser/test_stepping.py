"""From layer to layer and from channel to channel, by click and by key."""

from playwright.sync_api import Page, expect

from tests.browser.test_explore import LONG, address, run_key, status, viewer, wait_for, wait_for_another_run


def at(page: Page, objective: str) -> None:
    """Until the page's address names this target and the viewer shows a run of it."""
    page.wait_for_function("words => decodeURIComponent(location.href).includes(words)", arg=objective)


def test_the_layers_are_chosen_by_click_and_by_key(visit):
    page = visit()
    chart, columns = page.get_by_test_id("architecture"), page.get_by_test_id("layers").get_by_role("button")
    expect(chart).to_have_attribute("data-drawn", "10")
    expect(columns.nth(10)).to_have_attribute("aria-pressed", "true")
    box = columns.nth(2).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)  # far above its bar
    at(page, '"layer":"blocks.0.0"')
    expect(chart).to_have_attribute("data-drawn", "2")
    columns.nth(2).press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(columns.nth(20)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    at(page, '"layer":"conv_stem"')
    page.get_by_role("radio", name="Class").click()
    expect(chart).to_have_attribute("data-drawn", "21")
    expect(page.get_by_test_id("next-layer")).to_be_hidden()


# All steps are answered, and the address and the viewer name the channel that its field shows.
SETTLED = """field => document.querySelector("[data-testid=architecture]").ariaBusy === "false"
    && decodeURIComponent(location.href).includes(`"channel":${field.value}}`)
    && document.querySelector("[data-testid=viewer]").textContent.includes(`channel ${field.value}`)"""


def test_a_step_is_answered_when_every_widget_shows_it(visit):
    """The next one tells the server what all widgets hold.

    One that still held the layer of before would bring it back.
    """
    page = visit(address(LONG))
    page.get_by_test_id("architecture").wait_for()
    page.get_by_role("spinbutton", name="Channel").wait_for()
    page.evaluate("""() => {
        const chart = document.querySelector("[data-testid=architecture]"), later = window.setTimeout;
        // A busy machine takes longer than the three seconds after which a step counts as answered.
        window.setTimeout = (act, ms, ...given) => later(act, ms === 3000 ? 60000 : ms, ...given);
        window.seen = [];
        new MutationObserver(([{ oldValue }]) => {
            if (oldValue === "true" && chart.ariaBusy === "false") seen.push([
                chart.querySelector("[data-noun=channel] span").textContent,
                document.querySelector("[aria-label=Channel]").value,
            ]);
        }).observe(chart, { attributes: true, attributeFilter: ["aria-busy"], attributeOldValue: true });
    }""")
    for steps in range(1, 6):
        page.keyboard.press("n")
        page.wait_for_function("steps => seen.length >= steps", arg=steps)
    assert page.evaluate("seen.slice(0, 5)") == [[f"Channel {channel}", str(channel)] for channel in range(4, 9)]


def test_channels_are_stepped_through(visit):
    page = visit(address(LONG))
    page.get_by_test_id("next-channel").click()
    at(page, '"channel":4')
    wait_for(page, "drawn", 1)
    first = run_key(page)
    expect(viewer(page)).to_contain_text("blocks.1.0, channel 4")
    page.keyboard.press("p")
    expect(viewer(page)).to_contain_text("blocks.1.0, channel 3")
    page.keyboard.press("Shift+N")
    expect(viewer(page)).to_contain_text("blocks.1.1, channel 3")
    for _ in range(40):  # more than the layer has
        page.keyboard.press("n")
    expect(viewer(page)).to_contain_text("blocks.1.1, channel 23")
    expect(page.get_by_test_id("next-channel")).to_have_attribute("aria-disabled", "true")
    for _ in range(60):
        page.keyboard.down("p")  # held: repeated without a release
    page.keyboard.up("p")
    page.keyboard.press("x")
    wait_for_another_run(page, first)
    status(page, "running")
    channel = page.get_by_role("spinbutton", name="Channel")
    page.wait_for_function(SETTLED, arg=channel.element_handle())
    channel.focus()
    before = page.url
    page.keyboard.type("xn")
    page.keyboard.press("Escape")
    page.get_by_test_id("keys").click()
    sheet = page.get_by_test_id("keys-sheet")
    expect(sheet).to_contain_text("Shift+N, Shift+P")
    sheet.get_by_label("Listen to these keys").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    assert page.url == before
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
