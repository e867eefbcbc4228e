"""Word to the asker that a card answers the question, with a way to say that it does not."""

from __future__ import annotations

from app.domains.answers.events import CardLinked
from app.domains.answers.models import CardLink
from app.domains.answers.states import How
from app.domains.comments import private_links
from app.domains.comments import queries as comments
from app.engines.text.excerpt import excerpt
from app.infra import clock, letters
from app.infra.db import db
from app.infra.jobs import KEPT, Job, enqueue
from app.infra.mail import Letter
from app.notifications import queries, recipients
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.states import Mail, Topic


def card_linked(event: CardLinked) -> None:
    """The asker hears of it when it can no more be undone; who linked it themselves knows, and so
    does who got the reply that the card was made of."""
    link = db.session.get(CardLink, event.link_id)
    comment = comments.find(link.comment_id) if link is not None else None
    if link is None or comment is None or link.how == How.ASKER or queries.was_said_here(link):
        return
    writer = recipients.writer_of(comment)
    payload = {"comment_id": comment.id, "card_id": link.card_id}
    if writer is None or queries.was_told(Mail.CARD_ANSWERED, payload, since=clock.now() - KEPT):
        return
    if recipients.may_hear_of_own(writer):
        enqueue(Mail.CARD_ANSWERED, payload, after=UNDO_WINDOW)


def answered(job: Job) -> Letter | None:
    """None where the question is hidden again, or the card answers it no more."""
    comment = comments.find_visible(job.payload["comment_id"])
    link = queries.card_link(job.payload["comment_id"], job.payload["card_id"])
    writer = recipients.writer_of(comment) if comment else None
    if comment is None or link is None or writer is None or link.helped is not None:
        return None
    owner = link.card.owner
    status = letters.link_to(
        "questions.status", comment_id=comment.id, key=private_links.key_of(comment)
    )
    return letter(
        job,
        writer.address,
        topic=Topic.REPLIES,
        article=comment.article.title,
        title=comment.title,
        by=owner.name if owner else "The author",
        quote=excerpt(link.card.html, QUOTED),
        link=letters.link_to("questions.permalink", comment_id=comment.id),
        status=status,
    )
