"""Traces of texts: stored when a text comes in, asked for when the next one does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, insert, select, union_all

from app.domains.screening.models import TextTrace
from app.infra.db import db

KEPT = timedelta(days=7)
"""How long a campaign lasts, as far as traces go; older ones are of no use."""
COMPARED = 6
"""Texts that are read and compared in full."""
NEWEST_OF_A_TRACE = 5


def remember(comment_id: int, traces: Sequence[int], at: datetime) -> None:
    """Store the traces of a text in place of those it had."""
    db.session.execute(delete(TextTrace).where(TextTrace.comment_id == comment_id))
    if traces:
        rows = [{"trace": trace, "comment_id": comment_id, "at": at} for trace in set(traces)]
        db.session.execute(insert(TextTrace), rows)


def sharing(traces: Sequence[int]) -> Select[tuple[int]]:
    """The ids of the few texts that share most of these traces; the newest of equals.

    Of each trace only the newest texts are seen, so that a campaign of ten thousand costs no more
    than one of ten.
    """
    newest = [
        select(
            select(TextTrace.comment_id)
            .where(TextTrace.trace == trace)
            .order_by(TextTrace.comment_id.desc())
            .limit(NEWEST_OF_A_TRACE)
            .subquery()
        )
        for trace in traces
    ]
    found = union_all(*newest).subquery()
    number = found.c.comment_id
    return (
        select(number).group_by(number).order_by(func.count().desc(), number.desc()).limit(COMPARED)
    )
