"""The desk without a mouse: the text leaves at once, its decision follows behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.models import Opening
from app.domains.moderation.reasons import FIRST
from app.infra import clock
from app.infra.db import db
from tests.browser.conftest import PHONE
from tests.browser.people import keys_work, press, settled
from tests.factories import make_account, make_article, make_comment, make_resource, make_tag

DECIDE = "**/moderation/decide"


def make_waiting(how_many: int) -> list[int]:
    """The ids of texts that wait, oldest first."""
    article = make_article()
    return [
        make_comment(
            f"Text number {number}.",
            article=article,
            name=f"Reader {number}",
            status=Status.PENDING,
            created_at=clock.now() - timedelta(hours=2 * how_many - number),
        ).id
        for number in range(1, how_many + 1)
    ]


@pytest.fixture
def waiting() -> list[int]:
    return make_waiting(3)


@pytest.fixture
def desk(page_as: Callable[..., Page], waiting: list[int]) -> Page:
    return opened(page_as(make_account(Role.MODERATOR)))


def opened(page: Page, path: str = "/moderation/") -> Page:
    page.goto(path)
    keys_work(page)
    return page


def status_of(comment_id: int) -> str:
    db.session.rollback()  # a new look, not the one before
    return db.session.get_one(Comment, comment_id, populate_existing=True).status


def hold_back(page: Page) -> list[Route]:
    """Let no decision reach the server until the test lets it go on."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    meet_decisions(page, keep)
    return held


def meet_decisions(page: Page, meet: Callable[[Route], None]) -> None:
    """Do that with each decision, from a new look at the desk on: what a page sends just when
    requests begin to be looked at may be lost."""
    page.route(DECIDE, meet)
    opened(page)


def current(page: Page) -> Locator:
    return page.locator('[data-item][aria-current="true"]')


def shown(page: Page) -> list[int]:
    return [int(one.get_attribute("data-item") or 0) for one in page.locator("[data-item]").all()]


