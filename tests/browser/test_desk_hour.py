"""An hour of a moderator's work: two hundred mixed texts decided by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.browser.people import keys_work
from tests.factories import make_account, make_address, make_article, make_comment

TEXTS = 200
KEYS = {"approve": ("a",), "spam": ("s",), "reject": ("r", "2", "Enter")}
WANTED = {"approve": Status.APPROVED, "spam": Status.SPAM, "reject": Status.REJECTED}
NOTE_TIMES = """() => {
  window.waited = [];
  let pressed = 0;
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  document.querySelector("[data-desk]").addEventListener("chosen", () => {
    const at = pressed;
    requestAnimationFrame(() => requestAnimationFrame(() => waited.push(performance.now() - at)));
  });
}"""


def verdict_of(number: int) -> str:
    """What this text deserves: every seventh is spam, every fifth is rejected."""
    return "spam" if number % 7 == 0 else "reject" if number % 5 == 0 else "approve"


def make_mixed() -> list[int]:
    """Questions and comments, long and short, of strangers and members, with reasons and without,
    the oldest first."""
    articles = [make_article() for _ in range(5)]
    member, address = make_account(), make_address()
    ids = []
    for number in range(TEXTS):
        sender: dict[str, Any] = {"account": member} if number % 3 else {"address": address}
        comment = make_comment(
            f"Text {number}. " + "It aches when I stand. " * (1 + number % 30),
            article=articles[number % 5],
            kind=Kind.QUESTION if number % 2 else Kind.COMMENT,
            title=f"Question {number}" if number % 2 else "",
            status=Status.PENDING,
            created_at=clock.now() - timedelta(hours=900 - number),
            verdict={"reasons": [{"name": "links", "weight": 35, "sentence": "It has 3 links."}]}
            if number % 4 == 0
            else {},
            **sender,
        )
        ids.append(comment.id)
    return ids


def test_two_hundred_texts_are_decided_by_keyboard_alone(page_as: Callable[..., Page]) -> None:
    """And every verdict meets the text that it was meant for. What the keys took is printed."""
    ids = make_mixed()
    page = page_as(make_account(Role.MODERATOR))
    page.goto("/moderation/")
    keys_work(page)
    page.evaluate(NOTE_TIMES)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    for number, comment_id in enumerate(ids):
        expect(page.locator('[data-item][aria-current="true"]')).to_have_id(f"item-{comment_id}")
        for key in KEYS[verdict_of(number)]:
            page.keyboard.press(key)
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0", timeout=60_000)

    waited = sorted(page.evaluate("() => waited"))
    print(f"\nkey to next text shown: p50 {waited[len(waited) // 2]:.0f} ms,")  # noqa: T201
    print(f"p95 {waited[len(waited) * 95 // 100]:.0f} ms, most {waited[-1]:.0f} ms")  # noqa: T201
    db.session.rollback()
    found = {row.id: row.status for row in db.session.query(Comment.id, Comment.status)}
    assert found == {one: WANTED[verdict_of(number)] for number, one in enumerate(ids)}
    entries = db.session.query(AuditEntry.subject_id).filter(AuditEntry.subject == "comment")
    assert sorted(row.subject_id for row in entries) == ids
    assert loads == []
