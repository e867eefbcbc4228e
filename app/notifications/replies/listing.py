"""The mails that came in lately, for whoever runs the site; and that they are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies.models import MailedReply

KEPT = timedelta(days=30)
MOST_OF_STRANGERS = 10_000
"""Rows of mails whose address held for nobody, whom anybody can send."""
FORGETTING = "mailed_replies.forget"
PERIOD = timedelta(days=1)
PIECE = 500


def lately(*, wanted: Wanted = FIRST, size: int) -> tuple[Sequence[MailedReply], Ways]:
    """With the texts that they became, the newest first."""
    keys = MailedReply.at, MailedReply.id
    rows, ways = page_of(select(*keys), keys, wanted, size=size)
    return in_order(MailedReply, rows, joinedload(MailedReply.reply)), ways


def last_came() -> datetime | None:
    """When the newest came that is still known."""
    return db.session.scalar(select(MailedReply.at).order_by(MailedReply.at.desc()).limit(1))


def forget(_job: Job) -> None:
    """The periodic job. Commits by itself, some rows at a time."""
    strangers = MailedReply.address_id.is_(None)
    newest = select(MailedReply.id).where(strangers).order_by(MailedReply.id.desc())
    last = db.session.scalar(newest.offset(MOST_OF_STRANGERS).limit(1)) or 0
    is_old = or_(MailedReply.at < clock.now() - KEPT, strangers & (MailedReply.id <= last))
    while True:
        with unit_of_work():
            ids = list(db.session.scalars(select(MailedReply.id).where(is_old).limit(PIECE)))
            db.session.execute(delete(MailedReply).where(MailedReply.id.in_(ids)))
        if not ids:
            return
