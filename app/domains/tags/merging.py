"""Two tags become one, with everything that hangs on them; nothing that carried either is lost.

A few statements a table, however many rows. The record keeps where each row hung before, so that
the tag that went can be given back (`unmerging`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, select, true, update
from sqlalchemy.orm import aliased

from app.domains.accounts.models import Account
from app.domains.tags import carriers
from app.domains.tags.carriers import QUIET, Carrier, run
from app.domains.tags.errors import TagGone, TagIntoItself
from app.domains.tags.events import TagChanged, TagMerged
from app.domains.tags.models import OPEN, FormerTagSlug, PhraseProposal, Tag, TagSynonym
from app.domains.tags.services import TURN, as_facts, tidy_synonyms
from app.infra import audit, locks
from app.infra.db import db
from app.infra.events import record

ACT = "merge"


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many rows of a table carry the tag that would go, and how many of them carry the other
    one as well. `table` is the table's name."""

    table: str
    count: int
    both: int


def look(tag: Tag, into: Tag) -> list[Hanging]:
    """What a merge would move, before it does; tables without any are left out. Raises
    TagIntoItself."""
    _check(tag, into)
    found = []
    for carrier in carriers.all_of_them():
        if carrier.table.name in QUIET:
            continue
        count = select(func.count()).select_from(carrier.table).where(carrier.column == tag.id)
        total = db.session.scalar(count) or 0
        if total:
            both = db.session.scalar(count.where(carrier.has_twin(into.id))) or 0
            found.append(Hanging(carrier.table.name, total, both))
    return found


def merge(tag: Tag, into: Tag, by: Account) -> audit.AuditEntry:
    """Move all that carries `tag` to `into` and let `tag` go. Its name and synonyms become synonyms
    of `into`, its addresses lead there. What carries both keeps one, by hand where either was.

    Raises TagIntoItself, and TagGone where somebody merged one of them a moment ago.
    """
    _check(tag, into)
    _hold(tag, into)
    before = {"from": as_facts(tag), "into": as_facts(into)}
    decided = _keep_decisions(tag.id, into.id)
    moves = {one.table.name: _move(one, tag.id, into.id) for one in carriers.all_of_them()}
    former = _lead_here(tag, into)
    phrases = tidy_synonyms(into.name, [*into.phrases, *tag.phrases])
    gone, name = tag.id, tag.name
    db.session.expire_all()
    db.session.delete(tag)
    db.session.flush()
    _give_words(into, phrases)
    entry = audit.write(
        ACT,
        "tag",
        into.id,
        by=by,
        reason=f"“{name}” into “{into.name}”"[:500],
        detail={
            "before": before["into"],
            "after": as_facts(into),
            "merged": {"id": gone, **before["from"]},
            "moved": {table: move.told for table, move in moves.items() if move.any},
            "kept": {
                "rows": {table: move.kept for table, move in moves.items() if move.any},
                "decided": decided,
                "former": former,
            },
        },
    )
    record(TagMerged(gone, into.id, entry.id))
    record(TagChanged(into.id))
    return entry


def _check(tag: Tag, into: Tag) -> None:
    if tag.id == into.id:
        raise TagIntoItself


def _hold(tag: Tag, into: Tag) -> None:
    """Both as they are now, held: two who merge them into each other at once cannot lose both, and
    nothing is hung on a tag that is going."""
    locks.take([TURN])
    held = db.session.scalars(
        select(Tag)
        .where(Tag.id.in_((tag.id, into.id)))
        .order_by(Tag.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(held) < 2:
        raise TagGone


@dataclass(frozen=True, slots=True)
class _Moved:
    """What the rows are about that `moved`, and that had `both`; `kept` is what undoing wants of
    them."""

    moved: list[Any]
    both: list[Any]
    kept: dict[str, Any]

    @property
    def any(self) -> bool:
        return bool(self.moved or self.both)

    @property
    def told(self) -> dict[str, list[Any]]:
        return {"moved": self.moved, "both": self.both}


def _move(carrier: Carrier, gone: int, into: int) -> _Moved:
    """Give every row of the tag to the other; what carried both is one row afterwards."""
    both = and_(carrier.column == gone, carrier.has_twin(into))
    had_both = carrier.keys(both) if carrier.beside is not None else []
    kept: dict[str, Any] = {}
    if had_both:
        kept["gone"] = _rows(carrier, gone, had_both)
        kept["into"] = _flagged(carrier, into, had_both)
        _keep_what_is_true(carrier, gone, into)
        run(delete(carrier.table).where(both))
    moved = carrier.keys(carrier.column == gone)
    if moved:
        kept["moved"] = _flagged(carrier, gone, moved)
        run(update(carrier.table).where(carrier.column == gone).values({carrier.column: into}))
    return _Moved(moved, had_both, kept)


def _rows(carrier: Carrier, tag_id: int, keys: list[Any]) -> list[dict[str, Any]]:
    """The tag's rows about these, in values that JSON has."""
    found: list[dict[str, Any]] = []
    for part in carrier.among(keys):
        wanted = select(*carrier.kept).where(carrier.column == tag_id, part)
        rows = db.session.execute(wanted.order_by(*carrier.about)).mappings()
        found += [{name: _plain(value) for name, value in row.items()} for row in rows]
    return found


def _flagged(carrier: Carrier, tag_id: int, keys: list[Any]) -> dict[str, list[Any]]:
    """By the name of each flag: for which of these the tag's row has it."""
    mine = carrier.column == tag_id
    return {flag.name: carrier.those(keys, mine, flag) for flag in carrier.flags}


def _keep_what_is_true(carrier: Carrier, gone: int, into: int) -> None:
    """Where a thing carries both, a yes of either row holds: what was tagged by hand stays so."""
    for flag in carrier.flags:
        other = carrier.table.alias()
        same = [other.c[one.name] == one for one in carrier.about]
        said = exists().where(other.c[carrier.column.name] == gone, other.c[flag.name], *same)
        run(update(carrier.table).where(carrier.column == into, said).values({flag: true()}))


def _keep_decisions(gone: int, into: int) -> list[str]:
    """What was decided about a phrase of either tag is decided for the one that stays; the phrases
    that were open there."""
    other = aliased(PhraseProposal)
    decided = select(other.state).where(
        other.tag_id == gone, other.phrase == PhraseProposal.phrase, other.state != OPEN
    )
    mine = (PhraseProposal.tag_id == into, PhraseProposal.state == OPEN, decided.exists())
    phrases = list(db.session.scalars(select(PhraseProposal.phrase).where(*mine)))
    run(update(PhraseProposal).where(*mine).values(state=decided.scalar_subquery()))
    return phrases


def _lead_here(tag: Tag, into: Tag) -> list[str]:
    """Every address that the tag has or had leads to the other one; those that it had."""
    theirs = FormerTagSlug.tag_id == tag.id
    former = list(db.session.scalars(select(FormerTagSlug.slug).where(theirs)))
    run(update(FormerTagSlug).where(theirs).values(tag_id=into.id))
    db.session.merge(FormerTagSlug(slug=tag.slug, tag_id=into.id))
    db.session.flush()
    return former


def _give_words(tag: Tag, phrases: list[str]) -> None:
    known = {synonym.phrase: synonym for synonym in tag.synonyms}
    tag.synonyms = [known.get(phrase) or TagSynonym(phrase=phrase) for phrase in phrases]
    db.session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