def test_j_and_k_choose_and_only_the_chosen_text_is_open(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("j")
    expect(current(desk)).to_have_id(f"item-{waiting[1]}")
    expect(current(desk)).to_be_focused()
    desk.keyboard.press("k")

    expect(current(desk)).to_have_id(f"item-{waiting[0]}")
    expect(desk.locator(".item-body:visible")).to_have_count(1)


def test_a_approves_without_a_page_and_the_next_is_there_at_once(
    desk: Page, waiting: list[int]
) -> None:
    held = hold_back(desk)

    with desk.expect_request(DECIDE):
        desk.keyboard.press("a")

    expect(current(desk)).to_have_id(f"item-{waiting[1]}")
    assert shown(desk) == waiting[1:]
    assert status_of(waiting[0]) == "pending"
    held[0].continue_()
    settled(desk)
    assert [status_of(one) for one in waiting] == ["approved", "pending", "pending"]


def test_two_keys_fast_in_a_row_meet_the_texts_that_were_open(
    desk: Page, waiting: list[int]
) -> None:
    desk.keyboard.press("a")
    desk.keyboard.press("s")
    press(desk, "a")

    expect(desk.get_by_text("Nothing waits.")).to_be_visible()
    assert [status_of(one) for one in waiting] == ["approved", "spam", "approved"]


def test_u_undoes_the_last_decision_and_the_text_is_back_in_its_place(
    desk: Page, waiting: list[int]
) -> None:
    press(desk, "s")
    assert status_of(waiting[0]) == "spam"

    press(desk, "u")

    assert status_of(waiting[0]) == "pending"
    assert shown(desk) == waiting
    expect(current(desk)).to_have_id(f"item-{waiting[0]}")
    press(desk, "a")
    assert status_of(waiting[0]) == "approved"


def test_u_takes_back_what_was_not_sent_yet(desk: Page, waiting: list[int]) -> None:
    held = hold_back(desk)
    with desk.expect_request(DECIDE):
        desk.keyboard.press("a")
    desk.keyboard.press("s")
    desk.keyboard.press("u")
    assert shown(desk) == waiting[1:]

    held[0].continue_()
    press(desk, "u")

    assert [status_of(one) for one in waiting] == ["pending"] * 3
    assert shown(desk) == waiting


def test_r_a_digit_and_enter_reject_with_that_reason(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("r")
    desk.keyboard.press("2")
    press(desk, "Enter")

    assert status_of(waiting[0]) == "rejected"
    assert db.session.get_one(Comment, waiting[0]).reject_reason == FIRST[1].sentence
    expect(current(desk)).to_have_id(f"item-{waiting[1]}")


def test_enter_in_the_field_for_the_reason_rejects(desk: Page, waiting: list[int]) -> None:
    """And never presses the page's first button, which approves."""
    desk.keyboard.press("r")
    reason = current(desk).locator("[name=own_reason]")
    reason.fill("It is about knees")

    press(desk, "Enter")

    assert status_of(waiting[0]) == "rejected"
    assert db.session.get_one(Comment, waiting[0]).reject_reason == "It is about knees"


def test_ticked_texts_are_decided_together_and_undone_together(
    desk: Page, waiting: list[int]
) -> None:
    for key in ("x", "j", "x"):
        desk.keyboard.press(key)

    press(desk, "a")
    assert [status_of(one) for one in waiting] == ["approved", "approved", "pending"]
    assert shown(desk) == waiting[2:]

    press(desk, "u")
    assert [status_of(one) for one in waiting] == ["pending"] * 3
    assert shown(desk) == waiting


def test_shift_x_ticks_all_from_the_last_ticked_to_here(desk: Page, waiting: list[int]) -> None:
    for key in ("x", "j", "j", "Shift+X"):
        desk.keyboard.press(key)

    expect(desk.get_by_text("3 chosen:")).to_be_visible()
    press(desk, "s")
    assert [status_of(one) for one in waiting] == ["spam"] * 3


def test_what_was_decided_elsewhere_comes_back_with_what_happened(
    desk: Page, waiting: list[int]
) -> None:
    comment = db.session.get_one(Comment, waiting[0])
    comment.version += 1
    db.session.commit()
    desk.keyboard.press("a")

    refused = desk.locator(f"#item-{waiting[0]} [data-refusal]")
    expect(refused).to_contain_text("Nothing was done")
    assert shown(desk) == waiting
    expect(current(desk)).to_have_id(f"item-{waiting[1]}")
    expect(desk.locator(f"#item-{waiting[0]}")).to_have_attribute("data-version", "2")


def test_without_a_connection_every_text_comes_back(
    desk: Page, waiting: list[int], faults: list[str]
) -> None:
    meet_decisions(desk, lambda route: route.abort())
    desk.keyboard.press("a")
    desk.keyboard.press("s")

    expect(desk.get_by_text("No answer came").first).to_be_attached()
    expect(desk.locator("[data-item]")).to_have_count(3)
    assert shown(desk) == waiting
    assert [status_of(one) for one in waiting] == ["pending"] * 3


def test_leaving_with_unsent_decisions_is_asked_about(desk: Page, waiting: list[int]) -> None:
    held = hold_back(desk)
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with desk.expect_request(DECIDE):
        desk.keyboard.press("a")

    desk.evaluate("() => { location.href = '/moderation/log'; }")
    held[0].continue_()
    settled(desk)

    assert asked == ["beforeunload"]
    assert status_of(waiting[0]) == "approved"


def test_a_digit_approves_and_opens_the_reply_with_that_link(
    page_as: Callable[..., Page],
) -> None:
    tag = make_tag("Clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    asked = make_comment("It clicks.", status=Status.PENDING, tags=[tag])
    desk = opened(page_as(make_account(Role.MODERATOR)))

    desk.keyboard.press("l")
    expect(current(desk).locator("[data-digit='1']")).to_be_focused()
    desk.keyboard.press("1")
    desk.wait_for_url(re.compile(r"/reply\?"))

    assert status_of(asked.id) == "approved"
    expect(desk.locator("textarea").first).to_contain_text("Quiet leg circle")


def test_the_next_page_is_there_before_it_is_needed(page_as: Callable[..., Page]) -> None:
    ids = make_waiting(30)
    desk = opened(page_as(make_account(Role.MODERATOR)))
    expect(desk.locator("[data-item]")).to_have_count(20)

    with desk.expect_response("**fragment=1**"):
        for _ in range(9):
            desk.keyboard.press("j")

    expect(desk.locator("[data-item]")).to_have_count(30)
    assert shown(desk) == ids
    expect(desk.get_by_role("link", name="More", exact=True)).to_be_hidden()


def test_the_others_are_told_which_text_is_open(desk: Page, waiting: list[int]) -> None:
    with desk.expect_response(f"**/{waiting[1]}/open"):
        desk.keyboard.press("j")

    db.session.rollback()
    assert [one.comment_id for one in db.session.query(Opening)] == [waiting[1]]


def test_keys_are_letters_while_one_types(desk: Page, waiting: list[int]) -> None:
    desk.keyboard.press("/")
    box = desk.get_by_role("searchbox", name="Words in these texts")
    expect(box).to_be_focused()

    desk.keyboard.type("as?")

    expect(box).to_have_value("as?")
    assert status_of(waiting[0]) == "pending"


def test_g_and_a_letter_go_to_a_lane(desk: Page) -> None:
    desk.keyboard.press("g")
    desk.keyboard.press("s")

    desk.wait_for_url("**lane=spam")


def test_the_question_mark_shows_the_keys_and_escape_puts_them_away(
    desk: Page, waiting: list[int]
) -> None:
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()

    desk.keyboard.press("a")
    desk.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    assert shown(desk) == waiting


def test_by_touch_on_a_phone_a_text_is_decided_and_the_next_is_open(
    page_as: Callable[..., Page], waiting: list[int]
) -> None:
    page = opened(page_as(make_account(Role.MODERATOR), PHONE, has_touch=True))

    current(page).get_by_role("button", name="Approve", exact=True).tap()
    settled(page)

    assert status_of(waiting[0]) == "approved"
    expect(current(page)).to_have_id(f"item-{waiting[1]}")


def test_without_script_every_text_can_be_opened_and_decided(
    page_as: Callable[..., Page], waiting: list[int]
) -> None:
    page = page_as(make_account(Role.MODERATOR), java_script_enabled=False)
    page.goto("/moderation/")

    page.locator(f"#item-{waiting[1]} .item-row").click()
    page.locator(f"#item-{waiting[1]}").get_by_role("button", name="Approve").click()

    assert [status_of(one) for one in waiting] == ["pending", "approved", "pending"]


def test_keys_pressed_before_a_text_has_come_wait_for_it(page_as: Callable[..., Page]) -> None:
    """Rows beyond the first are filled behind; nothing that is pressed meanwhile is lost, and
    nothing meets the text after it."""
    ids = make_waiting(7)
    page = page_as(make_account(Role.MODERATOR))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/moderation/items?*", hold)
    opened(page)
    for _ in range(5):
        page.keyboard.press("j")
    for key in ("r", "Enter", "s"):
        page.keyboard.press(key)
    assert [status_of(one) for one in ids] == [Status.PENDING] * 7

    for route in held:
        route.continue_()
    expect(page.locator("[data-item]")).to_have_count(5)
    settled(page)

    assert [status_of(one) for one in ids[5:]] == [Status.REJECTED, Status.SPAM]
    assert [status_of(one) for one in ids[:5]] == [Status.PENDING] * 5
