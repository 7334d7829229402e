"""Compare, opened with a comparison in its address."""

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Comparison
from dashboard.state import links


@pytest.fixture
def compare(visit):
    """compare(comparison): the Compare page, with that comparison in its address."""

    def go(comparison: Comparison | None = None) -> Page:
        query = f"?{links.COMPARISON}={links.write_comparison(comparison)}" if comparison else ""
        page = visit(f"compare{query}")
        expect(page.get_by_role("button", name="Add from Explore")).to_be_visible(timeout=60_000)
        return page

    return go
