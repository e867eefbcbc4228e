"""Raising marks by position: whatever writes a row through the session raises what it shows on.

One table says for every other what its rows show on (`app.extensions["shown_on"]`, told in
`web.shown_on`). Rows are seen as they are flushed, statements on many rows as they are executed,
and all marks are raised in one statement just before the commit, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from flask import current_app, has_app_context
from sqlalchemy import TextClause, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.sql.dml import Delete, Insert, Update

from app.infra.db import Base, adding, db, is_postgresql
from app.infra.kept import changes, purging
from app.infra.kept.models import PageMark

SITE = "site"
"""What every page depends on."""
THREADS = "threads"
"""What depends on published comments wherever they stand: lists, counts, feeds."""
QUESTIONS = "questions"
"""What depends on published questions and whether they have an answer, and on no other comment:
the lists of them, in which a reader's reply shows nothing."""
INTAKE = "intake"
"""What the intake knows by heart (`known`): it shows on no page."""
EVERYWHERE = frozenset({SITE})
ANYTHING = frozenset({SITE, INTAKE})
RAISED = "raised_marks"
FIRST = "found_by_transaction"
TOUCHED = "touched_comments"
COMMENTS = "shown_through"
"""The execution option by which a statement on many rows names the comments that they hang on."""
TABLE = Base.metadata.tables[PageMark.__tablename__]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def article_mark(article_id: int) -> str:
    return f"article:{article_id}"


def thread_mark(article_id: int, thread_id: int) -> str:
    """The article's mark, raised by a change that shows in this one thread of its page and nowhere
    else there: what it raises says so (`changes`)."""
    return changes.of_part(article_mark(article_id), thread_id)


First = dict[object, Any]
"""By row and column: what a transaction found there."""


