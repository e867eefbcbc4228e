"""What a mail server and the people behind mailboxes do, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies import policy, receiving
from app.notifications.replies.models import MailedReply
from app.notifications.replies.states import Outcome
from tests.factories import make_account
from tests.support.mailbox import answer
from tests.support.smtp import MailServer

MARTA, INES = "marta@example.com", "ines@example.com"
WORDS = "It is a tendon. **Let it be** while it does not hurt."
Pass = Callable[..., None]


def receive(mail: EmailMessage | bytes, **given: str) -> Outcome:
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    db.session.rollback()
    return receiving.take(raw, **given).outcome


def replies() -> list[Comment]:
    db.session.rollback()
    below = Comment.parent_id.is_not(None)
    return list(db.session.scalars(select(Comment).where(below).order_by(Comment.id)))


def rows() -> list[MailedReply]:
    db.session.rollback()
    return list(db.session.scalars(select(MailedReply).order_by(MailedReply.id)))


def let_readers_answer() -> None:
    admin_id = make_account(Role.ADMIN).id
    with unit_of_work():
        admin = db.session.get_one(Account, admin_id)
        policy.switch(readers=True, seen=policy.with_version()[1], by=admin)


def answered_by_marta(
    mails: MailServer, mail: EmailMessage, pass_time: Pass, *, told: str = INES
) -> EmailMessage:
    """What the asker, or whoever is named, got when the author had answered by mail."""
    assert receive(answer(mail, WORDS)) == Outcome.PUBLISHED
    pass_time()
    (found,) = mails.to(told)
    return found
