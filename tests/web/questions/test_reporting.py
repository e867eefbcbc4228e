"""The page on which readers report a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.models import Report
from app.domains.moderation.reported import reports
from app.domains.moderation.states import ReportOutcome
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment, make_question
from tests.security.test_races import at_once, copies, posting, statuses
from tests.support.client import Browser

As = Callable[[Account], Browser]


def send(browser: Browser, comment: Comment, reason: str = "spam", words: str = "") -> int:
    return browser.submit(f"/comments/{comment.id}/report", reason=reason, words=words).status_code


def another_guest(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def reports_made() -> int:
    return db.session.scalar(select(func.count(Report.id))) or 0


def test_a_guest_reports_without_an_account_and_reads_what_happens_next(client: Browser) -> None:
    comment = make_comment("Buy my shoes.")
    page = client.get(f"/comments/{comment.id}/report")
    assert "Advertising or spam" in page.text
    assert "Buy my shoes." in page.text
    answer = client.submit(f"/comments/{comment.id}/report", reason="spam", words="Shoes.")
    assert answer.status_code == 303
    assert "A moderator reads it" in client.get(answer.location).text
    made = db.session.scalars(select(Report)).one()
    assert (made.account_id, made.address_id, made.words) == (None, None, "Shoes.")


def test_the_browser_is_kept_as_a_fingerprint_only(client: Browser) -> None:
    send(client, make_comment())
    kept = db.session.scalars(select(Report.browser)).one()
    with client.session_transaction() as stored:
        assert kept != stored["csrf_token"]
    assert kept is not None
    assert len(kept) == 40


def test_a_member_is_known_by_the_account_and_by_nothing_else(as_: As) -> None:
    member = make_account()
    send(as_(member), make_comment())
    made = db.session.scalars(select(Report)).one()
    assert (made.account_id, made.address_id, made.browser) == (member.id, None, None)


def test_the_same_person_reports_once_from_wherever_they_are_signed_in(as_: As) -> None:
    member, comment = make_account(), make_comment()
    assert [send(as_(member), comment) for _ in range(2)] == [303, 303]
    assert reports_made() == 1


def test_s18_fifty_reports_of_one_member_at_once_are_one(app: Flask, as_: As) -> None:
    member, comment = as_(make_account()), make_comment()
    path = f"/comments/{comment.id}/report"
    answers = at_once([posting(one, path, reason="spam") for one in copies(member, 50)])
    assert set(statuses(answers)) <= {303, 503}
    assert statuses(answers)[303] >= 1
    assert reports_made() == 1


def test_s18_fifty_reports_of_one_guest_at_once_are_one(client: Browser) -> None:
    comment = make_comment()
    client.csrf_token()
    path = f"/comments/{comment.id}/report"
    answers = at_once([posting(one, path, reason="spam") for one in copies(client, 50)])
    assert set(statuses(answers)) <= {303, 503}
    assert reports_made() == 1


def test_p02_nobody_reports_as_somebody_else(as_: As) -> None:
    other, member, comment = make_account(), make_account(), make_comment()
    as_(member).submit(
        f"/comments/{comment.id}/report",
        reason="spam",
        account_id=str(other.id),
        address_id=str(other.address_id),
        browser="x",
        weight="4",
    )
    made = db.session.scalars(select(Report)).one()
    assert (made.account_id, made.weight) == (member.id, 2)


@pytest.mark.parametrize(
    "status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED]
)
def test_v04_a_hidden_text_answers_as_one_that_never_was(client: Browser, status: Status) -> None:
    hidden = make_comment(status=status)
    for method in ("get", "submit"):
        ask = getattr(client, method)
        answers = [ask(f"/comments/{key}/report") for key in (hidden.id, 999_999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
        told = [dict(answer.headers) for answer in answers]
        for headers in told:  # each request has a number of its own
            headers.pop("X-Request-ID")
        assert told[0] == told[1]
    assert reports_made() == 0


def test_v04_a_text_under_a_hidden_article_cannot_be_reported(client: Browser) -> None:
    comment = make_comment(article=make_article(status=ArticleStatus.DRAFT))
    assert client.get(f"/comments/{comment.id}/report").status_code == 404
    assert send(client, comment) == 404


def test_v04_the_page_of_thanks_names_no_hidden_article(client: Browser) -> None:
    draft = make_article(status=ArticleStatus.DRAFT)
    assert client.get(f"/reported/{draft.slug}").status_code == 404


def test_a_report_without_a_reason_is_asked_for_one_and_keeps_the_words(client: Browser) -> None:
    comment = make_comment()
    answer = client.submit(f"/comments/{comment.id}/report", words="Look at the link.")
    assert answer.status_code == 422
    assert "Choose what is wrong" in answer.text
    assert "Look at the link." in answer.text


def test_something_else_without_words_is_asked_for_words(client: Browser) -> None:
    answer = client.submit(f"/comments/{make_comment().id}/report", reason="other")
    assert answer.status_code == 422
    assert "Say in a few words" in answer.text


def test_words_that_are_too_long_are_refused(client: Browser) -> None:
    assert send(client, make_comment(), words="x" * 501) == 422
    assert reports_made() == 0


def test_a_form_without_its_token_is_refused(client: Browser) -> None:
    answer = client.post(f"/comments/{make_comment().id}/report", data={"reason": "spam"})
    assert answer.status_code == 400
    assert reports_made() == 0


def test_enough_guests_hide_a_text_until_a_moderator_has_looked(app: Flask) -> None:
    comment = make_comment()
    assert [send(another_guest(app), comment) for _ in range(5)] == [303] * 5
    assert db.session.get_one(Comment, comment.id).status == Status.PENDING
    assert send(another_guest(app), comment) == 404


def test_whose_report_was_dismissed_reads_so_when_they_report_again(client: Browser) -> None:
    comment, moderator = make_comment(), make_account("moderator")
    send(client, comment)
    with unit_of_work():
        reports.close(
            db.session.get_one(Comment, comment.id),
            ReportOutcome.DISMISSED,
            db.session.get_one(Account, moderator.id),
        )
    answer = client.submit(f"/comments/{comment.id}/report", reason="spam")
    assert answer.status_code == 409
    assert "let it stand" in answer.text


def test_fresh_browsers_of_one_network_hide_nothing_on_their_own(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        comment = make_comment()
        answers = Counter(send(another_guest(app), comment) for _ in range(5))
        assert answers == {303: 3, 429: 2}
        assert db.session.get_one(Comment, comment.id).status == Status.APPROVED


def test_a_network_reports_only_so_often(make_app: Callable[..., Flask], as_: As) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        comments = [make_comment() for _ in range(8)]
        browser = another_guest(app)
        answers = Counter(send(browser, comment) for comment in comments)
    assert answers == {303: 6, 429: 2}


def test_the_thread_offers_it_for_every_text_but_ones_own(as_: As) -> None:
    member = make_account()
    question = make_question()
    own = make_comment(parent=question, account=member)
    assert f"/comments/{question.id}/report" in as_(member).get(question.href).text
    page = as_(member).get(f"/articles/{question.article.slug}").text
    assert f"/comments/{question.id}/report" in page
    assert f"/comments/{own.id}/report" not in page


def test_the_thread_offers_it_under_a_closed_article(client: Browser) -> None:
    comment = make_comment(article=make_article(comments_open=False))
    page = client.get(f"/articles/{comment.article.slug}").text
    assert f"/comments/{comment.id}/report" in page
