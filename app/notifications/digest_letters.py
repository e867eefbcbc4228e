"""Letters to the people who run the site: what waits for the desk, and for the author's answer."""

from __future__ import annotations

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.moderation import links
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import waiting
from app.engines.text.excerpt import excerpt
from app.infra import letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.infra.unit_of_work import unit_of_work
from app.notifications import queries
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.recipients import is_proven
from app.notifications.replies import addresses as replies
from app.notifications.states import Topic

LISTED = 8
FIRST_WORDS = 160


def desk(job: Job) -> Letter | None:
    """What waits in the queue, red flags and the oldest first. Each text has its own link for this
    moderator, which works once; opening it shows the text and decides nothing."""
    account = _reader_of(job)
    if account is None or not may_moderate(account):
        return None
    with unit_of_work():
        account = accounts.get_account(account.id)
        texts = waiting.first_of_it(account, LISTED)
        secrets = links.secrets_for(account, texts)
    if not texts:
        return None
    return letter(
        job,
        account.address,
        topic=Topic.DESK,
        count=waiting.all_of_it(account),
        items=[
            {
                "name": text.author_name,
                "article": text.article.title,
                "words": excerpt(text.html, FIRST_WORDS),
                "open": letters.link_to("mailbox.show", secret=secrets[text.id]),
                **{
                    act: letters.link_to("mailbox.show", secret=secrets[text.id], act=act)
                    for act in ("approve", "reject")
                },
            }
            for text in texts
        ],
        link=letters.link_to("moderation.queue"),
    )


def inbox(job: Job) -> Letter | None:
    """Published questions under this author's articles that have no answer yet. One is answered by
    answering the mail; of several each has an address of its own, where the site takes answers."""
    account = _reader_of(job)
    if account is None:
        return None
    questions, ways = comments.waiting_for_answer(account)
    if not questions:
        return None
    is_one = len(questions) == 1
    return letter(
        job,
        account.address,
        topic=Topic.INBOX,
        about=questions[0] if is_one else None,
        count=len(questions),
        and_more=ways.after is not None,
        items=[
            {
                "name": question.author_name,
                "article": question.article.title,
                "words": question.title,
                "link": absolute(question.href),
                "text": excerpt(question.html, QUOTED) if replies.is_on() else "",
                "reply": None if is_one else replies.reply_address(question, account.address),
            }
            for question in questions[:LISTED]
        ],
        link=letters.link_to("author.inbox"),
    )


def _reader_of(job: Job) -> Account | None:
    """Whose digest this is; nobody's when they left, were shut out, or get a fresher one anyway."""
    account = db.session.get(Account, job.payload["account_id"])
    if account is None or not account.is_active or not is_proven(account):
        return None
    is_late = job.attempts > 1  # a digest that could not be sent for a while has younger siblings
    return None if is_late and queries.has_successor(job) else account
