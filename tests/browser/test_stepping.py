"""From layer to layer and from channel to channel, by click and by key."""

from playwright.sync_api import Page, expect

from tests.browser.test_explore import LONG, address, run_key, status, viewer, wait_for, wait_for_another_run


def at(page: Page, objective: str) -> None:
    """Until the page's address names this target and the viewer shows a run of it."""
    page.wait_for_function("words => decodeURIComponent(location.href).includes(words)", arg=objective)


def test_the_layers_are_chosen_by_click_and_by_key(visit):
    page = visit()
    chart, tiles = page.get_by_test_id("architecture"), page.get_by_test_id("block")
    about, legend = page.get_by_test_id("about"), page.get_by_test_id("legend")
    expect(chart).to_have_attribute("data-drawn", "10")
    expect(tiles.nth(10)).to_have_attribute("aria-pressed", "true")
    expect(tiles.nth(10)).to_be_in_viewport(ratio=1)
    expect(about).to_contain_text("blocks.4.0, InvertedResidual, 112 channels of 14 x 14")
    high = chart.bounding_box()["height"]
    tiles.nth(2).click()
    at(page, '"layer":"blocks.0.0"')
    expect(chart).to_have_attribute("data-drawn", "2")
    expect(page.get_by_test_id("title")).to_contain_text("blocks.0.0")  # it runs at once
    status(page, "running")
    tiles.nth(2).press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(tiles.nth(20)).to_be_focused()
    expect(tiles.nth(20)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    at(page, '"layer":"conv_stem"')

    page.keyboard.press("ArrowRight")  # what lies inside of blocks, by keys alone
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="layers inside blocks.0.0")).to_be_focused()
    page.route("**/inside?*", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(about).to_contain_text("The layers inside blocks.0.0 did not come")
    page.unroute("**/inside?*")
    page.keyboard.press("Enter")  # once more
    expect(page.get_by_test_id("order")).to_contain_text("Inside blocks.0.0")
    expect(tiles.first).to_be_focused()
    expect(about).to_contain_text("blocks.0.0.conv_dw, Conv2d")
    expect(about.get_by_role("link", name="Glossary: Convolution")).to_have_count(1)
    page.keyboard.press("Enter")
    at(page, '"layer":"blocks.0.0.conv_dw"')
    expect(tiles.first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("order")).to_contain_text("Inside blocks.0.0")  # where one may go on
    page.keyboard.press("Escape")
    expect(chart).to_have_attribute("data-drawn", "2")
    expect(page.get_by_role("button", name="layers inside blocks.0.0")).to_be_focused()

    expect(chart.locator("img:visible")).to_have_count(0)
    page.get_by_test_id("stop").click()  # they are made while nothing else is
    status(page, "cancelled")
    legend.get_by_role("button", name="Make them").click()  # by themselves only where there is a welcome
    page.wait_for_function("document.querySelectorAll('[data-testid=block] img[src]:not([hidden])').length > 2")
    assert chart.bounding_box()["height"] == high

    page.get_by_test_id("inside").nth(2).click()
    page.get_by_test_id("all-blocks").click()
    page.get_by_role("radio", name="Class").click()
    expect(chart).to_have_attribute("data-drawn", "21")
    expect(page.get_by_test_id("next-layer")).to_be_hidden()


# All steps are answered, and the address and the viewer name the channel that its field shows.
SETTLED = """() => {
    const channel = document.querySelector("input[aria-label=Channel]")?.value;
    return document.querySelector("[data-testid=architecture]").ariaBusy === "false"
        && decodeURIComponent(location.href).includes(`"channel":${channel}}`)
        && document.querySelector("[data-testid=viewer]").textContent.includes(`channel ${channel}`);
}"""


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
    page.wait_for_function(SETTLED)
    channel.focus()
    before = page.url
    page.keyboard.type("xn")
    assert page.url == before  # where something is typed no key is one of ours
    page.keyboard.press("Escape")
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
