"""The page that tells everybody, in numbers and without names, how the site is moderated."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.states import Status
from app.domains.moderation import reasons
from app.domains.moderation.figures import openness
from app.domains.moderation.models import Report
from app.domains.moderation.states import ReportOutcome
from app.infra import audit
from app.infra import clock as infra_clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.web.openness.views import few
from tests.factories import make_account, make_article, make_comment
from tests.support.client import Browser

pytestmark = pytest.mark.usefixtures("clock")
As = Callable[[Account], Browser]
PAGE = "/moderation-summary"
ROW = re.compile(r'<th scope="row"[^>]*>([^<]+)</th><td class="number">([^<]+)</td>')


@pytest.fixture
def admin(as_: As) -> Browser:
    return as_(make_account(Role.ADMIN))


@pytest.fixture
def article(client: Browser) -> Article:
    return make_article()


def switch(admin: Browser, *, on: bool, version: int = 0):  # type: ignore[no-untyped-def]
    fields = {"is_on": "y"} if on else {}
    return admin.submit("/settings/openness", version=str(version), **fields)


def rows(text: str) -> list[tuple[str, str]]:
    """Those of the newest month."""
    return ROW.findall(text.split("</table>", maxsplit=1)[0])


def ago(**span: float) -> datetime:
    return infra_clock.now() - timedelta(**span)


def test_it_is_not_there_until_an_admin_wants_it(client: Browser, admin: Browser) -> None:
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/").text
    assert switch(admin, on=True).status_code == 303
    assert client.get(PAGE).status_code == 200
    assert PAGE in client.get("/").text
    switch(admin, on=False, version=1)
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/").text


def test_two_admins_at_once_do_not_overwrite_each_other(client: Browser, admin: Browser) -> None:
    switch(admin, on=True)
    late = switch(admin, on=False)
    assert (late.status_code, "Somebody else changed" in late.text) == (409, True)
    assert client.get(PAGE).status_code == 200


def test_d12_switching_it_stands_in_the_record(admin: Browser) -> None:
    switch(admin, on=True)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.detail["after"]) == ("change openness", {"is_on": True})


def test_a_month_tells_what_came_in_and_what_became_of_it(
    client: Browser, admin: Browser, article: Article
) -> None:
    listed = reasons.all_of_them()[0]
    for _ in range(6):
        make_comment(article=article)
        make_comment(article=article, status=Status.SPAM)
        for reason in (listed.sentence, "Bo Berg is rude"):
            make_comment(
                article=article,
                status=Status.REJECTED,
                reject_reason=reason,
                decided_at=infra_clock.now(),
            )
        text = make_comment(article=article, created_at=ago(days=70))
        outcome = ReportOutcome.UPHELD
        db.session.add(Report(comment_id=text.id, reason="spam", weight=1, outcome=outcome))
    switch(admin, on=True)
    page = client.get(PAGE).text
    assert rows(page) == [
        ("Texts that came in", "24"),
        ("Of these, let in", "6"),
        ("Of these, spam", "6"),
        (f"Refused: {listed.words}", "6"),
        ("Refused: Another reason", "6"),
        ("Reports by readers that were right", "6"),
        ("Reports after which the text stayed", "none"),
        ("Half of the decisions came within", "too few to say"),
    ]
    assert "Bo Berg" not in page


def test_the_median_is_that_of_each_months_own_decisions(
    client: Browser, admin: Browser, article: Article, clock: time_machine.Traveller
) -> None:
    ruth = make_account(Role.MODERATOR)
    for hours in (2, 2, 3, 9, 9):
        text = make_comment(article=article, created_at=ago(hours=hours))
        move = {"from_state": Status.PENDING, "to_state": Status.APPROVED}
        audit.write("approve", "comment", text.id, by=ruth, **move)
    db.session.commit()
    clock.shift(timedelta(days=31))
    medians = [month.median for month in openness.summary()]
    assert medians == [None, timedelta(hours=3), None, None]


def test_small_numbers_name_nobody(client: Browser, admin: Browser, article: Article) -> None:
    for _ in range(4):
        make_comment(article=article)
    switch(admin, on=True)
    assert rows(client.get(PAGE).text)[:2] == [
        ("Texts that came in", "fewer than 5"),
        ("Of these, let in", "fewer than 5"),
    ]


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1204, "1,204")],
)
def test_a_number_is_told_from_five_on(count: int, words: str) -> None:
    assert few(count) == words


def test_the_months_are_those_of_the_last_90_days(client: Browser) -> None:
    assert [month.first.isoformat() for month in openness.summary()] == [
        "2026-03-01",
        "2026-02-01",
        "2026-01-01",
        "2025-12-01",
    ]


def test_it_is_counted_once_an_hour_and_kept_for_as_long(
    client: Browser, admin: Browser, article: Article, clock: time_machine.Traveller
) -> None:
    switch(admin, on=True)
    answer = client.get(PAGE)
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    for _ in range(5):
        make_comment(article=article)
    assert rows(client.get(PAGE).text)[0] == ("Texts that came in", "none")
    clock.shift(timedelta(hours=1))
    assert rows(client.get(PAGE).text)[0] == ("Texts that came in", "5")


def test_v06_the_page_of_who_is_signed_in_is_kept_for_nobody_else(
    admin: Browser, client: Browser
) -> None:
    switch(admin, on=True)
    assert "private" in admin.get(PAGE).headers["Cache-Control"]


def test_v01_nobodys_words_or_name_stand_on_it(
    client: Browser, admin: Browser, article: Article
) -> None:
    ruth = make_account(Role.MODERATOR, name="Ruth Canary")
    for status in Status:
        comment = make_comment("A canary sings", article=article, status=status, name="Canary")
        comment.held_for_id, comment.reject_reason = ruth.id, "Canary"
        comment.decided_at = infra_clock.now()
    db.session.commit()
    switch(admin, on=True)
    assert "anary" not in client.get(PAGE).text
