"""Texts that were sent before in nearly the same words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments import errors, services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.screening.models import TextTrace
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")
TEXT = "My left hip clicks when I swing the leg, what does that mean for my running?"
NEARLY = "MY left hip  clicks when I swing the leg \u200b- what does that mean for my running plan?"
OTHER = "Where can I buy the mat that you use in the second video of the week?"


def send(
    text: str = TEXT, email: str = "anna@example.com", *, proven: bool = False, **others: object
) -> Comment:
    draft = Draft(source=text, name="Anna", email=email, **others)  # type: ignore[arg-type]
    known = frozenset({make_address(email, proven=True).id}) if proven else frozenset()
    return services.submit(make_article(), None, draft, Writer(proven=known))


def member(account: Account, text: str = TEXT, article: Article | None = None) -> Comment:
    proven = frozenset({account.address_id} - {None})
    return services.submit(
        article or make_article(), None, Draft(source=text), Writer(account, proven)
    )


def age(comment: Comment, by: timedelta) -> None:
    """As if it had come in that much earlier."""
    comment.created_at -= by
    db.session.commit()


def reasons(comment: Comment) -> list[str]:
    return [reason["name"] for reason in comment.verdict["reasons"]]


def test_s05_nearly_the_same_from_one_guest_is_refused_across_pages() -> None:
    send()
    with pytest.raises(errors.AlreadySaid):
        send(NEARLY)


def test_s05_nearly_the_same_from_one_member_is_refused() -> None:
    account = make_account()
    member(account)
    with pytest.raises(errors.AlreadySaid):
        member(account, NEARLY)


def test_s05_after_five_minutes_it_waits_with_the_reason() -> None:
    age(send(), timedelta(minutes=6))
    again = send(NEARLY)
    assert again.status == Status.PENDING
    assert "near duplicate" in reasons(again)


def test_another_text_of_the_same_sender_is_no_repetition() -> None:
    send()
    assert "near duplicate" not in reasons(send(OTHER))


def test_somebody_elses_words_hold_a_trusted_writers_text() -> None:
    send()
    account = make_account()
    for number in range(2):
        make_comment(f"Thank you {number}", account=account)
    held = member(account, NEARLY)
    assert held.status == Status.PENDING
    assert reasons(held) == ["near duplicate"]


def test_what_was_sent_more_than_seven_days_ago_is_forgotten() -> None:
    age(send(), timedelta(days=8))
    assert "near duplicate" not in reasons(send(NEARLY, "bo@example.com"))


def test_what_its_writer_took_back_does_not_count() -> None:
    services.withdraw(send())
    assert "near duplicate" not in reasons(send(NEARLY))


def test_staff_may_answer_two_people_alike() -> None:
    author = make_account("author")
    member(author)
    assert member(author, NEARLY).status == Status.APPROVED


def test_an_edited_text_is_found_by_its_new_words_only() -> None:
    comment = send()
    services.edit_own(comment, OTHER, None, Writer())
    assert "near duplicate" not in reasons(send(TEXT, "bo@example.com"))
    assert "near duplicate" in reasons(send(OTHER + " Thanks!", "eve@example.com"))


def test_an_edit_is_not_like_the_text_itself() -> None:
    comment = send()
    services.edit_own(comment, NEARLY, None, Writer())
    assert "near duplicate" not in reasons(comment)


def test_a_text_leaves_eight_traces_and_takes_them_with_it() -> None:
    comment = send()
    count = select(func.count()).select_from(TextTrace)
    assert db.session.scalar(count) == 8
    db.session.commit()
    db.session.delete(comment)
    db.session.commit()
    assert db.session.scalar(count) == 0


def test_a_proven_person_who_asks_the_same_is_counted_on_the_first_question() -> None:
    first = send()
    second = send(NEARLY, "bo@example.com", proven=True)
    third = send(NEARLY, "eve@example.com", proven=True)
    db.session.refresh(first)
    assert (first.people_waiting, second.people_waiting, third.people_waiting) == (3, 1, 1)


def test_a_typed_address_counts_nobody() -> None:
    first = send()
    send(NEARLY, "bo@example.com")
    db.session.refresh(first)
    assert first.people_waiting == 1


def test_the_same_person_is_counted_once() -> None:
    first = send()
    account = make_account()
    age(member(account, NEARLY), timedelta(minutes=6))
    member(account, NEARLY + " Thanks!")
    db.session.refresh(first)
    assert first.people_waiting == 2


def test_a_question_that_has_its_answer_counts_no_more() -> None:
    first = send()
    first.status = Status.APPROVED
    answer = make_comment("Rest it.", parent=first, by_author=True)
    assert answer.question_id == first.id
    send(NEARLY, "bo@example.com", proven=True)
    db.session.refresh(first)
    assert first.people_waiting == 1


def test_a_remark_counts_nobody() -> None:
    first = send(kind=Kind.COMMENT)
    send(NEARLY, "bo@example.com", proven=True, kind=Kind.COMMENT)
    db.session.refresh(first)
    assert first.people_waiting == 1


def test_placing_a_guests_text_takes_fifteen_statements(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    article = make_article()
    make_comment(article=article)
    db.session.commit()
    draft = Draft(source=TEXT, name="Anna", email="anna@example.com")
    article.author  # noqa: B018  (loaded as the page loads it)
    with count_queries() as counted:
        services.submit(article, None, draft, Writer())
    assert counted.total <= 15, counted


def test_traces_are_stamped_with_the_texts_own_time() -> None:
    comment = send()
    (at,) = set(db.session.scalars(select(TextTrace.at)))
    assert at == comment.created_at <= clock.now()


def test_s05_the_very_same_from_one_member_is_refused() -> None:
    account = make_account()
    member(account, "Is this normal?")
    with pytest.raises(errors.AlreadySaid):
        member(account, "IS this  normal?!")
