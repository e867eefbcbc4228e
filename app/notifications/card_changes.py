"""Following a card: whoever asked what it answers, or has that question too, hears when it says
something else.

Nobody signs up for it. A card is followed through the questions that it answers: by their askers
and by those who have them too, as far as their addresses are proven; until the link is gone, the
asker said that it does not help, or the person that they have the question no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.domains.accounts.models import Address
from app.domains.answers.events import CardReworded
from app.domains.answers.models import AnswerCard, CardLink, CardRevision
from app.domains.articles.models import Article
from app.domains.articles.queries import visible
from app.domains.comments import private_links
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import published
from app.engines.text.changes import is_another
from app.engines.text.excerpt import excerpt
from app.infra import letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job, enqueue
from app.infra.mail import Letter
from app.infra.unit_of_work import unit_of_work
from app.notifications import outbox, queries
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.me_too_letters import address_of
from app.notifications.recipients import writer_of
from app.notifications.states import Mail, Topic

TELLING = "card.tell"
SETTLING = timedelta(minutes=10)
"""How long after an edit: whoever saves often is told of once, and only of what is left of it."""
BATCH = 200
"""People a transaction."""


@dataclass(frozen=True, slots=True)
class _Follower:
    """A proven address, and the question through which it follows the card. `me_too_id` is 0 for
    whoever asked it."""

    address: Address
    question: Comment
    me_too_id: int


_Rows = list[tuple[int, _Follower | None]]


def card_reworded(event: CardReworded) -> None:
    """The first of several edits in a row keeps its job, which compares with what was before it."""
    payload = {"card_id": event.card_id, "revision_id": event.revision_id}
    enqueue(TELLING, payload, after=SETTLING, unique_key=f"{TELLING}:{event.card_id}")


def tell(job: Job) -> None:
    """A mail for each follower of a card that changed in substance. Commits by itself, some people
    at a time, and may be repeated: nobody is told of one revision twice."""
    told = queries.told_of_revision(job.payload["revision_id"])
    for some, row_id in ((_askers, CardLink.id), (_others, MeToo.id)):
        last: int | None = 0
        while last is not None:
            with unit_of_work():
                revision = changed_since(job.payload["revision_id"])
                rows = some(revision, row_id > last) if revision else []
                for _, follower in rows:
                    if revision and follower and follower.address.id not in told:
                        told.add(follower.address.id)
                        payload, cause = _payload(follower, revision), f"revision {revision.id}"
                        outbox.queue(
                            Mail.CARD_CHANGED, payload, to=follower.address.id, cause=cause
                        )
                last = rows[-1][0] if rows else None


def changed(job: Job) -> Letter | None:
    """To the address that the person has now; None where the card says again what it said, or they
    follow it no more."""
    facts = job.payload
    revision = changed_since(facts["revision_id"])
    card = db.session.get(AnswerCard, facts["card_id"])
    if revision is None or card is None:
        return None
    here = Comment.id == facts["question_id"]
    me_too_id = facts["me_too_id"]
    rows = _others(revision, here, MeToo.id == me_too_id) if me_too_id else _askers(revision, here)
    follower = rows[0][1] if rows else None
    if follower is None:
        return None
    question = follower.question
    key = private_links.key_of(question)
    return letter(
        job,
        follower.address,
        topic=Topic.CARDS,
        title=card.title,
        question=question.title,
        quote=excerpt(card.html, QUOTED),
        link=absolute(question.href),
        status=None
        if me_too_id
        else letters.link_to("questions.status", comment_id=question.id, key=key),
    )


def _payload(follower: _Follower, revision: CardRevision) -> dict[str, int]:
    return {
        "card_id": revision.card_id,
        "revision_id": revision.id,
        "question_id": follower.question.id,
        "me_too_id": follower.me_too_id,
        "address_id": follower.address.id,
    }


def changed_since(revision_id: int) -> CardRevision | None:
    """What the card said before, where it says something else in substance now."""
    revision = db.session.get(CardRevision, revision_id, populate_existing=True)
    card = revision and db.session.get(AnswerCard, revision.card_id, populate_existing=True)
    if revision is None or card is None:
        return None
    another = is_another(revision.title, revision.source, card.title, card.source)
    return revision if another else None


def _askers(revision: CardRevision, *where: ColumnElement[bool]) -> _Rows:
    """Ids of links, each with whoever asked the question; None for who cannot be written to."""
    found = db.session.execute(
        select(CardLink.id, Comment)
        .join(Comment, Comment.id == CardLink.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(*_answered_before(revision), *where)
        .order_by(CardLink.id)
        .limit(BATCH)
    )
    return [(link_id, _asker(comment, revision)) for link_id, comment in found]


def _others(revision: CardRevision, *where: ColumnElement[bool]) -> _Rows:
    """Ids of those who have a question too, each with their address and the question."""
    found = db.session.execute(
        select(MeToo, Comment)
        .join(Comment, Comment.id == MeToo.comment_id)
        .join(CardLink, CardLink.comment_id == Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .where(*_answered_before(revision), MeToo.at < revision.at, *where)
        .order_by(MeToo.id)
        .limit(BATCH)
    )
    return [(row.id, _other(row, comment, revision)) for row, comment in found]


def _answered_before(revision: CardRevision) -> tuple[ColumnElement[bool], ...]:
    """Links that everyone may know of and that hold; who is told of the link itself after the edit
    reads the new text in that mail."""
    return (
        CardLink.card_id == revision.card_id,
        CardLink.helped.is_not(False),
        CardLink.at < revision.at - UNDO_WINDOW,
        published(),
        visible(),
    )


def _asker(comment: Comment, revision: CardRevision) -> _Follower | None:
    writer = writer_of(comment)
    if writer is None or not writer.proven or _is_editor(comment.account_id, revision):
        return None
    return _Follower(writer.address, comment, 0)


def _other(row: MeToo, comment: Comment, revision: CardRevision) -> _Follower | None:
    address = address_of(row)
    if address is None or _is_editor(row.account_id, revision):
        return None
    return _Follower(address, comment, row.id)


def _is_editor(account_id: int | None, revision: CardRevision) -> bool:
    return account_id is not None and account_id == revision.editor_id
