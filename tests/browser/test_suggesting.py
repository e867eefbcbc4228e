"""What may answer already, as a reader meets it: while typing, before sending, and afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.infra.db import db
from app.search import reading, services
from app.search.models import Outcome
from tests.browser.conftest import PHONE
from tests.browser.people import heading, tab_to
from tests.factories import make_account, make_article, make_resource

TEXT = "My left hip clicks when I swing the leg, what does that mean?"
OTHER = "Where do I buy a bicycle helmet in Lisbon?"
SUGGEST = re.compile(r"/suggest\?")


@pytest.fixture
def article(live_server: str) -> str:
    """An article's path, on a site where a resource answers TEXT."""
    found = make_resource(
        "Quiet leg circle", text="When the hip clicks: swing the leg low and slowly."
    )
    services.index_resource(found.id)
    db.session.commit()
    reading.read_waiting()
    return f"/articles/{make_article('Standing well').slug}"


def box(page: Page) -> None:
    page.get_by_label("Your name").fill("Nadia")
    page.get_by_label("Your e-mail address").fill("nadia@example.com")


def noted() -> list[tuple[str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(Outcome).order_by(Outcome.id))
    return [(row.place, row.taken) for row in rows]


def sent() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Comment.source).order_by(Comment.id)))


def test_what_answers_appears_below_the_text_and_moves_nothing(desktop: Page, article: str) -> None:
    desktop.goto(article)
    area = desktop.get_by_label("Your question or comment")
    area.focus()
    before = area.bounding_box()

    area.press_sequentially(TEXT)

    offered = desktop.get_by_role("region", name="What may answer this already")
    link = offered.get_by_role("link", name="Quiet leg circle")
    expect(link).to_be_visible()
    expect(offered).to_contain_text("because you wrote")
    expect(area).to_be_focused()
    expect(area).to_have_value(TEXT)
    assert area.bounding_box() == before
    expect(desktop.locator(".field [role=status]")).to_contain_text("One thing may answer this")


def test_a_suggestion_opens_beside_the_draft(desktop: Page, article: str) -> None:
    desktop.goto(article)
    area = desktop.get_by_label("Your question or comment")
    area.fill(TEXT)

    with desktop.context.expect_page() as opened:
        desktop.get_by_role("link", name="Quiet leg circle").click()

    heading(opened.value, "Quiet leg circle")
    assert opened.value.evaluate("() => window.opener") is None
    expect(area).to_have_value(TEXT)


def test_who_saw_it_sends_at_once(desktop: Page, article: str) -> None:
    desktop.goto(article)
    desktop.get_by_label("Your question or comment").fill(TEXT)
    expect(desktop.get_by_role("link", name="Quiet leg circle")).to_be_visible()
    box(desktop)

    desktop.get_by_role("button", name="Send").click()

    heading(desktop, "Your text waits for a moderator")
    assert (sent(), noted()) == ([TEXT], [("typing", False)])


def test_enter_in_a_field_sends_and_takes_no_suggestion(desktop: Page, article: str) -> None:
    desktop.goto(article)
    desktop.get_by_label("Your question or comment").fill(TEXT)
    expect(desktop.get_by_role("link", name="Quiet leg circle")).to_be_visible()
    box(desktop)

    desktop.get_by_label("Your e-mail address").press("Enter")

    heading(desktop, "Your text waits for a moderator")
    assert noted() == [("typing", False)]


def test_this_answered_it_sends_nothing_and_keeps_the_draft(desktop: Page, article: str) -> None:
    desktop.goto(article)
    desktop.get_by_label("Your question or comment").fill(TEXT)
    box(desktop)
    desktop.get_by_label("Your question or comment").press("End")
    desktop.get_by_label("Your question or comment").press("Space")

    desktop.get_by_role("button", name="This answered it").click()

    heading(desktop, "Thank you")
    assert (sent(), noted()) == ([], [("typing", True)])
    expect(desktop.get_by_label("Your question or comment")).to_have_value(f"{TEXT} ")
    expect(desktop.get_by_label("Your name")).to_have_value("Nadia")
    desktop.go_back()
    expect(desktop.get_by_label("Your question or comment")).to_have_value(f"{TEXT} ")


