"""The pages for what is not there, as a person meets them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_unknown_page_says_so_and_axe_finds_nothing_wrong(
    open_page: Callable[..., Page],
    no_violations: Callable[[Page], None],
    viewport: dict[str, int],
    scheme: str,
) -> None:
    page = open_page(viewport, color_scheme=scheme)

    answer = page.goto("/no/such/page")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    no_violations(page)
