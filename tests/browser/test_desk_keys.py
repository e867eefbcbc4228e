"""The desk without a mouse."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.services import REASONS
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment


@pytest.fixture
def waiting() -> list[int]:
    """The ids of three texts that wait, oldest first."""
    article = make_article()
    return [
        make_comment(
            f"Text number {number}.",
            article=article,
            name=f"Reader {number}",
            status=Status.PENDING,
            created_at=clock.now() - timedelta(hours=9 - number),
        ).id
        for number in (1, 2, 3)
    ]


@pytest.fixture
def desk(page_as: Callable[..., Page], waiting: list[int]) -> Page:
    page = page_as(make_account(Role.MODERATOR))
    page.goto("/moderation/", wait_until="networkidle")
    return page


def status_of(comment_id: int) -> str:
    db.session.rollback()  # a new look, not the one before
    comment = db.session.get(Comment, comment_id)
    assert comment is not None
    return comment.status


def press(page: Page, key: str) -> None:
    """Press a key that sends a verdict, and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")


def test_j_and_k_choose_and_only_the_chosen_text_is_open(desk: Page) -> None:
    first, second = desk.get_by_text("Text number 1.").last, desk.get_by_text("Text number 2.").last

    desk.keyboard.press("j")
    expect(second).to_be_visible()
    expect(desk.locator('[aria-current="true"][data-item]')).to_have_count(1)
    desk.keyboard.press("k")

    expect(first).to_be_visible()
    expect(desk.locator(".item-body:visible")).to_have_count(1)


def test_a_approves_the_chosen_text_and_the_next_is_there(desk: Page, waiting: list[int]) -> None:
    press(desk, "a")

    assert [status_of(one) for one in waiting] == ["approved", "pending", "pending"]
    expect(desk.locator('[data-item][aria-current="true"]')).to_have_id(f"item-{waiting[1]}")


def test_u_undoes_the_last_decision(desk: Page, waiting: list[int]) -> None:
    press(desk, "s")
    assert status_of(waiting[0]) == "spam"

    press(desk, "u")

    assert status_of(waiting[0]) == "pending"


def test_enter_in_the_field_for_the_reason_rejects(desk: Page, waiting: list[int]) -> None:
    """And never presses the page's first button, which approves."""
    desk.keyboard.press("r")
    reason = desk.locator('[aria-current="true"] [name=own_reason]')
    reason.fill("It is about knees")

    with desk.expect_navigation():
        reason.press("Enter")

    assert status_of(waiting[0]) == "rejected"


def test_r_and_enter_reject_for_the_first_reason(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("r")
    expect(desk.get_by_role("radio").first).to_be_focused()

    press(desk, "Enter")

    assert status_of(waiting[0]) == "rejected"


def test_r_opens_the_reasons_and_enter_sends_the_chosen_one(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("r")
    reasons = desk.locator('[aria-current="true"] [name=reason]')
    expect(reasons.first).to_be_focused()

    desk.keyboard.press("ArrowDown")
    expect(reasons.nth(1)).to_be_checked()
    press(desk, "Enter")

    assert [status_of(one) for one in waiting] == ["rejected", "pending", "pending"]
    rejected = db.session.get_one(Comment, waiting[0])
    assert rejected.reject_reason == REASONS[1]


def test_ticked_texts_are_decided_together(desk: Page, waiting: list[int]) -> None:
    for key in ("x", "j", "x"):
        desk.keyboard.press(key)

    press(desk, "a")

    assert [status_of(one) for one in waiting] == ["approved", "approved", "pending"]


def test_keys_are_letters_while_one_types(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("/")
    box = desk.get_by_role("searchbox").first
    expect(box).to_be_focused()

    desk.keyboard.type("as?")

    expect(box).to_have_value("as?")
    assert status_of(waiting[0]) == "pending"


def test_the_question_mark_shows_the_keys_and_escape_puts_them_away(desk: Page) -> None:
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()

    desk.keyboard.press("a")
    desk.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    expect(desk.get_by_text("Text number 1.").last).to_be_visible()


def test_without_script_every_text_can_be_opened_and_decided(
    page_as: Callable[..., Page], waiting: list[int]
) -> None:
    page = page_as(make_account(Role.MODERATOR), java_script_enabled=False)
    page.goto("/moderation/")

    page.locator(f"#item-{waiting[1]} .item-row").click()
    page.locator(f"#item-{waiting[1]}").get_by_role("button", name="Approve").click()

    assert [status_of(one) for one in waiting] == ["pending", "approved", "pending"]