class Row:
    """A row that is being flushed: what changed, what stood there before, what stands there now."""

    def __init__(self, row: Any, first: First, *, is_new: bool, is_gone: bool) -> None:
        self._state = inspect(row)
        self._first = first
        self._key = (self._state.mapper, *self._state.mapper.primary_key_from_instance(row))
        self._attributes = self._state.attrs
        self.is_new = is_new
        self.is_gone = is_gone

    @property
    def changed(self) -> set[str]:
        """The names of columns and relationships that were set."""
        keys: set[str] = set(self._state.mapper.attrs.keys())
        return keys.difference(self._state.unmodified)

    def after(self, name: str) -> Any:
        return None if self.is_gone else self._attributes[name].value

    def before(self, name: str) -> Any:
        """What stood there before this transaction, however often it was flushed; None for a new
        row. A column that is asked for keeps its history (`active_history`)."""
        key = (self._key, name)
        if key not in self._first:
            history = self._attributes[name].history
            old = history.deleted[0] if history.deleted else self._attributes[name].value
            self._first[key] = None if self.is_new else old
        return self._first[key]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows of a table show on. `marks` is raised by any change but those of the columns in
    `unseen`, which no page draws. `of_row` says it more exactly for a single row; `through` names
    the column with the comment that a row hangs on."""

    marks: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    of_row: Callable[[Row], Iterable[str]] | None = None
    through: str | None = None


Shows = Mapping[str, Shown]
Finder = Callable[[Collection[int]], Iterable[str]]
"""From the ids of comments to the marks of those that everyone may read."""


def install() -> None:
    """Watch every session of the program."""
    event.listen(db.session, "after_flush", _on_flush)
    event.listen(db.session, "do_orm_execute", _on_statement)
    event.listen(db.session, "before_commit", _on_commit)
    event.listen(db.session, "after_transaction_end", _forget)


def _shows() -> Shows:
    return cast("Shows", current_app.extensions.get("shown_on", {})) if has_app_context() else {}


def _raise(session: Session, marks: Iterable[str]) -> None:
    session.info.setdefault(RAISED, set()).update(marks)


def is_raised(session: Session, mark: str) -> bool:
    """Whether this transaction has raised a mark by what it wrote so far."""
    return mark in session.info.get(RAISED, ())


def raise_marks(marks: Iterable[str]) -> None:
    """Raise these for what was written to columns that raise nothing by themselves."""
    _raise(db.session(), marks)


def touch(comment_ids: Iterable[int]) -> None:
    """Tell of comments that were written past the session: what they show on is raised."""
    _touch(db.session(), comment_ids)


def _touch(session: Session, comment_ids: Iterable[int]) -> None:
    session.info.setdefault(TOUCHED, set()).update(comment_ids)


def _on_flush(session: Session, _context: object) -> None:
    shows = _shows()
    if not shows:
        return
    first: First = session.info.setdefault(FIRST, {})
    for rows, is_new, is_gone in (
        (session.new, True, False),
        (session.dirty, False, False),
        (session.deleted, False, True),
    ):
        for row in rows:
            shown = shows[row.__table__.name]
            if shown.marks or shown.through:
                _see(session, shown, Row(row, first, is_new=is_new, is_gone=is_gone))


def _see(session: Session, shown: Shown, row: Row) -> None:
    if not (row.is_new or row.is_gone) and not row.changed - shown.unseen:
        return
    if shown.through is not None:
        _touch(session, filter(None, (row.before(shown.through), row.after(shown.through))))
    elif shown.of_row is not None:
        _raise(session, shown.of_row(row))
    else:
        _raise(session, shown.marks)


def _on_statement(state: ORMExecuteState) -> None:
    statement = state.statement
    if state.is_select or not (shows := _shows()):
        return
    if isinstance(statement, TextClause):
        if statement.text.lstrip().upper().startswith(WRITES):
            _raise(state.session, ANYTHING)  # nobody can tell what it writes
        return
    if not isinstance(statement, Insert | Update | Delete):
        return
    shown = shows[cast("Any", statement.table).name]
    named = state.execution_options.get(COMMENTS)
    if named is None and shown.through is not None and isinstance(statement, Insert):
        named = _inserted(state.parameters, shown.through)
    if isinstance(statement, Update) and _columns(statement) <= shown.unseen:
        return
    if named is not None:
        _touch(state.session, named)
    else:
        _raise(state.session, EVERYWHERE if shown.through else shown.marks)


def _columns(statement: Update) -> set[str]:
    values: Any = statement._values or {}  # noqa: SLF001  (the library has no question for it)
    return {getattr(column, "key", column) for column in values} or {"anything"}


def _inserted(parameters: Any, column: str) -> list[int] | None:
    rows = [parameters] if isinstance(parameters, Mapping) else parameters
    return [row[column] for row in rows] if rows and column in rows[0] else None


def _on_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched = session.info.pop(TOUCHED, set())
    if touched:
        find = cast("Finder", current_app.extensions["marks_of_comments"])
        _raise(session, find(touched))
    session.info.pop(FIRST, None)
    raised = changes.by_mark(session.info.pop(RAISED, ()))
    if raised:
        names = sorted(raised)  # in one order, so that no two wait crosswise
        purging.plan([name for name in names if name != INTAKE])
        rows = [{"name": name, "version": 1, "changes": raised[name]} for name in names]
        session.connection().execute(_counting_up(postgres=is_postgresql()), rows)


@cache
def _counting_up(*, postgres: bool) -> Insert:
    """For rows given beside it: one that holds its rows is put together anew at each commit."""
    statement = adding(TABLE, postgres=postgres)
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "version": TABLE.c.version + 1,
            "changes": changes.added(TABLE, statement.excluded.changes, postgres=postgres),
        },
    )


def _forget(session: Session, ended: SessionTransaction) -> None:
    """With the transaction, however it ends: a savepoint that is taken back leaves standing what
    was written before it."""
    if ended.parent is not None:
        return
    session.info.pop(FIRST, None)
    session.info.pop(RAISED, None)
    session.info.pop(TOUCHED, None)


install()
