"""Who has a question too: the link with which they say so, and word of the answer, once.

Whoever says "I have this too" proves an address by it, so every mail here but the link itself goes
to a proven address. Word goes out with the first answer that is published, or the first card that
is linked, after they said so: later ones are a conversation that they did not ask to follow.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address
from app.domains.answers.events import CardLinked
from app.domains.answers.models import CardLink
from app.domains.comments import queries as comments
from app.domains.comments.events import CommentPublished, MeTooClaimed
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Kind, Status
from app.engines.text.excerpt import excerpt
from app.infra import clock, letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import KEPT, Job, enqueue
from app.infra.mail import Letter
from app.infra.unit_of_work import unit_of_work
from app.notifications import outbox, queries
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.states import Mail, Topic
from app.notifications.words import BY_NOBODY

TELLING = "me_too.tell"
BATCH = 200
"""People a transaction."""


def me_too_claimed(event: MeTooClaimed) -> None:
    payload = {"comment_id": event.comment_id, "address_id": event.address_id}
    enqueue(Mail.ME_TOO, payload)


def comment_published(event: CommentPublished) -> None:
    """An answer of the author's: whoever has the question too hears of it when it can no more be
    undone."""
    answer = comments.find(event.comment_id)
    if answer is not None and answer.is_published and _is_answer(answer):
        _ask_to_tell(answer.question_id, {"comment_id": answer.id})


def card_linked(event: CardLinked) -> None:
    """What was made of a reply to this question stands there already, and was told then."""
    link = db.session.get(CardLink, event.link_id)
    if link is not None and not queries.was_said_here(link):
        _ask_to_tell(link.comment_id, {"link_id": link.id})


def _ask_to_tell(question_id: int | None, answer: dict[str, int]) -> None:
    """One job for however many people; nothing where nobody said that they have it too."""
    if db.session.scalar(select(exists().where(MeToo.comment_id == question_id))):
        enqueue(TELLING, {"question_id": question_id, **answer}, after=UNDO_WINDOW)


def tell(job: Job) -> None:
    """A mail for each who has the question too and has not heard of an answer yet. Commits by
    itself, some people at a time; what is asked about is looked up again, so that an answer that
    was taken back meanwhile is told to nobody."""
    last = 0
    while True:
        with unit_of_work():
            told_at = _time_of(job.payload)
            rows = _people(job.payload["question_id"], told_at, last) if told_at else []
            for row in rows:
                _queue(row, job.payload)
        if not rows:
            return
        last = rows[-1].id


def _people(question_id: int, answered_at: datetime, last: int) -> list[MeToo]:
    """Those for whom this answer is the first since they said so, in the order of their ids."""
    card_before = exists().where(
        CardLink.comment_id == MeToo.comment_id, CardLink.at > MeToo.at, CardLink.at < answered_at
    )
    said_before = exists().where(
        Comment.question_id == MeToo.comment_id,
        Comment.by_author.is_(True),
        Comment.kind != Kind.CHAT,
        Comment.status == Status.APPROVED,
        Comment.published_at > MeToo.at,
        Comment.published_at < answered_at,
    )
    found = db.session.scalars(
        select(MeToo)
        .where(MeToo.comment_id == question_id, MeToo.id > last, ~or_(card_before, said_before))
        .order_by(MeToo.id)
        .limit(BATCH)
    )
    return list(found)


def _queue(row: MeToo, answer: dict[str, int]) -> None:
    """Once a person and question, also where an answer was taken back and let in again."""
    about = {"question_id": row.comment_id, "me_too_id": row.id}
    since = max(row.at, clock.now() - KEPT)
    to = address_of(row)
    if to is not None and not queries.was_told(Mail.ME_TOO_ANSWERED, about, since=since):
        cause = f"me too {row.id} of {row.at.isoformat()}"  # ids of rows taken back come again
        outbox.queue(Mail.ME_TOO_ANSWERED, {**answer, **about}, to=to.id, cause=cause)


def proof(job: Job) -> Letter | None:
    """The link, made when it is sent, so that its hour begins then."""
    question = comments.find_visible(job.payload["comment_id"])
    address = db.session.get(Address, job.payload["address_id"])
    if question is None or address is None or not question.is_question:
        return None
    return letter(
        job,
        address,
        title=question.title,
        link=letters.link_to(
            "questions.me_too_proof",
            comment_id=question.id,
            address_id=address.id,
            key=accounts.proof_key(address),
        ),
    )


def answered(job: Job) -> Letter | None:
    """None where the question or its answer is gone, or the person took it back."""
    question = comments.find_visible(job.payload["question_id"])
    row = db.session.get(MeToo, job.payload["me_too_id"])
    to = address_of(row) if row else None
    if question is None or to is None or row is None or row.comment_id != question.id:
        return None
    words = _words_of(job.payload)
    if words is None:
        return None
    by, quote = words
    return letter(
        job,
        to,
        topic=Topic.REPLIES,
        about=comments.find_visible(job.payload.get("comment_id", 0)),
        title=question.title,
        by=by,
        quote=quote,
        link=absolute(question.href),
    )


def address_of(row: MeToo) -> Address | None:
    """Where a person is written to; None where nobody is left or the account is shut out."""
    address = db.session.get(Address, row.address_id) if row.address_id else None
    account = db.session.get(Account, row.account_id) if row.account_id else None
    if account is not None and not account.is_active:
        return None
    return address if address is not None and address.is_proven else None


def _time_of(answer: dict[str, int]) -> datetime | None:
    """When it answered; None where it does so no more."""
    if "link_id" in answer:
        link = _link(answer)
        return link.at if link else None
    comment = _reply(answer)
    return comment.published_at if comment else None


def _words_of(answer: dict[str, int]) -> tuple[str, str] | None:
    """Who answered, and the first words; None where it answers no more."""
    if "link_id" in answer:
        link = _link(answer)
        if link is None:
            return None
        owner = link.card.owner
        return owner.name if owner else BY_NOBODY, excerpt(link.card.html, QUOTED)
    comment = _reply(answer)
    return (comment.author_name, excerpt(comment.html, QUOTED)) if comment else None


def _reply(answer: dict[str, int]) -> Comment | None:
    """The author's words, unless they answer another question by now."""
    comment = comments.find_visible(answer["comment_id"])
    if comment is None or not _is_answer(comment):
        return None
    return comment if comment.question_id == answer["question_id"] else None


def _link(answer: dict[str, int]) -> CardLink | None:
    """The link, unless the asker said that it is no answer."""
    link = db.session.get(CardLink, answer["link_id"], populate_existing=True)
    if link is None or link.comment_id != answer["question_id"] or link.helped is False:
        return None
    return link


def _is_answer(comment: Comment) -> bool:
    return comment.by_author and comment.question_id is not None and comment.kind != Kind.CHAT
