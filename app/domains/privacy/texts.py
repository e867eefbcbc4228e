"""What somebody wrote, when they are erased: it stays without a name or goes, as the site says."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from app.domains.comments import forgetting, moves
from app.domains.comments.events import CommentChanged
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.privacy import choices, loose, rows
from app.domains.privacy.persons import Person
from app.domains.privacy.retention import forget_texts
from app.domains.privacy.terms import Names
from app.domains.screening.outside import ASK
from app.infra import audit
from app.infra.db import db
from app.infra.events import record
from app.infra.jobs import Job
from app.infra.unnamed import NOBODY

PIECE = 50
ACT = "erase"


def erase_some(person: Person) -> bool:
    """Erase some of the texts that are left; whether there were any. Published ones stay without a
    name, or go, as the site decides; all others go."""
    found = db.session.scalars(
        select(Comment).where(rows.texts(person)).order_by(Comment.id).limit(PIECE)
    ).all()
    former = {one.address_id for one in found if one.address_id is not None}
    forgetting.forget_namesakes(found)
    texts_go = choices.current().texts_go
    going = [one for one in found if texts_go or not one.is_published]
    for comment in going:
        if comment.status != Status.DELETED:
            moves.move(comment, Status.DELETED, act=ACT, by=None, actor_name=NOBODY)
    staying = [one for one in found if one not in going]
    for comment in staying:
        _take_name(comment)
    db.session.flush()
    ids = [one.id for one in staying]
    if ids:
        rows.erase(Names.TEXT, ids)
    if going:
        forget_texts([one.id for one in going])
    loose.forget_these(former - {person.address_id})  # of the account, before it had another
    _ask_nobody([one.id for one in found])
    audit.say_less("comment", [one.id for one in found], name=NOBODY, reasons=True)
    return bool(found)


def _ask_nobody(ids: Collection[int]) -> None:
    """A question to a service outside bears the machine that the text came from."""
    asks = Job.kind == ASK, Job.payload["comment_id"].as_integer().in_(ids)
    asking = delete(Job).where(*asks).execution_options(synchronize_session=False)
    db.session.execute(asking)


def _take_name(comment: Comment) -> None:
    for column, value in forgetting.NAMELESS.items():
        setattr(comment, column, value)
    flag = comment.verdict.get("red_flag")
    comment.verdict = {"red_flag": flag} if flag else {}
    comment.author_name, comment.held_note, comment.reject_reason = NOBODY, "", ""
    comment.recheck_reason = ""
    comment.version += 1
    record(CommentChanged(comment.id))
