"""A question that asks the same as another is answered as that one is."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.errors import CardIsRetired
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.queries import links_of
from app.domains.answers.states import How
from app.domains.comments import asked, card_counts, errors, same_as
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.acts import undoing
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def moderator(app: object) -> Account:
    return make_account(Role.MODERATOR)


def answer_as(question: Comment, other: Comment, by: Account) -> CardLink:
    same_as.hold_both(question.id, other)
    return same_as.answer_as(question, other, by=by, how=How.DESK)


def count_cards() -> int:
    return db.session.scalar(select(func.count(AnswerCard.id))) or 0


def test_the_card_of_the_other_question_answers_this_one_and_counts_its_asker(
    moderator: Account,
) -> None:
    card, other, question = make_card(), make_question(), make_question()
    make_link(card, other)
    link = answer_as(question, other, moderator)
    assert (link.card_id, link.comment_id, link.how) == (card.id, question.id, How.DESK)
    card_counts.count_card(card.id)
    assert asked.people([card.id]) == {card.id: 2}
    assert question.status == other.status == Status.APPROVED


def test_a_reply_becomes_the_card_of_both_and_stays_its_authors(moderator: Account) -> None:
    other, question = make_question(title="Does a clicking hip wear out?"), make_question()
    reply = make_answer(other, "It is a tendon. Let it be.")
    make_answer(other, "And walk.")
    card = answer_as(question, other, moderator).card
    assert (card.origin_id, card.title, card.source) == (reply.id, other.title, reply.source)
    assert card.owner == reply.account
    assert [link.card_id for link in links_of(other.id)] == [card.id]


def test_the_reply_itself_may_be_named_where_there_are_several(moderator: Account) -> None:
    other, question = make_question(), make_question()
    make_answer(other, "Can you tell me more?")
    better = make_answer(other, "It is a tendon.")
    assert answer_as(question, better, moderator).card.origin_id == better.id


def test_the_second_duplicate_takes_the_card_that_the_first_one_made(moderator: Account) -> None:
    other = make_question()
    make_answer(other)
    first, second = (answer_as(make_question(), other, moderator) for _ in range(2))
    assert (first.card_id, count_cards()) == (second.card_id, 1)


def test_the_record_says_which_question_and_undoes_it(moderator: Account) -> None:
    other, question = make_question(), make_question()
    make_link(make_card(), other)
    answer_as(question, other, moderator)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "link card")).one()
    assert (entry.subject_id, entry.detail["same as"]) == (question.id, other.id)
    undoing.undo(entry, by=moderator)
    assert (links_of(question.id), len(links_of(other.id))) == ([], 1)


def test_a_question_is_not_its_own_source(moderator: Account) -> None:
    question = make_question()
    for itself in (question, make_answer(question)):
        with pytest.raises(errors.SameQuestion):
            answer_as(question, itself, moderator)
    assert count_cards() == 0


def test_a_question_without_an_answer_answers_none(moderator: Account) -> None:
    nothing, denied = make_question(), make_question()
    make_comment("I wonder too.", parent=nothing)
    make_link(make_card(), denied, helped=False)
    for other in (nothing, denied):
        with pytest.raises(errors.NotAnswered):
            answer_as(make_question(), other, moderator)


def test_a_retired_card_is_passed_on_to_nobody_but_a_reply_beside_it_is(
    moderator: Account,
) -> None:
    other = make_question()
    make_link(make_card(retired_at=clock.now()), other)
    with pytest.raises(CardIsRetired):
        answer_as(make_question(), other, moderator)
    reply = make_answer(other)
    assert answer_as(make_question(), other, moderator).card.origin_id == reply.id


@pytest.mark.parametrize("status", [one for one in Status if one != Status.APPROVED])
def test_a_question_that_went_meanwhile_is_not_answered_and_no_card_is_made(
    status: Status, moderator: Account
) -> None:
    other = make_question()
    make_answer(other)
    with pytest.raises(errors.NotPublished):
        answer_as(make_question(status=status), other, moderator)
    assert count_cards() == 0


def test_v05_what_nobody_may_read_answers_nothing(moderator: Account) -> None:
    hidden = make_question(article=make_article(status="draft"))
    with pytest.raises(errors.NotAnswered):
        answer_as(make_question(), make_answer(hidden), moderator)


def test_a_red_flag_wants_words_of_its_own(moderator: Account) -> None:
    other = make_question()
    make_answer(other)
    with pytest.raises(errors.LinkAlone):
        answer_as(make_question(red_flag=True), other, moderator)


def test_a_moderators_own_reply_does_not_get_the_authors_voice(moderator: Account) -> None:
    other = make_question()
    own = make_comment("Let it be.", parent=other, account=moderator)
    with pytest.raises(errors.NoReply):
        answer_as(make_question(), own, moderator)
    with pytest.raises(errors.NotAnswered):
        answer_as(make_question(), other, moderator)


def test_a_readers_reply_becomes_no_card(moderator: Account) -> None:
    chat = make_comment("Try garlic.", parent=make_question())
    for by in (moderator, make_account(Role.AUTHOR)):
        with pytest.raises(errors.NoReply):
            answer_as(make_question(), chat, by)


def test_a_card_made_of_words_whose_author_left_belongs_to_who_made_it_or_nobody(
    moderator: Account,
) -> None:
    for by, is_owner in ((make_account(Role.AUTHOR), True), (moderator, False)):
        other = make_question()
        reply = make_answer(other)
        reply.account.disabled_at = clock.now()
        db.session.commit()
        card = answer_as(make_question(), other, by).card
        assert card.owner_id == (by.id if is_owner else None)
