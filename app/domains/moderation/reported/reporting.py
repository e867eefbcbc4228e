"""A reader reports a published text. Verbs that flush, never commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.domains.accounts.models import Account
from app.domains.comments import moves
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.comments.texts import is_by_staff
from app.domains.moderation.events import SentBack
from app.domains.moderation.models import Report
from app.domains.moderation.queue.listed import Listed
from app.domains.moderation.reported import report_errors, report_settings, reports, weights
from app.domains.moderation.reported.report_settings import OTHER
from app.domains.moderation.states import ReportOutcome
from app.infra.db import db
from app.infra.events import record

READERS = "readers"
"""Who acts, in the record, when reports send a text back."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: an account; else a guest by the addresses proven in this browser; else by the
    browser's fingerprint. Never by a network: a household shares one. `sent` are the ids of texts
    that were sent from this browser."""

    account: Account | None = None
    proven: frozenset[int] = field(default_factory=frozenset)
    browser: str = ""
    sent: frozenset[int] = field(default_factory=frozenset)

    @property
    def base(self) -> int:
        """What a report of theirs counts without a record."""
        if self.account is None:
            return weights.GUEST
        return weights.MOST if self.account.is_staff else weights.MEMBER

    def marks(self) -> ColumnElement[bool]:
        """The reports that this person made, whichever way they were known then."""
        own: list[ColumnElement[bool]] = [Report.address_id.in_(self.proven)]
        if self.account is not None:
            own.append(Report.account_id == self.account.id)
        if self.browser:
            own.append(Report.browser == self.browser)
        return or_(*own)

    def wrote(self, comment: Comment) -> bool:
        if self.account is not None and comment.account_id == self.account.id:
            return True
        return comment.id in self.sent or comment.address_id in self.proven


def report(comment: Comment, reporter: Reporter, *, reason: str, words: str) -> Report:
    """Take a report of a published text that the caller holds locked; it may send the text back.

    A second report of the same person is the first one. Raises OwnText, UnknownReason,
    WordsNeeded, and ReportedBefore where a moderator has answered their report already.
    """
    if reporter.wrote(comment):
        raise report_errors.OwnText
    settings = report_settings.current()
    if reason not in settings.reasons:
        raise report_errors.UnknownReason
    if reason == OTHER and not words:
        raise report_errors.WordsNeeded
    if (first := find(comment, reporter)) is not None:
        if first.outcome is not None:
            raise report_errors.ReportedBefore
        return first
    made = Report(
        comment_id=comment.id,
        reason=reason,
        words=words,
        weight=_weight(reporter),
        **_who(reporter),
    )
    db.session.add(made)
    db.session.flush()
    reports.sum_up(comment)
    _weigh(comment, settings.threshold)
    return made


def find(comment: Comment, reporter: Reporter) -> Report | None:
    """The report that this person made about this text."""
    return db.session.scalar(
        select(Report).where(Report.comment_id == comment.id, reporter.marks()).limit(1)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One open report as the desk reads it; `name` is None for a guest."""

    name: str | None
    reason: str
    words: str
    weight: int
    at: datetime


def open_about(comments: Iterable[Comment | Listed]) -> dict[int, list[Told]]:
    """The open reports about these texts by comment id, oldest first. Asks nothing where none of
    them is reported."""
    ids = [comment.id for comment in comments if comment.reported_at is not None]
    found: dict[int, list[Told]] = {}
    if not ids:
        return found
    settings = report_settings.current()
    for one in db.session.scalars(
        select(Report)
        .options(joinedload(Report.account))
        .where(Report.comment_id.in_(ids), Report.outcome.is_(None))
        .order_by(Report.at, Report.id)
    ):
        name = one.account.name if one.account else None
        told = Told(name, settings.words_for(one.reason), one.words, one.weight, one.at)
        found.setdefault(one.comment_id, []).append(told)
    return found


def _who(reporter: Reporter) -> dict[str, int | str]:
    """The one column that says who it was."""
    if reporter.account is not None:
        return {"account_id": reporter.account.id}
    if reporter.proven:
        return {"address_id": min(reporter.proven)}
    return {"browser": reporter.browser}


def _weight(reporter: Reporter) -> int:
    if reporter.account is not None and reporter.account.is_staff:
        return weights.MOST
    by_outcome = db.session.execute(
        select(Report.outcome, func.count())
        .where(reporter.marks(), Report.outcome.is_not(None))
        .group_by(Report.outcome)
    )
    counts = {row[0]: row[1] for row in by_outcome}
    known = reporter.account is not None or bool(reporter.proven)
    return weights.weight_of(
        reporter.base,
        # Whoever can begin anew with an empty browser gains nothing by an old one.
        upheld=counts.get(ReportOutcome.UPHELD, 0) if known else 0,
        dismissed=counts.get(ReportOutcome.DISMISSED, 0),
    )


def _weigh(comment: Comment, threshold: int) -> None:
    """Hide the text until a moderator has looked, when enough readers want it. What staff wrote
    stays where it is and only shows on the desk."""
    if comment.status != Status.APPROVED or comment.by_author or is_by_staff(comment):
        return
    dismissed, count = db.session.execute(
        select(
            func.coalesce(
                func.sum(Report.weight).filter(Report.outcome == ReportOutcome.DISMISSED), 0
            ),
            func.count().filter(Report.outcome.is_(None)),
        ).where(Report.comment_id == comment.id)
    ).one()
    if comment.report_weight < weights.needed(threshold, dismissed_weight=dismissed):
        return
    readers = "one reader" if count == 1 else f"{count} readers"
    moves.move(
        comment,
        Status.PENDING,
        act="reports",
        by=None,
        actor_name=READERS,
        reason=f"reported by {readers}",
    )
    record(SentBack(comment.id))
