"""Questions that a card answers: who may be answered so, how often, and how it is taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domains.accounts.states import Role
from app.domains.answers import events, queries
from app.domains.answers.errors import CardIsRetired, UnfitCard
from app.domains.answers.models import CardLink
from app.domains.answers.states import How
from app.domains.comments import asked, card_counts, cards, errors
from app.domains.comments.answered_by import questions_of
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import is_answered
from app.domains.comments.states import Status
from app.domains.moderation.acts import undoing
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import recorded
from tests.factories import (
    make_account,
    make_address,
    make_answer,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
    make_resource,
)

pytestmark = pytest.mark.usefixtures("app")


def _answered(question: Comment) -> bool:
    return db.session.scalar(select(is_answered()).where(Comment.id == question.id))


def _last_row(comment: Comment) -> AuditEntry:
    rows = select(AuditEntry).where(
        AuditEntry.subject == "comment", AuditEntry.subject_id == comment.id
    )
    return db.session.scalars(rows.order_by(AuditEntry.id.desc())).first()


def _link(question: Comment, card=None, **others) -> CardLink:
    by = others.pop("by", None) or make_account(Role.MODERATOR)
    return cards.answer_with(question, card or make_card(), by=by, how=How.DESK, **others)


def test_a_question_linked_to_a_card_is_answered() -> None:
    question, card = make_question(), make_card()
    assert not _answered(question)
    link = _link(question, card, because="clicks and hip")
    assert _answered(question)
    assert (link.how, link.because, link.helped) == (How.DESK, "clicks and hip", None)
    assert recorded() == [events.CardLinked(link.id)]


def test_the_row_in_the_record_stands_in_the_history_of_the_text() -> None:
    question, card = make_question(), make_card()
    _link(question, card)
    row = _last_row(question)
    assert (row.act, row.detail["before"], row.detail["after"]) == (
        "link card",
        {"cards": []},
        {"cards": [card.id]},
    )


def test_linking_twice_is_linking_once() -> None:
    question, card = make_question(), make_card()
    assert _link(question, card).id == _link(question, card).id
    assert db.session.scalar(select(func.count(CardLink.id))) == 1
    assert len(recorded()) == 1


def test_whoever_decides_on_an_older_page_is_told_to_look_again() -> None:
    question = make_question()
    was = question.version
    _link(question)
    assert question.version > was


def test_a_text_that_is_no_question_is_not_answered_by_a_card() -> None:
    with pytest.raises(errors.NoQuestion):
        _link(make_comment())


@pytest.mark.parametrize("status", [one for one in Status if one != Status.APPROVED])
def test_a_question_that_is_not_published_is_not_answered_by_a_card(status) -> None:
    with pytest.raises(errors.NotPublished):
        _link(make_question(status=status))


def test_a_retired_card_answers_nothing_new_but_stays_where_it_answers() -> None:
    question, card = make_question(), make_card()
    _link(question, card)
    card.retired_at = clock.now()
    with pytest.raises(CardIsRetired):
        _link(make_question(), card)
    assert _answered(question)


def test_a_red_flag_is_not_answered_by_a_card_alone() -> None:
    question = make_question(red_flag=True)
    with pytest.raises(errors.LinkAlone):
        _link(question)
    make_link(make_card(), question)
    assert not _answered(question)


def test_a_red_flag_answered_in_words_takes_a_card_beside_them() -> None:
    question = make_question(red_flag=True)
    make_answer(question)
    assert _link(question).id


def test_what_did_not_help_puts_the_question_back_with_the_reason() -> None:
    question = make_question()
    link = _link(question)
    cards.say_helped(link, helped=False, reason="It hurts at night, too.")
    assert not _answered(question)
    assert (link.helped, link.reason) == (False, "It hurts at night, too.")
    assert events.CardDidNotHelp(link.id) in recorded()
    assert (_last_row(question).act, _last_row(question).actor_name) == (
        "card did not help",
        question.author_name,
    )
    cards.say_helped(link, helped=True)
    assert (_answered(question), link.reason) == (True, "")


def test_saying_the_same_twice_is_one_event() -> None:
    link = _link(make_question())
    for _ in range(2):
        cards.say_helped(link, helped=False, reason="No.")
    assert recorded().count(events.CardDidNotHelp(link.id)) == 1


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(UnfitCard):
        cards.say_helped(_link(make_question()), helped=False, reason="x" * 501)


def test_taking_a_card_back_opens_the_question() -> None:
    question, card = make_question(), make_card()
    link = _link(question, card)
    link_id = link.id
    cards.take_back(link, by=card.owner)
    assert not _answered(question)
    assert recorded()[-1] == events.CardUnlinked(link_id, question.id, card.id)
    assert _last_row(question).detail["after"] == {"cards": []}


def test_undoing_takes_a_linked_card_back_and_puts_a_taken_one_again() -> None:
    moderator, question, card = make_account(Role.MODERATOR), make_question(), make_card()
    link = _link(question, card, by=moderator, because="hip")
    cards.take_back(link, by=moderator)
    undoing.undo(_last_row(question), by=moderator)
    assert [(one.card_id, one.because) for one in queries.links_of(question.id)] == [
        (card.id, "hip")
    ]
    linked = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "link card")).one()
    undoing.undo(linked, by=moderator)
    assert queries.links_of(question.id) == []


# How many people


def test_people_are_counted_once_however_often_they_ask() -> None:
    card, asker = make_card(), make_address()
    for address in (asker, asker, make_address()):
        make_link(card, make_question(address=address))
    assert asked.people([card.id]) == {card.id: 2}


def test_who_has_the_question_too_is_counted_once_with_the_askers() -> None:
    card, question, reader = make_card(), make_question(), make_account()
    other = make_question(account=reader)
    make_link(card, question)
    make_link(card, other)
    db.session.add(MeToo(comment_id=question.id, account_id=reader.id))
    db.session.add(MeToo(comment_id=question.id, address_id=make_address().id))
    db.session.commit()
    card_counts.count_card(card.id)
    assert asked.people([card.id]) == {card.id: 3}


def test_v05_a_question_that_waits_moves_no_number_of_a_card() -> None:
    card = make_card()
    make_link(card, make_question())
    for hidden in (
        make_question(status=Status.PENDING),
        make_question(article=make_article(status="draft")),
        make_question(status=Status.REJECTED),
    ):
        make_link(card, hidden)
        db.session.add(MeToo(comment_id=hidden.id, account_id=make_account().id))
    db.session.commit()
    card_counts.count_card(card.id)
    assert asked.people([card.id]) == {card.id: 1}
    assert [(one.people, one.questions) for one in asked.most_asked()[0]] == [(1, 1)]
    assert len(questions_of(card.id)[0]) == 1


def test_whom_it_did_not_help_is_not_counted() -> None:
    card = make_card()
    make_link(card, make_question(), helped=False)
    assert asked.people([card.id, 99]) == {card.id: 0, 99: 0}
    assert [one.not_helped for one in asked.not_helping()[0]] == [1]


def test_lists_put_the_most_asked_first_and_leave_retired_cards_out() -> None:
    few, many, gone = make_card("Few"), make_card("Many"), make_card("Gone")
    gone.retired_at = clock.now()
    make_link(few, make_question())
    for _ in range(2):
        make_link(many, make_question())
    assert [one.title for one in asked.most_asked()[0]] == ["Many", "Few"]
    assert [one.title for one in asked.retired()[0]] == ["Gone"]


def test_a_drawn_card_points_only_to_articles_that_everyone_may_read() -> None:
    question = make_question()
    resource = make_resource("Side steps")
    shown, hidden = make_article("Hips"), make_article("Hidden hips", status="draft")
    make_link(make_card(resources=[resource], articles=[shown, hidden]), question)
    face = queries.card_of([question.id])[question.id][0]
    assert [pointer.title for pointer in face.pointers] == ["Hips", "Side steps"]
