"""One act on very many texts: a list that is frozen when it begins, worked off in parts by a job.

What stands in the list then, at the version it has then, is what the act is about: a text that
comes in later is not in it, and one that was decided or changed meanwhile is left alone and
counted. Each part is one unit of work that stores how far it came, so that a crash loses nothing
and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard
from app.domains.comments.models import Comment
from app.domains.moderation import errors, reasons, services
from app.domains.moderation.acts import record, undoing
from app.domains.moderation.bulk import reach_parts
from app.domains.moderation.models import Batch
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import lanes, narrowing, queries, sections
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.services import Decision, Verb
from app.domains.moderation.states import BatchState
from app.infra import audit, clock, locks, tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import enqueue

JOB = "desk.batch"
PART = 20
"""On SQLite a part holds the one write lock, a tenth to a fifth of a second for so many; whoever
posts meanwhile waits for it."""
MOST = 50_000
"""Texts in one batch; a longer list is begun again when the first is done."""
UNDO = "undo"
OVER = frozenset({BatchState.DONE, BatchState.CANCELLED})
LOST_ROLE = "lost role"
BY_HAND = "by hand"
"""Why a batch was stopped, as it is stored; pages say it. Before, a finished sentence was."""
STOP = "stop batch"
SHOWN = 20


def start(wish: Wish, decision: Decision) -> Batch:
    """Begin a verdict on all texts of a list, as far as the moderator's sections go, the oldest
    first. Raises NothingChosen for an empty one."""
    seat = queries.seat_of(decision.by)
    found = db.session.execute(
        select(Comment.id, Comment.version)
        .where(*lanes.is_in(wish), *narrowing.conditions(wish, seat.tag_ids, all_of_them=True))
        .order_by(Comment.id)
        .limit(MOST)
    )
    act = {
        "verb": decision.verb,
        "reason": reasons.find(decision.reason).words,
        "tell": decision.tell,
    }
    return _begun(act, {"list": wish.query, "items": [list(row) for row in found]}, decision.by)


def start_reaching_back(
    question_ids: Collection[int],
    source: str,
    card: AnswerCard | None,
    *,
    by: Account,
    key: str,
    thing: str,
) -> tuple[Batch, bool]:
    """Begin to answer these questions with the author's words, or with a card, and whether it is
    new: the same `key` a second time finds the first. `thing` says what was published.

    Raises what `reaching.check` raises, and NothingChosen where none of them is published now.
    """
    locks.take([f"{reach_parts.VERB} {key}"])
    before = db.session.scalar(select(Batch).where(Batch.key == key))
    if before is not None:
        return before, False
    items = reach_parts.checked(question_ids, source, card, by)
    act = reach_parts.act(source, card, thing)
    return _begun(act, {"items": [list(one) for one in items]}, by, key), True


def start_undoing(batch: Batch, by: Account) -> Batch:
    """Begin to undo all that a batch did, the newest first, which is a batch again.

    Raises BatchRuns while it is not over, and NothingChosen where nothing is left to undo."""
    if batch.state not in OVER:
        raise errors.BatchRuns
    ids = db.session.scalars(
        select(AuditEntry.id)
        .where(AuditEntry.batch == batch.key, AuditEntry.act.in_(undoing.UNDOABLE))
        .order_by(AuditEntry.id.desc())
    )
    return _begun({"verb": UNDO, "of": batch.id}, {"items": list(ids)}, by)


def _begun(
    act: dict[str, object], choice: dict[str, object], by: Account, key: str | None = None
) -> Batch:
    total = len(choice["items"])  # type: ignore[arg-type]
    if not total:
        raise errors.NothingChosen
    batch = Batch(
        key=key or tokens.new_nonce(),
        by_id=by.id,
        by_name=by.name,
        wish=act,
        choice=choice,
        state=BatchState.WAITING,
        total=total,
    )
    db.session.add(batch)
    db.session.flush()
    detail = {**act, "list": choice.get("list", ""), "texts": total}
    audit.write("start batch", "batch", batch.id, by=by, detail=detail, batch=batch.key)
    plan_next(batch.id)
    return batch


def plan_next(batch_id: int) -> None:
    """Let the next part wait in the line of jobs behind the mail that is due."""
    enqueue(JOB, {"batch_id": batch_id}, unique_key=f"{JOB}:{batch_id}")


def run_part(batch_id: int) -> None:
    """Do the next part, and plan those after it, in the caller's unit of work. Nothing is
    done for a batch that is over, or that somebody began who may not decide any more."""
    batch = find_to_change(batch_id)
    if batch is None or batch.state in OVER:
        return
    if batch.by is None or not may_moderate(batch.by):
        _stop(batch, LOST_ROLE)
        return
    batch.state = BatchState.RUNNING
    part = batch.choice["items"][batch.place : batch.place + PART]
    done = _work_off(part, batch, batch.by)
    batch.done += done
    batch.refused += len(part) - done
    batch.place += len(part)
    if batch.place >= batch.total:
        batch.state, batch.finished_at = BatchState.DONE, clock.now()
    else:
        plan_next(batch.id)
    db.session.flush()


def _work_off(part: Sequence[Any], batch: Batch, by: Account) -> int:
    """Do this part by the act that the batch is about; how many it was done to."""
    if batch.wish["verb"] == UNDO:
        return _undo(part, batch, by)
    if batch.wish["verb"] == reach_parts.VERB:
        return reach_parts.run(part, batch.wish, by=by, batch=batch.key)
    return _decide(part, batch, by)


def _decide(part: Sequence[tuple[int, int]], batch: Batch, by: Account) -> int:
    wish = batch.wish
    decision = Decision(Verb(wish["verb"]), by, reason=wish["reason"], tell=wish["tell"])
    result = services.decide_all(dict(part), decision, batch=batch.key)
    return len(result.done)


def _undo(part: Sequence[int], batch: Batch, by: Account) -> int:
    entries = [entry for entry in record.entries(part) if entry.subject == "comment"]
    ids = services.within_reach({entry.subject_id for entry in entries}, by)
    known = {comment.id for comment in queries.with_ids(ids)}
    done = 0
    for entry in entries:
        if entry.subject_id not in known:
            continue
        try:
            undoing.undo(entry, by=by, batch=batch.key)
        except errors.NothingToUndo:
            continue
        done += 1
    return done


def cancel(batch: Batch, by: Account) -> None:
    """Stop it within the part that runs; what is done stays done. Raises BatchOver."""
    if batch.state in OVER:
        raise errors.BatchOver
    _stop(batch, BY_HAND)
    audit.write(STOP, "batch", batch.id, by=by, batch=batch.key)


def _stop(batch: Batch, why: str) -> None:
    batch.state = BatchState.CANCELLED
    batch.cancelled_at = batch.finished_at = clock.now()
    batch.wish = {**batch.wish, "stopped": why}
    db.session.flush()


def who_stopped(batch: Batch) -> str:
    """The name of whoever stopped it, as the record has it; empty where that is not known."""
    entry = select(AuditEntry.actor_name).where(
        AuditEntry.subject == "batch", AuditEntry.subject_id == batch.id, AuditEntry.act == STOP
    )
    return db.session.scalar(entry.order_by(AuditEntry.id.desc()).limit(1)) or ""


def find(batch_id: int) -> Batch | None:
    return db.session.get(Batch, batch_id)


def find_to_change(batch_id: int) -> Batch | None:
    """The batch as it is at this moment, held until the transaction ends."""
    return db.session.get(Batch, batch_id, with_for_update=True, populate_existing=True)


def newest(limit: int = 50) -> list[Batch]:
    return list(db.session.scalars(select(Batch).order_by(Batch.id.desc()).limit(limit)))


def left_alone(batch: Batch) -> list[int]:
    """The ids of the first texts that the batch came to and left as they were."""
    if batch.wish["verb"] == UNDO or not batch.refused:
        return []
    acted = select(AuditEntry.subject_id, AuditEntry.detail).where(
        AuditEntry.batch == batch.key, AuditEntry.subject == "comment"
    )
    rows = db.session.execute(acted)
    touched = {row.detail.get("question", row.subject_id) for row in rows}  # a reply is a new text
    gone = (one[0] for one in batch.choice["items"][: batch.place] if one[0] not in touched)
    return list(islice(gone, SHOWN))


def may_look_at(account: Account, batch: Batch) -> bool:
    """Whoever is limited to sections sees the batches they began themselves."""
    return sections.of(account) is None or batch.by_id == account.id
