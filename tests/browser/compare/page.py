"""A small comparison, and what several tests of Compare do and look at."""

from playwright.sync_api import Page, expect

from actviz_core import Channel, Comparison, Recipe, Spec

SMALL = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=30))
LONG = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=64, iterations=50_000))


def two() -> Comparison:
    return (
        Comparison()
        .added(SMALL)
        .added(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 5), height=64, width=96, iterations=30)))
    )


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def finished(page: Page) -> None:
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "finished", timeout=60_000)


UNCOVERED = """node => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return [top + 2, bottom - 2].every((y) => node.contains(document.elementFromPoint(left + 8, y))
        && node.contains(document.elementFromPoint(Math.min(right, innerWidth) - 8, y)));
}"""
