"""Every page is looked at once: axe finds nothing wrong with it, light and dark, on a phone and on
a wide screen; it stays on this site and fits every screen."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.demo_site import DemoSite
from tests.browser.site_pages import GROUPS, NOTHING_YET, endpoints, group, page_endpoints
from tests.factories import make_account, make_article

Check = Callable[..., None]
NARROWEST = 320
TOO_WIDE = """() => {
  const root = document.documentElement;
  const tables = [...document.querySelectorAll(".table-wrap, .scrolls")]
    .filter(one => one.scrollWidth > one.clientWidth + 1);
  if (tables.length) return tables.map(one => one.outerHTML.slice(0, 120));
  if (root.scrollWidth <= root.clientWidth) return [];
  return [`${root.scrollWidth} pixels`, ...[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 5).map(one => one.outerHTML.slice(0, 120))];
}"""


def check_every_face(page: Page, no_violations: Check) -> None:
    """All rules at both widths; in the dark only the colours differ, so only they are looked at.
    At both, and on the narrowest screen, nobody has to scroll sideways, not even a table."""
    page.set_viewport_size({"width": NARROWEST, "height": PHONE["height"]})
    check_width(page)
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        check_width(page)
        no_violations(page)
        page.emulate_media(color_scheme="dark")
        no_violations(page, only_colours=True)
        page.emulate_media(color_scheme="light")


def check_width(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) == [], f"{page.url} at {page.viewport_size}"


@pytest.mark.parametrize("name", GROUPS)
def test_x15_axe_finds_nothing_wrong_with_a_page_of_the_demo_nor_does_it_break_its_own_rules(
    demo_site: DemoSite,
    demo_page: Callable[..., Page],
    no_violations: Check,
    faults: list[str],
    name: str,
) -> None:
    """No request leaves for another host, the content policy stops nothing, no script fails."""
    pages = group(demo_site, name)
    page = demo_page(pages.who)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for path in pages.paths:
        page.goto(path, wait_until="load")
        page.emulate_media(reduced_motion="reduce")
        check_every_face(page, no_violations)
        page.emulate_media(reduced_motion="no-preference")
        assert faults == [], path
    assert [url for url in asked if not url.startswith((demo_site.address, "data:"))] == []


def test_the_groups_leave_no_page_out(demo_site: DemoSite) -> None:
    visited = set[str]()
    for name in GROUPS:
        visited |= endpoints(demo_site.app, group(demo_site, name).paths)

    assert visited == page_endpoints(demo_site.app)


@pytest.mark.parametrize("who", NOTHING_YET)
def test_axe_finds_nothing_wrong_where_there_is_nothing_yet(
    open_page: Callable[..., Page],
    page_as: Callable[..., Page],
    no_violations: Check,
    who: str,
) -> None:
    quiet = {"reduced_motion": "reduce"}
    page = open_page(**quiet) if who == "guest" else page_as(make_account(who), **quiet)

    for path in (*NOTHING_YET[who], "/no/such/page"):
        page.goto(path)
        check_every_face(page, no_violations)


def test_axe_finds_nothing_wrong_with_a_form_that_failed(
    open_page: Callable[..., Page], no_violations: Check
) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"/articles/{make_article().slug}")

    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("alert")).to_be_focused()
    check_every_face(page, no_violations)


def test_axe_finds_nothing_wrong_with_refusals(
    open_page: Callable[..., Page], page_as: Callable[..., Page], no_violations: Check
) -> None:
    guest = open_page(reduced_motion="reduce")
    reader = page_as(make_account(), reduced_motion="reduce")
    refusals = [
        (guest, "/no/such/page", 404, "There is no such page"),
        (guest, "/reset-password/used-up", 410, "This link is used up"),
        (reader, "/moderation/", 403, "That is not yours to do"),
    ]

    for page, path, status, words in refusals:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        check_every_face(page, no_violations)


def test_axe_finds_nothing_wrong_with_a_stale_form(
    open_page: Callable[..., Page], no_violations: Check
) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"/articles/{make_article().slug}")
    page.locator("#write textarea").focus()  # only then are the token and the ticket fetched
    page.locator("#write [name=csrf_token]").evaluate("field => field.value = 'stale'")

    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("That request was not clear")
    check_every_face(page, no_violations)


def test_axe_finds_nothing_wrong_with_the_page_for_a_fault(
    app: Flask,
    open_page: Callable[..., Page],
    no_violations: Check,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.view_functions, "library.tags", lambda: 1 // 0)
    page = open_page(reduced_motion="reduce")

    page.goto("/tags/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Something broke on our side")
    check_every_face(page, no_violations)
