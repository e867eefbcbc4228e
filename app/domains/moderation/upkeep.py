"""What the site forgets by itself, so that no table grows with what nobody needs any more.

Each piece is a short transaction of its own: nobody who writes has to wait for it. A turn ends
after so many pieces of each kind, before another worker takes it for dead; what is left then is
the next turn's, a minute later.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, update

from app.domains.accounts import mail_stops
from app.domains.accounts.factors.models import PasskeyChallenge
from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import LoginSession, MailedLink, SignInTry
from app.domains.accounts.tries import KEPT as TRIES_KEPT
from app.domains.comments.models import Comment
from app.domains.moderation.models import DeskLink, Opening
from app.domains.screening.models import TextTrace
from app.domains.screening.outside import ASK
from app.infra import audit, clock, jobs, periods, repeats
from app.infra.db import Model, db
from app.infra.jobs import Job
from app.infra.periods import Period
from app.infra.repeats import AnsweredRequest
from app.infra.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

PIECE = 500
MOST_PIECES = 40
"""Of each kind in one turn: 20,000 rows."""
MORE = timedelta(minutes=1)
GIVEN_UP_KEPT = timedelta(days=365)
"""How long a job that failed for good can still be looked at."""
OPENINGS_KEPT = timedelta(days=1)
LINKS_KEPT = timedelta(days=30)
"""After they were used or ended: until then they say what became of them."""
TRACES_KEPT = timedelta(days=7)
"""As long as somebody sends the same text again and again."""
ASKED_KEPT = timedelta(days=1)
"""A question to somebody outside names the whole address of a machine; once it is answered, nobody
needs that any more."""


def run(job: Job) -> None:
    """The periodic job: forget, and say in one line of the log what."""
    gone = forget_old()
    if max(gone.values()) >= PIECE * MOST_PIECES:
        with unit_of_work():
            jobs.enqueue(job.kind, {}, after=MORE, unique_key=f"more:{job.kind}")
    told = ", ".join(f"{count} {name}" for name, count in gone.items() if count)
    logger.info("upkeep: %s", told or "nothing to forget")


def forget_old() -> dict[str, int]:
    """How much of each kind is gone, at most `MOST_PIECES` pieces of each. Commits by itself; safe
    to repeat and to break off."""
    now = clock.now()
    links_ended = now - LINKS_KEPT
    networks_end = periods.before(Period.NETWORKS)
    return {
        "jobs done": _remove(Job, Job.done_at < now - jobs.KEPT),
        "jobs given up": _remove(
            Job, and_(Job.done_at.is_(None), Job.failed_at < now - GIVEN_UP_KEPT)
        ),
        "questions to others": _remove(Job, _names_a_machine(now, networks_end)),
        "stops of mail": _remove(MailStop, mail_stops.is_forgiven(now)),
        "sign-in tries": _remove(SignInTry, SignInTry.at < now - TRIES_KEPT),
        "openings": _remove(Opening, Opening.at < now - OPENINGS_KEPT),
        "mailed links": _remove(
            DeskLink, or_(DeskLink.used_at < links_ended, DeskLink.expires_at < links_ended)
        ),
        "links of accounts": _remove(MailedLink, MailedLink.expires_at < links_ended),
        "sessions": _remove(LoginSession, LoginSession.expires_at < now),
        "challenges of passkeys": _remove(PasskeyChallenge, PasskeyChallenge.expires_at < now),
        "keys of requests": _remove(AnsweredRequest, AnsweredRequest.at < now - repeats.KEPT),
        "traces of texts": _remove(TextTrace, TextTrace.at < now - TRACES_KEPT),
        "networks of texts": _forget_networks_of_texts(networks_end),
        "networks of acts": audit.forget_networks(networks_end, piece=PIECE, pieces=MOST_PIECES),
    }


def _names_a_machine(now: datetime, networks_end: datetime) -> ColumnElement[bool]:
    """Questions that were answered, or were given up so long ago that a network would go too."""
    done = Job.done_at < now - ASKED_KEPT
    given_up = and_(Job.done_at.is_(None), Job.failed_at < networks_end)
    return and_(Job.kind == ASK, or_(done, given_up))


def _remove(model: type[Model], is_old: ColumnElement[bool]) -> int:
    keys: tuple[Any, ...] = tuple(model.__mapper__.primary_key)
    some = select(*keys).where(is_old).limit(PIECE)
    gone = 0
    for _ in range(MOST_PIECES):
        with unit_of_work():
            statement = delete(model).where(tuple_(*keys).in_(some))
            result: Any = db.session.execute(
                statement, execution_options={"synchronize_session": False}
            )
            count = int(result.rowcount)
        gone += count
        if count < PIECE:
            break
    return gone


def _forget_networks_of_texts(before: datetime) -> int:
    """Found outside of the transactions that write, since the finding passes over every text."""
    gone, last = 0, 0
    known = select(Comment.id).where(Comment.network.is_not(None), Comment.created_at < before)
    for _ in range(MOST_PIECES):
        some = known.where(Comment.id > last).order_by(Comment.id).limit(PIECE)
        ids = list(db.session.scalars(some))
        if not ids:
            db.session.rollback()
            break
        with unit_of_work():
            db.session.execute(
                update(Comment).where(Comment.id.in_(ids)).values(network=None),
                execution_options={"synchronize_session": False},
            )
        gone, last = gone + len(ids), ids[-1]
    return gone
