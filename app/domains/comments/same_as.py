"""Saying that a question asks the same as another: what answers that one answers this one too, and
both stay. Verbs that flush, never commit."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.answers import policy as card_policy
from app.domains.answers.errors import CardIsRetired
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.queries import links_of
from app.domains.answers.states import How
from app.domains.comments import cards, errors, making, policy, queries
from app.domains.comments.models import Comment


def hold_both(question_id: int, other: Comment) -> None:
    """Hold a question and the one that it asks the same as until the transaction ends: in one
    order, so that two who do this crosswise never wait for each other."""
    for ref in sorted({question_id, other.question_id or other.id}):
        queries.find_to_change(ref)


def answer_as(question: Comment, other: Comment, *, by: Account, how: How) -> CardLink:
    """Let what answers another question, which everyone may read, answer this one: its card, or
    else a card that is made of its reply. `other` may be the very reply that shall be taken.

    Undoing takes the card from this question; a card that was made of a reply stays where that
    reply stands. Both questions are held (`hold_both`). Raises SameQuestion, NotAnswered, NoReply,
    CardIsRetired, and what `cards.answer_with` raises.
    """
    cards.check(question)
    reply = None if other.is_question else other
    source = queries.find_visible(other.question_id or 0) if reply else other
    if source is None:
        raise errors.NotAnswered
    if source.id == question.id:
        raise errors.SameQuestion
    card = _made_of(reply, by) if reply else _card_of(source, by)
    return cards.answer_with(question, card, by=by, how=how, same_as=source.id)


def _card_of(source: Comment, by: Account) -> AnswerCard:
    """The first card that answers it and may be given to others, else one of its first reply."""
    linked = [link.card for link in links_of(source.id) if link.helped is not False]
    live = [card for card in linked if card.retired_at is None]
    if live:
        return live[0]
    replies = [one for one in queries.answers_to(source.id) if policy.may_become_a_card(one)]
    if replies:
        return _made_of(replies[0], by)
    raise CardIsRetired if linked else errors.NotAnswered


def _made_of(reply: Comment, by: Account) -> AnswerCard:
    """A moderator may hand on the author's words, and nobody else's."""
    if not (reply.by_author or card_policy.may_write_cards(by)):
        raise errors.NoReply
    return making.make_card_of(reply, by=by)
