"""How a text is looked at as it comes in: the facts about it, and what is kept of the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, func, or_, select

from app.domains.comments import errors, events, lookalikes, names_in_thread
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.lookalikes import Lookalike
from app.domains.comments.models import WORDS_LENGTH, Comment, CommentTag
from app.domains.comments.preparing import Prepared
from app.domains.comments.states import Status
from app.domains.measures import queries as measures
from app.domains.measures.models import Measure
from app.domains.screening import copies, outside, plans
from app.domains.screening import services as screening
from app.engines.spam.rules import Effect, Match
from app.engines.spam.verdict import Verdict
from app.infra import clock
from app.infra.db import UtcDateTime, db, rows_of
from app.infra.events import record

RECORD_WINDOW = timedelta(days=30)
TURNED_DOWN = (Status.REJECTED, Status.SPAM)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the intake found: the verdict, the rules that matched, the text's traces, the earlier
    texts that are nearly the same, the likest first, whether the sender said just this a moment
    ago, and what keeps them from writing."""

    verdict: Verdict
    matches: tuple[Match, ...]
    traces: tuple[int, ...]
    alike: tuple[Lookalike, ...]
    said_by_self: bool
    shut_out: Measure | None


def look(comment: Comment, draft: Draft, writer: Writer, ready: Prepared) -> Looked:
    """The verdict on a text, and what comes with it; changes nothing. Nothing of staff's is read:
    they pass, and may answer two people in nearly the same words."""
    past = _past(comment)
    if writer.account is not None and writer.account.is_staff:
        return Looked(screening.for_staff(), (), (), (), past.said_by_self, None)
    plan = plans.current()
    alike = lookalikes.alike(comment, ready.runs, ready.traces, least=plan.limits.likeness)
    text = screening.Incoming(
        source=ready.source,
        hosts=ready.hosts,
        features=ready.features,
        trap_filled=draft.trap_filled,
        seconds_to_fill=draft.seconds_to_fill,
        same_by_others=past.said_by_others,
        likeness=alike[0].likeness if alike else 0.0,
        like_own=bool(alike) and alike[0].is_own,
    )
    sender, shut_out = _sender(comment, draft, writer, past)
    verdict, matches = screening.assess(text, sender, plan)
    return Looked(verdict, matches, ready.traces, alike, past.said_by_self, shut_out)


def refuse_shut_out(looked: Looked) -> None:
    """Raises ShutOut for a sender whom a measure keeps from writing."""
    if looked.shut_out is not None:
        raise errors.ShutOut(looked.shut_out.until, looked.shut_out.reason)


def refuse_repetition(comment: Comment, looked: Looked) -> None:
    """Raises AlreadySaid for what the same sender said a moment ago in the same words or nearly."""
    since = comment.created_at - lookalikes.SAME_TEXT_WINDOW
    if looked.said_by_self or any(one.is_own and one.created_at >= since for one in looked.alike):
        raise errors.AlreadySaid


def mark(comment: Comment, looked: Looked) -> None:
    """Write what was found into the comment's row."""
    comment.verdict = as_record(looked.verdict)
    comment.certainty = looked.verdict.certainty
    comment.red_flag = looked.verdict.red_flag is not None


def keep(comment: Comment, looked: Looked, writer: Writer) -> None:
    """Keep what belongs to a text that has its id, state and tags by now: its traces, tags that
    rules want, and the wish for an opinion from outside."""
    copies.remember(comment.id, looked.traces, comment.created_at)
    if comment.is_question:
        _tag_by_rules(comment, looked.matches)
    if comment.status == Status.PENDING and outside.is_wanted():
        record(_wish(comment, looked.verdict, writer))
    db.session.flush()


def as_record(verdict: Verdict) -> dict[str, Any]:
    """The verdict as it is stored beside the comment and shown on the desk."""
    stored: dict[str, Any] = {
        "outcome": verdict.outcome,
        "score": verdict.score,
        "chance": None if verdict.chance is None else round(verdict.chance, 4),
        "words": [str(word) for word in verdict.words],
        "reasons": [reason.as_stored() for reason in verdict.reasons],
    }
    if verdict.words:
        stored["words_said"] = [word.as_stored() for word in verdict.words]
    if verdict.red_flag is not None:
        flag = verdict.red_flag
        stored["red_flag"] = {"rule": flag.rule_id, "line": flag.line, "note": flag.note}
    return stored