def test_nothing_is_drawn_while_another_field_is_filled(desktop: Page, article: str) -> None:
    """It would push that field away; the step before sending shows it instead."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desktop.route(SUGGEST, hold)
    desktop.goto(article)
    with desktop.expect_request(SUGGEST):
        desktop.get_by_label("Your question or comment").fill(TEXT)
    box(desktop)
    with desktop.expect_response(SUGGEST):
        held[0].continue_()

    desktop.get_by_role("button", name="Send").click()

    heading(desktop, "Before you send")
    expect(desktop.get_by_role("link", name="Quiet leg circle")).to_be_visible()
    assert sent() == []


def test_another_text_takes_the_suggestions_away(desktop: Page, article: str) -> None:
    desktop.goto(article)
    area = desktop.get_by_label("Your question or comment")
    area.fill(TEXT)
    offered = desktop.get_by_role("region", name="What may answer this already")
    expect(offered).to_be_visible()

    area.fill(OTHER)

    expect(offered).to_be_hidden()
    expect(desktop.locator("input[name=seen]")).to_have_value("")


def test_without_a_connection_nothing_is_shown_or_said(desktop: Page, article: str) -> None:
    desktop.goto(article, wait_until="networkidle")
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.context.set_offline(True)
    area = desktop.get_by_label("Your question or comment")
    area.fill(TEXT)

    expect(desktop.locator(".preview [role=status]")).to_contain_text("No connection")

    assert not [address for address in asked if "/suggest" in address]
    expect(area).to_have_value(TEXT)


def test_staff_type_undisturbed(page_as: Callable[..., Page], article: str) -> None:
    page = page_as(make_account(Role.AUTHOR))
    page.goto(article)
    assert page.locator("[data-suggest]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_script_the_same_is_a_step_that_loses_nothing(
    open_page: Callable[..., Page],
    article: str,
    scheme: str,
) -> None:
    page = open_page(PHONE, java_script_enabled=False, color_scheme=scheme)
    page.goto(article)
    page.get_by_label("Your question or comment").fill(TEXT)
    box(page)
    page.get_by_label("A question").check()
    page.get_by_role("button", name="Send").click()

    heading(page, "Before you send")
    expect(page.get_by_role("link", name="Quiet leg circle")).to_be_visible()
    expect(page.get_by_label("Your question or comment")).to_have_value(TEXT)
    expect(page.get_by_label("Your name")).to_have_value("Nadia")
    expect(page.get_by_label("A question")).to_be_checked()
    page.get_by_role("button", name="Send my question").click()

    heading(page, "Your text waits for a moderator")
    assert (sent(), noted()) == ([TEXT], [("step", False)])


def test_by_keyboard_alone_a_waiting_question_is_answered_and_taken_back(
    desktop: Page, article: str, no_violations: Callable[..., None]
) -> None:
    desktop.goto(article)
    desktop.get_by_label("Your question or comment").fill(TEXT)
    expect(desktop.get_by_role("link", name="Quiet leg circle")).to_be_visible()
    no_violations(desktop)
    box(desktop)
    desktop.get_by_role("button", name="Send").click()
    heading(desktop, "Your text waits for a moderator")
    no_violations(desktop)

    tab_to(desktop, desktop.get_by_role("button", name="This answered it"))
    desktop.keyboard.press("Enter")
    tab_to(desktop, desktop.get_by_role("button", name="Take my question back"))
    no_violations(desktop)
    desktop.keyboard.press("Enter")

    heading(desktop, "You took this text back")
    assert noted() == [("typing", False), ("private", True)]


def test_the_step_has_no_barrier(
    desktop: Page, article: str, no_violations: Callable[..., None]
) -> None:
    desktop.route(SUGGEST, lambda route: route.abort())
    desktop.goto(f"{article}/ask")
    desktop.get_by_label("Your question or comment").fill(TEXT)
    box(desktop)

    desktop.get_by_role("button", name="Send").click()

    heading(desktop, "Before you send")
    no_violations(desktop)
    assert sent() == []
