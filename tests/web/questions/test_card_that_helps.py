"""The asker says whether a card helped."""

from __future__ import annotations

import pytest

from app.domains.answers import services as card_services
from app.domains.answers.models import CardLink
from app.domains.answers.states import How
from app.domains.comments import cards, private_links, queries
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from tests.factories import make_account, make_comment
from tests.support.client import Browser


@pytest.fixture
def question() -> Comment:
    author = make_account("author")
    asked = make_comment("Why does it click?", kind=Kind.QUESTION, title="Why does it click?")
    card = card_services.create("Clicking hips", source="A tendon moves.", by=author)
    cards.answer_with(asked, card, by=author, how=How.AUTHOR)
    db.session.commit()
    return asked


def page_of(question: Comment) -> str:
    return f"/asked/{question.id}/{private_links.key_of(question)}"


def link_of(question: Comment) -> CardLink:
    db.session.expire_all()
    return db.session.query(CardLink).filter_by(comment_id=question.id).one()


def is_open(question: Comment) -> bool:
    db.session.expire_all()
    waiting, _ = queries.waiting_for_answer(None)
    return question.id in {one.id for one in waiting}


def say(client: Browser, question: Comment, **fields: str) -> int:
    address = f"{page_of(question)}/cards/{link_of(question).id}"
    return client.submit(address, **fields).status_code


def test_the_private_page_shows_the_card(client: Browser, question: Comment) -> None:
    text = client.get(page_of(question)).text
    assert "A tendon moves." in text
    assert "This did not help" in text


def test_whose_address_is_proven_reads_that_they_follow_it_until_it_does_not_help(
    client: Browser, question: Comment
) -> None:
    follows = "You follow this answer"
    assert follows not in client.get(page_of(question)).text
    question.address.proven_at = question.created_at
    assert follows in client.get(page_of(question)).text
    say(client, question, helped="no")
    assert follows not in client.get(page_of(question)).text


def test_what_did_not_help_opens_the_question_again_with_the_reason(
    client: Browser, question: Comment
) -> None:
    assert not is_open(question)
    assert say(client, question, helped="no", reason="Mine hurts too.") == 303
    assert link_of(question).reason == "Mine hurts too."
    assert is_open(question)


def test_what_helped_is_kept_and_can_be_taken_back(client: Browser, question: Comment) -> None:
    say(client, question, helped="no")
    say(client, question, helped="yes")
    assert link_of(question).helped is True
    assert not is_open(question)


def test_nobody_else_can_say_it(client: Browser, question: Comment) -> None:
    address = f"/asked/{question.id}/{'0' * 40}/cards/{link_of(question).id}"
    assert client.submit(address, helped="no").status_code == 404
    assert link_of(question).helped is None


def test_a_card_of_another_question_is_not_judged(client: Browser, question: Comment) -> None:
    other = make_comment("And knees?", kind=Kind.QUESTION, title="And knees?")
    address = f"{page_of(other)}/cards/{link_of(question).id}"
    assert client.submit(address, helped="no").status_code == 404


def test_a_hidden_question_shows_no_card(client: Browser, question: Comment) -> None:
    question.status = Status.PENDING
    db.session.commit()
    assert "A tendon moves." not in client.get(page_of(question)).text
