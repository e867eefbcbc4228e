"""Word to the asker that a card answers the question, with a way to say that it does not; and to
whoever looks after the card, that somebody said so."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.answers.events import CardDidNotHelp, CardLinked
from app.domains.answers.models import CardLink
from app.domains.answers.policy import may_own_cards
from app.domains.answers.states import How
from app.domains.comments import private_links
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.engines.text.excerpt import excerpt
from app.infra import clock, letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import KEPT, Job
from app.infra.mail import Letter
from app.notifications import outbox, queries, recipients
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.states import Mail, Topic
from app.notifications.words import BY_NOBODY


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
        to, cause = writer.address.id, f"card {link.card_id}, text {link.comment_id}"
        outbox.queue(Mail.CARD_ANSWERED, payload, to=to, cause=cause, after=UNDO_WINDOW)


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
        by=owner.name if owner else BY_NOBODY,
        quote=excerpt(link.card.html, QUOTED),
        link=letters.link_to("questions.permalink", comment_id=comment.id),
        status=status,
    )


def card_did_not_help(event: CardDidNotHelp) -> None:
    """Whoever looks after the card hears of it once, unless the asker thinks better of it."""
    link = db.session.get(CardLink, event.link_id)
    if link is None:
        return
    payload = {"comment_id": link.comment_id, "card_id": link.card_id}
    comment = comments.find(link.comment_id)
    if comment is not None and not queries.was_told(Mail.CARD_NO_HELP, payload, since=link.at):
        to = _keeper(link, comment).address_id
        cause = f"link {link.id} of {link.at.isoformat()}"  # ids of links taken back come again
        outbox.queue(Mail.CARD_NO_HELP, payload, to=to, cause=cause, after=UNDO_WINDOW)


def _keeper(link: CardLink, comment: Comment) -> Account:
    owner = link.card.owner
    return owner if owner and may_own_cards(owner) else comment.article.author


def no_help(job: Job) -> Letter | None:
    """To the card's owner; where they left, to the author of the article that the question stands
    under. None where neither is here, or the asker says so no more."""
    comment = comments.find_visible(job.payload["comment_id"])
    link = queries.card_link(job.payload["comment_id"], job.payload["card_id"])
    if comment is None or link is None or link.helped is not False:
        return None
    keeper = _keeper(link, comment)
    if not keeper.is_active or not recipients.is_proven(keeper):
        return None
    return letter(
        job,
        keeper.address,
        topic=Topic.INBOX,
        about=comment,
        card=link.card.title,
        title=comment.title,
        reason=link.reason,
        link=absolute(comment.href),
        edit=letters.link_to("author.edit_card", card_id=link.card_id),
    )
