"""Two moderators in two browsers on the same texts: each sees what the other does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.web.moderation import live
from tests.browser.people import keys_work, settled
from tests.factories import make_account, make_article, make_comment


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that look often, and places that no other test has taken."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(live, "places", live.Places(2))


@pytest.fixture
def waiting() -> list[int]:
    article = make_article()
    return [
        make_comment(
            f"Text number {number}.",
            article=article,
            status=Status.PENDING,
            created_at=clock.now() - timedelta(hours=9 - number),
        ).id
        for number in range(3)
    ]


@pytest.fixture
def desks(page_as: Callable[..., Page], waiting: list[int]) -> tuple[Page, Page]:
    """Ruth's desk, and Tomasz's at its second text."""
    pages = []
    for name in ("Ruth", "Tomasz"):
        page = page_as(make_account(Role.MODERATOR, name=name))
        page.goto("/moderation/")
        keys_work(page)
        pages.append(page)
    pages[1].keyboard.press("j")
    return pages[0], pages[1]


def test_each_sees_which_text_the_other_has_open(
    desks: tuple[Page, Page], waiting: list[int]
) -> None:
    ruth, tomasz = desks

    expect(ruth.locator(f"#item-{waiting[1]} [data-opened]")).to_have_text("Tomasz has this open")
    expect(tomasz.locator(f"#item-{waiting[0]} [data-opened]")).to_have_text("Ruth has this open")
    tomasz.keyboard.press("j")
    expect(ruth.locator(f"#item-{waiting[2]} [data-opened]")).to_be_visible()
    expect(ruth.locator(f"#item-{waiting[1]} [data-opened]")).to_be_hidden()


def test_what_one_decides_leaves_the_others_list_and_count(
    desks: tuple[Page, Page], waiting: list[int]
) -> None:
    ruth, tomasz = desks
    expect(ruth.locator("[data-count=waiting]")).to_have_text("3")

    tomasz.keyboard.press("s")

    expect(ruth.locator(f"#item-{waiting[1]}")).to_have_count(0)
    expect(ruth.locator("[data-count=waiting]")).to_have_text("2")
    expect(ruth.locator("[data-count=spam]")).to_have_text("1")


def test_the_text_that_is_open_stays_and_says_what_happened(
    desks: tuple[Page, Page], waiting: list[int]
) -> None:
    ruth, tomasz = desks
    tomasz.keyboard.press("k")

    tomasz.keyboard.press("a")

    note = ruth.locator(f"#item-{waiting[0]} [data-refusal]")
    expect(note).to_have_text("It was approved by Tomasz just now.")


def test_two_at_once_on_one_text_make_one_decision_and_the_late_one_is_told(
    desks: tuple[Page, Page], waiting: list[int]
) -> None:
    ruth, tomasz = desks
    tomasz.keyboard.press("k")
    ruth.context.set_offline(True)  # she does not hear of it in time

    tomasz.keyboard.press("a")
    settled(tomasz)
    ruth.context.set_offline(False)
    ruth.keyboard.press("s")
    settled(ruth)

    # Beside the text; at the foot of the list where she heard of it before her key was down.
    expect(ruth.locator("main")).to_contain_text(
        re.compile("approved by Tomasz|Tomasz approved it")
    )
    db.session.rollback()
    assert db.session.get_one(Comment, waiting[0]).status == Status.APPROVED
    moves = db.session.query(AuditEntry).filter(AuditEntry.subject_id == waiting[0])
    assert [entry.act for entry in moves] == ["approve"]


def test_what_comes_in_is_offered_by_a_quiet_line(desks: tuple[Page, Page]) -> None:
    ruth, _tomasz = desks
    article = make_article()
    red = make_comment("My foot is numb.", article=article, status=Status.PENDING, red_flag=True)
    late = make_comment("And another.", article=article, status=Status.PENDING)

    ruth.get_by_role("button", name="2 new").wait_for()
    ruth.keyboard.press("n")

    expect(ruth.locator("[data-item]")).to_have_count(5)
    ids = [one.get_attribute("id") for one in ruth.locator("[data-item]").all()]
    assert (ids[0], ids[-1]) == (f"item-{red.id}", f"item-{late.id}")
    expect(ruth.get_by_role("button", name="2 new")).to_be_hidden()


def test_where_no_stream_is_free_the_counts_are_asked_for(
    page_as: Callable[..., Page], waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "places", live.Places(0))
    page = page_as(make_account(Role.MODERATOR))

    with page.expect_response("**/moderation/counts**") as asked:
        page.goto("/moderation/")

    assert asked.value.json()["lanes"]["waiting"] == "3"


def test_who_lost_the_role_meanwhile_decides_nothing_and_is_told(
    page_as: Callable[..., Page], waiting: list[int]
) -> None:
    ruth = make_account(Role.MODERATOR)
    page = page_as(ruth)
    page.goto("/moderation/")
    keys_work(page)
    ruth.role = Role.READER
    db.session.commit()

    page.keyboard.press("a")

    expect(page.locator(f"#item-{waiting[0]} [data-refusal]")).to_contain_text("role was taken")
    db.session.rollback()
    assert db.session.get_one(Comment, waiting[0]).status == Status.PENDING
