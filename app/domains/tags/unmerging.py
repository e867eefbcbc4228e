"""Undoing a merge of two tags: what hung on the one that went hangs on it again, as far as it is
still as the merge left it.

What was changed since stays with the tag that it was given to, and is counted. Where the tag itself
cannot be what it was, nothing is done and a sentence says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, false, insert, select, update

from app.domains.accounts.models import Account
from app.domains.tags import carriers, merging, queries
from app.domains.tags.carriers import QUIET, Carrier, run
from app.domains.tags.errors import MergeStands
from app.domains.tags.events import TagChanged, TagUnmerged
from app.domains.tags.models import OPEN, FormerTagSlug, PhraseProposal, Tag, TagSynonym
from app.domains.tags.services import TURN, as_facts
from app.infra import audit, locks
from app.infra.audit import AuditEntry
from app.infra.db import UtcDateTime, db
from app.infra.events import record
from app.infra.language import _

UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Unmerged:
    """`left` things were changed since, and stay with the other tag."""

    tag: Tag
    into: Tag
    left: int


def is_merge(entry: AuditEntry) -> bool:
    return (entry.subject, entry.act) == ("tag", merging.ACT)


def undoable(entries: Sequence[AuditEntry]) -> frozenset[int]:
    """The ids of those of these entries that are merges nothing stands against undoing of. A few
    queries a merge, none where there is none."""
    return frozenset(one.id for one in entries if is_merge(one) and _obstacle(one) is None)


def undo(entry: AuditEntry, *, by: Account) -> Unmerged:
    """Give back the tag that a merge took away, with its own row in the record.

    Raises MergeStands.
    """
    locks.take([TURN])
    into = db.session.get(Tag, entry.subject_id, with_for_update=True, populate_existing=True)
    obstacle = _obstacle(entry)
    if obstacle is not None or into is None:
        raise MergeStands(obstacle or _("The tag is gone."))
    tag = _again(entry.detail["merged"], into, entry.detail)
    left = 0
    for carrier in carriers.all_of_them():
        kept = entry.detail["kept"]["rows"].get(carrier.table.name)
        if kept is not None:
            moved = entry.detail["moved"][carrier.table.name]
            missed = _give_back(carrier, moved, kept, into.id, tag.id)
            left += 0 if carrier.table.name in QUIET else missed
    _open_again(entry.detail["kept"]["decided"], into)
    db.session.expire_all()
    audit.write(
        UNDO,
        "tag",
        into.id,
        by=by,
        reason=f"undoes merge: {entry.reason}"[:500],
        detail={"undoes": entry.id, "tag": tag.id, **as_facts(tag), "left as it is": left},
    )
    record(TagUnmerged(tag.id, into.id, entry.id))
    record(TagChanged(tag.id))
    record(TagChanged(into.id))
    return Unmerged(tag, into, left)


def _obstacle(entry: AuditEntry) -> str | None:
    """Why this merge cannot be undone, as a sentence."""
    merged = entry.detail.get("merged", {})
    if "kept" not in entry.detail:
        return _("It was done before the record kept what undoing needs.")
    if (since := _changed_since(entry)) is not None:
        return since
    holder = queries.find_tag(merged["slug"]) or queries.find_named(merged["name"])
    if holder is not None:
        return _("The tag “%(name)s” has its name or its address by now.", name=holder.name)
    return None


def _changed_since(entry: AuditEntry) -> str | None:
    """Merges are undone the last one first: each found things as the one before had left them."""
    later = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject == "tag",
            AuditEntry.id > entry.id,
            AuditEntry.act.in_((UNDO, merging.ACT, "create")),
        )
        .order_by(AuditEntry.id)
    ).all()
    undone = {one.detail.get("undoes"): one for one in later if one.act == UNDO}
    if entry.id in undone:
        return audit.undone_by(undone[entry.id])
    into = entry.subject_id
    standing = [one for one in later if one.act == merging.ACT and one.id not in undone]
    for one in standing:
        if into in (one.subject_id, one.detail["merged"]["id"]):
            return _(
                "There was another merge since: %(tags)s. Undo that one first.", tags=one.reason
            )
    if any(one.act == "create" and one.subject_id == into for one in later):
        return _("The tag that it became is gone.")  # and another one got its number
    return None if db.session.get(Tag, into) is not None else _("The tag that it became is gone.")


def _again(merged: dict[str, Any], into: Tag, detail: dict[str, Any]) -> Tag:
    """The tag that went, with its own number unless another tag has that by now, its addresses
    and its words; the other one keeps those it had or was given since."""
    own = {phrase.casefold() for phrase in (merged["name"], *merged["synonyms"])}
    had = {phrase.casefold() for phrase in detail["before"]["synonyms"]}
    into.synonyms = [
        one
        for one in into.synonyms
        if one.phrase.casefold() in had or one.phrase.casefold() not in own
    ]
    run(delete(FormerTagSlug).where(FormerTagSlug.slug == merged["slug"]))
    tag = Tag(name=merged["name"], slug=merged["slug"], description=merged["description"])
    if db.session.get(Tag, merged["id"]) is None:
        tag.id = merged["id"]
    tag.synonyms = [TagSynonym(phrase=phrase) for phrase in merged["synonyms"]]
    db.session.add(tag)
    db.session.flush()
    theirs = FormerTagSlug.slug.in_(detail["kept"]["former"])
    run(update(FormerTagSlug).where(theirs, FormerTagSlug.tag_id == into.id).values(tag_id=tag.id))
    return tag


def _give_back(
    carrier: Carrier, moved: dict[str, list[Any]], kept: dict[str, Any], into: int, tag: int
) -> int:
    """Rows that moved, and those that were one with the other tag's; how many are missed."""
    missed = 0
    if moved["moved"]:
        there = _as_left(carrier, moved["moved"], kept["moved"], into)
        missed += len(moved["moved"]) - len(there)
        theirs = update(carrier.table).values({carrier.column: tag})
        for part in carrier.among(there):
            run(theirs.where(carrier.column == into, part))
    if moved["both"]:
        there = carrier.those(moved["both"], carrier.column == into)
        missed += len(moved["both"]) - len(there)
        _part(carrier, there, moved["both"], kept, into, tag)
    return missed


