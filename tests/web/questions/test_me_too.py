"""“I have this too”: who is counted, how often, and what everybody sees of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.jobs import Job
from tests.factories import make_account, make_comment, make_question
from tests.security.test_races import at_once, copies, posting, statuses
from tests.support.client import Browser

As = Callable[[Account], Browser]
GUEST = "bo@example.com"


def said() -> int:
    return db.session.scalar(select(func.count(MeToo.id))) or 0


def waiting(question: Comment) -> int:
    return db.session.get_one(Comment, question.id, populate_existing=True).people_waiting


def guest_link(question: Comment, email: str = GUEST) -> str:
    """The address that is mailed to a guest."""
    address = db.session.scalars(select(Address).where(Address.email == email)).one()
    return f"/me-too/{question.id}/{address.id}/{accounts.proof_key(address)}"


def test_a_member_is_counted_at_once_and_everybody_sees_the_number(
    client: Browser, as_: As
) -> None:
    question = make_question()
    assert "people ask this" not in client.get(question.href).text
    answer = as_(make_account()).submit(f"/questions/{question.id}/me-too")
    assert (answer.status_code, answer.location) == (303, question.href)
    assert "<strong>2</strong> people ask this" in client.get(question.href).text
    assert waiting(question) == 2


def test_what_was_said_is_taken_back_by_whoever_said_it(as_: As) -> None:
    question, member = make_question(), as_(make_account())
    member.submit(f"/questions/{question.id}/me-too")
    assert "You have this too." in member.get(question.href).text
    member.submit(f"/questions/{question.id}/not-me-too")
    assert (said(), waiting(question)) == (0, 1)


def test_nobody_takes_back_what_another_said(client: Browser, as_: As) -> None:
    question = make_question()
    as_(make_account()).submit(f"/questions/{question.id}/me-too")
    for other in (client, as_(make_account())):
        other.submit(f"/questions/{question.id}/not-me-too")
    assert (said(), waiting(question)) == (1, 2)


def test_the_asker_is_counted_already(as_: As) -> None:
    member = make_account()
    question = make_question(account=member)
    as_(member).submit(f"/questions/{question.id}/me-too")
    assert (said(), waiting(question)) == (0, 1)
    assert "I have this too" not in as_(member).get(question.href).text


def test_a_guest_is_counted_only_when_the_mailed_link_is_followed(client: Browser) -> None:
    question = make_question()
    sent = client.submit(f"/questions/{question.id}/me-too", email=GUEST)
    assert sent.status_code == 303
    assert "A link is on its way" in client.get(sent.location).text
    assert (said(), waiting(question)) == (0, 1)

    link = guest_link(question)
    assert "Do you have this question too?" in client.get(link).text
    assert said() == 0, "a mail scanner opens links and counts nobody"
    assert client.submit(link).location == question.href
    assert (said(), waiting(question)) == (1, 2)


def test_a_link_works_once(client: Browser) -> None:
    question = make_question()
    client.submit(f"/questions/{question.id}/me-too", email=GUEST)
    link = guest_link(question)
    client.submit(link)
    assert client.submit(link).status_code == 410
    assert said() == 1


def test_a_link_with_a_wrong_key_counts_nobody(client: Browser) -> None:
    question = make_question()
    client.submit(f"/questions/{question.id}/me-too", email=GUEST)
    assert client.submit(guest_link(question)[:-2]).status_code == 410
    assert said() == 0


def test_a_guest_whose_address_is_proven_here_needs_no_second_mail(client: Browser) -> None:
    first, second = make_question(), make_question()
    client.submit(f"/questions/{first.id}/me-too", email=GUEST)
    client.submit(guest_link(first))
    client.submit(f"/questions/{second.id}/me-too")
    assert waiting(second) == 2


def test_an_address_that_somebody_else_has_proven_counts_nobody_by_being_typed(
    app: Flask, client: Browser
) -> None:
    first, second = make_question(), make_question()
    client.submit(f"/questions/{first.id}/me-too", email=GUEST)
    client.submit(guest_link(first))
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    stranger.submit(f"/questions/{second.id}/me-too", email=GUEST)
    assert waiting(second) == 1


def test_the_same_person_is_counted_once_as_guest_and_as_member(client: Browser, as_: As) -> None:
    question = make_question()
    member = make_account(email=GUEST)
    as_(member).submit(f"/questions/{question.id}/me-too")
    client.submit(f"/questions/{question.id}/me-too", email=GUEST)
    client.submit(guest_link(question))
    assert (said(), waiting(question)) == (1, 2)


def test_a_member_whose_address_is_not_confirmed_gets_the_link_instead(as_: As) -> None:
    question, member = make_question(), make_account(proven=False)
    as_(member).submit(f"/questions/{question.id}/me-too")
    assert said() == 0
    as_(member).submit(guest_link(question, member.address.email))
    assert (said(), waiting(question)) == (1, 2)


def test_an_unreadable_address_is_told_at_its_field(client: Browser) -> None:
    answer = client.submit(f"/questions/{make_question().id}/me-too", email="bo at example")
    assert answer.status_code == 422
    assert "has-problem" in answer.text


def test_s18_fifty_clicks_of_one_member_at_once_count_one(as_: As) -> None:
    question, member = make_question(), as_(make_account())
    path = f"/questions/{question.id}/me-too"
    answers = at_once([posting(one, path) for one in copies(member, 50)])
    assert set(statuses(answers)) <= {303, 503}
    assert (said(), waiting(question)) == (1, 2)


def test_s18_a_mailed_link_pressed_often_at_once_counts_one(client: Browser) -> None:
    question = make_question()
    client.submit(f"/questions/{question.id}/me-too", email=GUEST)
    answers = at_once([posting(one, guest_link(question)) for one in copies(client, 20)])
    assert set(statuses(answers)) <= {303, 410, 503}
    assert (said(), waiting(question)) == (1, 2)


def test_s01_one_network_has_only_some_mails_sent(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        question, guest = make_question(), app.test_client()
        assert isinstance(guest, Browser)
        answers = [
            guest.submit(f"/questions/{question.id}/me-too", email=f"bo{n}@example.com").status_code
            for n in range(7)
        ]
        assert answers == [303] * 5 + [429] * 2
        mails = select(func.count(Job.id)).where(Job.kind == "mail.me_too")
        assert db.session.scalar(mails) == 5


@pytest.mark.parametrize(
    "status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED]
)
def test_v04_a_hidden_question_answers_as_one_that_never_was(as_: As, status: Status) -> None:
    hidden, member = make_question(status=status), as_(make_account())
    for way in ("me-too", "not-me-too"):
        answers = [member.submit(f"/questions/{key}/{way}") for key in (hidden.id, 999_999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    assert member.get(f"/questions/{hidden.id}/me-too").status_code == 404
    assert said() == 0


def test_only_questions_are_had_too(as_: As) -> None:
    assert as_(make_account()).submit(f"/questions/{make_comment().id}/me-too").status_code == 404


def test_v05_the_number_does_not_move_by_texts_that_nobody_has_let_in(
    client: Browser, as_: As
) -> None:
    question = make_question()
    member = make_account()
    as_(member).submit(f"/articles/{question.article.slug}/ask", body=question.source)
    for status in (Status.PENDING, Status.SPAM, Status.REJECTED):
        make_question(question.source, article=question.article, status=status)
    assert "people ask this" not in client.get(question.href).text


def test_p02_nobody_is_counted_as_somebody_else(as_: As) -> None:
    question, member, other = make_question(), make_account(), make_account()
    fields = {"account_id": str(other.id), "address_id": str(other.address_id)}
    as_(member).submit(f"/questions/{question.id}/me-too", **fields)
    row = db.session.scalars(select(MeToo)).one()
    assert (row.account_id, row.address_id) == (member.id, member.address_id)
