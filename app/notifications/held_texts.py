"""A text was held for a colleague: the colleague is told, when it can no more be undone."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.moderation.acts import record
from app.domains.moderation.events import TextHeldFor
from app.domains.moderation.policy import may_moderate
from app.engines.text.excerpt import excerpt
from app.infra import letters
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.language import sentence
from app.infra.mail import Letter
from app.notifications import handlers
from app.notifications.addressing import letter
from app.notifications.recipients import is_proven
from app.notifications.states import Mail, Topic

FIRST_WORDS = 300


def text_held_for(event: TextHeldFor) -> None:
    """One mail, however often it is given back and held again until then."""
    payload = {"comment_id": event.comment_id, "account_id": event.account_id}
    key = f"{Mail.HELD}:{event.comment_id}:{event.account_id}"
    enqueue(Mail.HELD, payload, after=handlers.UNDO_WINDOW, unique_key=key)


def held(job: Job) -> Letter | None:
    """Told only while the text is held for this colleague, and to nobody who left the desk."""
    comment = comments.find(job.payload["comment_id"])
    account = db.session.get(Account, job.payload["account_id"])
    if comment is None or account is None or comment.held_for_id != account.id:
        return None
    if not may_moderate(account) or not is_proven(account):
        return None
    acts = [entry for entry in record.history(comment.id) if entry.act == "hold for"]
    return letter(
        job,
        account.address,
        topic=Topic.DESK,
        by=acts[-1].actor_name if acts else sentence("A colleague"),
        writer=comment.author_name,
        article=comment.article.title,
        note=comment.held_note,
        words=excerpt(comment.html, FIRST_WORDS),
        link=letters.link_to("moderation.item", comment_id=comment.id),
    )