def _as_left(
    carrier: Carrier, keys: list[Any], flagged: dict[str, list[Any]], into: int
) -> list[Any]:
    """Those of the moved rows that are still there and say what they said: nobody has put the
    other tag on these things by hand, or taken it away."""
    there = carrier.those(keys, carrier.column == into)
    for flag in carrier.flags:
        said = _set(flagged[flag.name])
        now = _set(carrier.those(there, carrier.column == into, flag))
        there = [key for key in there if (_value(key) in said) == (_value(key) in now)]
    return there


def _part(
    carrier: Carrier,
    there: list[Any],
    keys: list[Any],
    kept: dict[str, Any],
    into: int,
    tag: int,
) -> None:
    """Where one row stands for two, the row that went is made anew, and the other one says what
    it said itself."""
    standing = _set(there)
    rows = [
        {
            **{name: _typed(carrier.table.c[name], value) for name, value in row.items()},
            carrier.column.name: tag,
        }
        for key, row in zip(keys, kept["gone"], strict=True)
        if _value(key) in standing
    ]
    if rows:
        db.session.execute(insert(carrier.table), rows)
    for flag in carrier.flags:
        said = _set(kept["into"][flag.name])
        without = [key for key in there if _value(key) not in said]
        for part in carrier.among(without):
            run(update(carrier.table).where(carrier.column == into, part).values({flag: false()}))


def _open_again(phrases: Sequence[str], into: Tag) -> None:
    """What waited for a decision there before the merge brought one waits again."""
    mine = (PhraseProposal.tag_id == into.id, PhraseProposal.phrase.in_(phrases))
    run(update(PhraseProposal).where(*mine).values(state=OPEN, decided_by=""))


def _set(keys: Sequence[Any]) -> set[Any]:
    return {_value(key) for key in keys}


def _value(key: Any) -> Any:
    return tuple(key) if isinstance(key, list) else key


def _typed(column: Column[Any], value: Any) -> Any:
    is_time = isinstance(column.type, UtcDateTime) and value is not None
    return datetime.fromisoformat(value) if is_time else value
