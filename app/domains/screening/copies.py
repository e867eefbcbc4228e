"""Traces of texts: stored when a text comes in, asked for when the next one does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, Select, bindparam, delete, func, insert, select, union_all

from app.domains.screening.models import TextTrace
from app.engines.spam.likeness import BANDS
from app.infra.db import Base, db, write_rows

KEPT = timedelta(days=7)
"""How long a campaign lasts, as far as traces go; older ones are of no use."""
COMPARED = 6
"""Texts that are read and compared in full."""
NEWEST_OF_A_TRACE = 5


_REMEMBERING = insert(Base.metadata.tables[TextTrace.__tablename__])


def remember(comment_id: int, traces: Sequence[int], at: datetime) -> None:
    """Store the traces of a text that has none yet."""
    if traces:
        rows = [{"trace": trace, "comment_id": comment_id, "at": at} for trace in set(traces)]
        write_rows(_REMEMBERING, rows)


def forget(comment_id: int) -> None:
    """Take the traces of a text away, because it says something else now."""
    db.session.execute(delete(TextTrace).where(TextTrace.comment_id == comment_id))


@cache
def sharing() -> Select[int]:
    """The ids of the few texts that share most of the traces which `named` gives to this
    statement; the newest of equals.

    Of each trace only the newest texts are seen, so that a campaign of ten thousand costs no more
    than one of ten.
    """
    newest = [
        select(
            select(TextTrace.comment_id)
            .where(TextTrace.trace == bindparam(f"trace{number}", type_=BigInteger))
            .order_by(TextTrace.comment_id.desc())
            .limit(NEWEST_OF_A_TRACE)
            .subquery()
        )
        for number in range(BANDS)
    ]
    found = union_all(*newest).subquery()
    number = found.c.comment_id
    return (
        select(number).group_by(number).order_by(func.count().desc(), number.desc()).limit(COMPARED)
    )


def named(traces: Sequence[int]) -> dict[str, int]:
    """A text's traces as the parameters of `sharing`."""
    return {f"trace{number}": trace for number, trace in enumerate(traces)}
