"""Two tags become one, with everything that hangs on them; nothing that carried either is lost.

What hangs on a tag is found by the foreign keys to it, so that a table that is added later moves
too, and so that tags need not know who uses them. A few statements a table, however many rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Delete,
    Table,
    UniqueConstraint,
    Update,
    and_,
    delete,
    exists,
    false,
    func,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased

from app.domains.accounts.models import Account
from app.domains.tags.errors import TagGone, TagIntoItself
from app.domains.tags.events import TagChanged, TagMerged
from app.domains.tags.models import OPEN, FormerTagSlug, PhraseProposal, Tag, TagSynonym
from app.domains.tags.services import as_facts, tidy_synonyms
from app.infra import audit, locks
from app.infra.db import Base, db
from app.infra.events import record

TURN = "tags"
"""The name under which whoever merges tags waits for whoever else does."""
OWN = frozenset({TagSynonym.__tablename__, FormerTagSlug.__tablename__})
"""A tag's words and former addresses, which are not moved row by row."""
QUIET = OWN | {PhraseProposal.__tablename__}
"""What nobody asks about before a merge."""


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
    for table, column in _carriers():
        if table.name in QUIET:
            continue
        count = select(func.count()).select_from(table).where(column == tag.id)
        total = db.session.scalar(count) or 0
        if total:
            both = db.session.scalar(count.where(_has_twin(table, column, into.id))) or 0
            found.append(Hanging(table.name, total, both))
    return found


def merge(tag: Tag, into: Tag, by: Account) -> audit.AuditEntry:
    """Move all that carries `tag` to `into` and let `tag` go. Its name and synonyms become synonyms
    of `into`, its addresses lead there. What carries both keeps one, by hand where either was.

    Raises TagIntoItself, and TagGone where somebody merged one of them a moment ago.
    """
    _check(tag, into)
    _hold(tag, into)
    before = {"from": as_facts(tag), "into": as_facts(into)}
    _keep_decisions(tag.id, into.id)
    moved = {
        table.name: _move(table, column, tag.id, into.id)
        for table, column in _carriers()
        if table.name not in OWN
    }
    _lead_here(tag, into)
    phrases = tidy_synonyms(into.name, [*into.phrases, *tag.phrases])
    gone, name = tag.id, tag.name
    db.session.expire_all()
    db.session.delete(tag)
    db.session.flush()
    _give_words(into, phrases)
    entry = audit.write(
        "merge",
        "tag",
        into.id,
        by=by,
        reason=f"“{name}” into “{into.name}”"[:500],
        detail={
            "before": before["into"],
            "after": as_facts(into),
            "merged": {"id": gone, **before["from"]},
            "moved": {table: keys for table, keys in moved.items() if any(keys.values())},
        },
    )
    record(TagMerged(gone, into.id))
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


def _carriers() -> Iterator[tuple[Table, Column[int]]]:
    """Every table with a column that names a tag, and the column, in the order of their names."""
    for name in sorted(Base.metadata.tables):
        table = Base.metadata.tables[name]
        for column in table.columns:
            if any(key.column is Tag.__table__.c.id for key in column.foreign_keys):
                yield table, column


def _beside(table: Table, column: Column[int]) -> list[Column[Any]] | None:
    """The other columns of the key in which a tag stands only once; None where it is in none."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    for key in (table.primary_key, *unique):
        if column.name in key.columns:
            return [one for one in key.columns if one.name != column.name]
    return None


def _has_twin(table: Table, column: Column[int], into_id: int) -> ColumnElement[bool]:
    """Whether the same thing carries the other tag too."""
    beside = _beside(table, column)
    if beside is None:
        return false()
    twin = table.alias()
    same = [twin.c[one.name] == one for one in beside]
    return exists().where(twin.c[column.name] == into_id, *same)


def _move(table: Table, column: Column[int], gone: int, into: int) -> dict[str, list[Any]]:
    """Give every row of the tag to the other; what carried both is one row afterwards. Answers
    with what the rows are about: those that `moved`, and those that had `both`."""
    beside = _beside(table, column)
    about = list(table.primary_key.columns) if beside is None else beside
    both = and_(column == gone, _has_twin(table, column, into))
    had_both = _keys(table, about, both) if beside is not None else []
    if had_both:
        _keep_what_is_true(table, column, gone, into)
        _run(delete(table).where(both))
    moved = _keys(table, about, column == gone)
    if moved:
        _run(update(table).where(column == gone).values({column: into}))
    return {"moved": moved, "both": had_both}


def _keys(table: Table, about: Sequence[Column[Any]], where: ColumnElement[bool]) -> list[Any]:
    rows = db.session.execute(select(*about).select_from(table).where(where).order_by(*about))
    return [row[0] if len(about) == 1 else list(row) for row in rows]


def _keep_what_is_true(table: Table, column: Column[int], gone: int, into: int) -> None:
    """Where a thing carries both, a yes of either row holds: what was tagged by hand stays so."""
    beside = _beside(table, column) or []
    for flag in (one for one in table.columns if isinstance(one.type, Boolean)):
        other = table.alias()
        same = [other.c[one.name] == one for one in beside]
        said = exists().where(other.c[column.name] == gone, other.c[flag.name], *same)
        _run(update(table).where(column == into, said).values({flag: true()}))


def _keep_decisions(gone: int, into: int) -> None:
    """What was decided about a phrase of either tag is decided for the one that stays."""
    other = aliased(PhraseProposal)
    decided = select(other.state).where(
        other.tag_id == gone, other.phrase == PhraseProposal.phrase, other.state != OPEN
    )
    _run(
        update(PhraseProposal)
        .where(PhraseProposal.tag_id == into, PhraseProposal.state == OPEN, decided.exists())
        .values(state=decided.scalar_subquery())
    )


def _lead_here(tag: Tag, into: Tag) -> None:
    """Every address that the tag has or had leads to the other one."""
    _run(update(FormerTagSlug).where(FormerTagSlug.tag_id == tag.id).values(tag_id=into.id))
    db.session.merge(FormerTagSlug(slug=tag.slug, tag_id=into.id))
    db.session.flush()


def _give_words(tag: Tag, phrases: list[str]) -> None:
    known = {synonym.phrase: synonym for synonym in tag.synonyms}
    tag.synonyms = [known.get(phrase) or TagSynonym(phrase=phrase) for phrase in phrases]
    db.session.flush()


def _run(statement: Update | Delete) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
