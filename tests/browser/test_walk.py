"""Pages stand still once they are drawn, and whoever walks through them by keyboard sees where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.demo_site import DemoSite
from tests.browser.site_pages import MODERATOR, group

MOST_SHIFT = 0.02
SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const isShown = [element, element.closest("figure")].some(one => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return [isShown, element.outerHTML.slice(0, 120)];
}"""
"""The link of a video's card fills the card, which shows the focus for it."""


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (None, "/"),
        (None, "/articles/why-your-hip-clicks"),
        (None, "an answered question"),
        (MODERATOR, "/moderation/"),
    ],
    ids=["home", "article", "question", "desk"],
)
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_once_it_is_drawn(
    demo_site: DemoSite,
    demo_page: Callable[..., Page],
    viewport: dict[str, int],
    who: str | None,
    path: str,
) -> None:
    if path == "an answered question":
        path = group(demo_site, "questions").paths[1]
    page = demo_page(who, viewport)
    page.add_init_script(SHIFTS)

    page.goto(path, wait_until="networkidle")

    assert page.evaluate("window.shift") < MOST_SHIFT


def test_the_first_tab_leads_past_the_header(demo_page: Callable[..., Page]) -> None:
    page = demo_page()
    page.goto("/")
    skip = page.get_by_role("link", name="Skip to the text")

    page.keyboard.press("Tab")

    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(demo_page: Callable[..., Page], scheme: str) -> None:
    page = demo_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto("/articles/why-your-hip-clicks")
    bare = []

    for _ in range(page.locator("a, button, input, textarea, summary").count()):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        is_shown, element = focused
        if not is_shown:
            bare.append(element)

    assert bare == []