def _tag_by_rules(comment: Comment, matches: tuple[Match, ...]) -> None:
    """Give a question the tags that rules of the desk want for it."""
    wanted = {
        match.tag_id: match.line
        for match in matches
        if match.effect == Effect.TAG and match.tag_id is not None
    }
    for tag_id in sorted(wanted.keys() - {link.tag_id for link in comment.tags}):
        comment.tags.append(CommentTag(tag_id=tag_id, words=wanted[tag_id][:WORDS_LENGTH]))


def _wish(comment: Comment, verdict: Verdict, writer: Writer) -> events.OpinionWanted:
    decides = any(reason.name == outside.REASON for reason in verdict.reasons)
    wish = events.OpinionWanted(comment_id=comment.id, decides=decides)
    if writer.origin is None:
        return wish
    origin = writer.origin
    return replace(wish, address=origin.address, agent=origin.agent, referrer=origin.referrer)


def _sender(
    comment: Comment, draft: Draft, writer: Writer, past: _Past
) -> tuple[screening.Sender, Measure | None]:
    machine = writer.origin.address if writer.origin else comment.network
    email = _email(comment, draft, writer)
    standing = measures.Standing()
    if past.is_measured or measures.reach_many(email, machine):
        standing = measures.standing(
            account_id=comment.account_id,
            address_id=comment.address_id,
            email=email,
            machine=machine,
        )
    sender = screening.Sender(
        name=comment.author_name,
        email=email,
        machine=machine,
        has_account=writer.account is not None,
        proven=writer.has_proven(comment.address_id),
        approved_before=past.approved,
        decided_lately=past.decided,
        turned_down_lately=past.turned_down,
        standing=None if standing.hold is None else standing.hold.reason,
        namesake=names_in_thread.namesake(comment, writer) if writer.account is not None else "",
    )
    return sender, standing.shut_out


def _email(comment: Comment, draft: Draft, writer: Writer) -> str:
    if writer.account is not None:
        return writer.account.address.email
    if draft.email:
        return draft.email
    return comment.address.email if comment.address else ""


class _Past(NamedTuple):
    """Whether the sender, or somebody else, said just this lately; whether a measure about the
    sender is in force; how many other texts of theirs are published; and of those that people
    decided on within thirty days, how many there were and how many were turned down."""

    said_by_self: bool
    said_by_others: bool
    is_measured: bool
    approved: int
    decided: int
    turned_down: int


def _past(comment: Comment) -> _Past:
    """One query; a second for the few who were turned down."""
    now = clock.now()
    who = {**lookalikes.who(comment), "since": now - RECORD_WINDOW, "now": now}
    asked = _asked_of_the_past(by_account=comment.account_id is not None)
    ((by_self, by_others, is_measured, approved, turned_down),) = rows_of(asked, who)
    said = by_self, by_others, is_measured, approved
    if not turned_down:  # the rest is asked of few: it reads each of a sender's published texts
        return _Past(*said, 0, 0)
    let_in = db.session.scalar(_let_in_lately(), who) or 0
    return _Past(*said, let_in + turned_down, turned_down)


@cache
def _asked_of_the_past(*, by_account: bool) -> Select[bool, bool, bool, int, int]:
    by_self, by_others = lookalikes.said_before(by_account=by_account)
    turned_down = _how_many(Comment.status.in_(TURNED_DOWN), _lately())
    is_measured = measures.against_person(by_account=by_account)
    return select(by_self, by_others, is_measured, _how_many(_is_approved()), turned_down)


@cache
def _let_in_lately() -> Select[int]:
    return select(_how_many(_is_approved(), _lately()))


def _is_approved() -> ColumnElement[bool]:
    return Comment.status == Status.APPROVED


def _lately() -> ColumnElement[bool]:
    return Comment.decided_at >= bindparam("since", type_=UtcDateTime)


def _how_many(state: ColumnElement[bool], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """The state stands beside each way to know the sender, so that either is read from its own
    index: beside both of them SQLite would read all texts of that state."""
    own = or_(
        and_(Comment.address_id == bindparam("address"), state),
        and_(Comment.account_id == bindparam("account"), state),
    )
    others = Comment.id != bindparam("self")
    return select(func.count()).where(own, others, *where).scalar_subquery()
