"""A walk through every page: it stays on this site, fits every screen and stands still."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.demo_site import DemoSite
from tests.browser.site_pages import GROUPS, MODERATOR, NOTHING_YET, group
from tests.factories import make_account

WIDTHS = (320, PHONE["width"], DESKTOP["width"])
MOST_SHIFT = 0.02
SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [`${root.scrollWidth} pixels`, ...[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 5).map(one => one.outerHTML.slice(0, 120))];
}"""
OUTLINE = """element => [element, element.closest("figure")].some(one => {
  if (!one) return false;
  const style = getComputedStyle(one);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
})"""
"""The link of a video's card fills the card, which shows the focus for it."""


@pytest.mark.parametrize("name", GROUPS)
def test_x15_no_page_breaks_a_rule_of_its_own_or_is_wider_than_the_screen(
    demo_site: DemoSite, demo_page: Callable[..., Page], faults: list[str], name: str
) -> None:
    """No request leaves for another host, the content policy stops nothing, no script fails, and
    nobody has to scroll sideways."""
    pages = group(demo_site, name)
    page = demo_page(pages.who)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for path in pages.paths:
        page.goto(path, wait_until="load")
        check_widths(page)
        assert faults == [], path
    assert [url for url in asked if not url.startswith((demo_site.address, "data:"))] == []


@pytest.mark.parametrize("who", NOTHING_YET)
def test_an_empty_site_and_its_refusals_fit_every_screen(
    open_page: Callable[..., Page], page_as: Callable[..., Page], who: str
) -> None:
    page = open_page() if who == "guest" else page_as(make_account(who))

    for path in (*NOTHING_YET[who], "/no/such/page"):
        page.goto(path)
        check_widths(page)


def check_widths(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) == [], f"{page.url} at {width} pixels"


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
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        if not focused.evaluate(OUTLINE):
            bare.append(focused.evaluate("element => element.outerHTML.slice(0, 120)"))

    assert bare == []
