"""A row in every table for every way in which it can be somebody's, with a mark of its own in each
part that is personal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Column, LargeBinary, String, Table, insert, select, update

from app.domains.accounts.models import Account, Address
from app.domains.comments.models import Comment
from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.terms import Names
from app.infra.db import Base, db
from tests import factories

_numbers = count(1)
LONG_AGO = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
MEANT: dict[tuple[str, str], Any] = {
    ("account", "role"): "reader",
    ("comment", "kind"): "question",
    ("comment", "status"): "approved",
    ("follow", "often"): "daily",
    ("job", "kind"): "mail.received",
    ("measure", "kind"): "ban",
    ("account", "disabled_at"): None,
    ("measure", "until"): None,
    ("measure", "lifted_at"): None,
    ("search_document", "kind"): "question",
    ("job", "failed_at"): None,
    ("mailed_link", "used_at"): None,
}
"""What the program goes by, and so no mark."""


@dataclass
class Filled:
    """`marks` are the parts in which they stand, as "table.column.by"; `by` is the column that says
    whose the row is."""

    account: Account
    address: Address
    text: Comment
    marks: dict[str, str] = field(default_factory=dict)

    def of(self, *, given: bool) -> set[str]:
        """The marks of what is in a person's copy, or of what is about them and is not."""
        return {mark for mark, place in self.marks.items() if _is_given(place) is given}


def _is_given(place: str) -> bool:
    table, column, by = place.split(".")
    declared = DECLARED[table]
    return column in declared.given.split() and (not by or by in declared.copied_by)


def fill(prefix: str) -> Filled:
    """Somebody with an account, and one row of theirs in each table in each way."""
    account = factories.make_account("reader")
    account.proven_at = LONG_AGO
    text = factories.make_question(account=account)
    other = factories.make_account("moderator")
    filled = Filled(account, account.address, text)
    things = {
        "account": other.id,
        "address": factories.make_address().id,
        "article": text.article_id,
        "comment": factories.make_question(article=text.article).id,
        "tag": factories.make_tag().id,
        "answer_card": factories.make_card().id,
        "search_document": None,
        "data_copy": None,
    }
    own = {
        Names.ACCOUNT: account.id,
        Names.ADDRESS: account.address_id,
        Names.TEXT: text.id,
        Names.NAME: account.name,
    }
    for table in Base.metadata.sorted_tables:
        declared = DECLARED[table.name]
        if table.name in ("account", "address", "comment"):
            number = {"account": account.id, "address": account.address_id, "comment": text.id}
            marks = _marks(filled, prefix, table)
            where = table.c.id == number[table.name]
            db.session.execute(update(table).where(where).values(**marks))
            own[Names.NAME] = db.session.scalar(
                select(Account.name).where(Account.id == account.id)
            )
            continue
        for column, names in declared.theirs.items():
            values = _plain(table, things) | _marks(filled, prefix, table, column)
            values |= dict.fromkeys(declared.theirs, None)
            values |= dict.fromkeys(_needed(table, declared.theirs, "comment"), things["comment"])
            values |= dict.fromkeys(_needed(table, declared.theirs, "address"), things["address"])
            values |= dict.fromkeys(_needed(table, declared.theirs, "account"), things["account"])
            values |= {one: "" for one, kind in declared.theirs.items() if kind == Names.NAME}
            db.session.execute(insert(table).values(**values | {column: own[names]}))
    db.session.commit()
    db.session.expire_all()
    return filled


def _needed(table: Table, theirs: Any, to: str) -> list[str]:
    return [one for one in theirs if not table.c[one].nullable and _refers(table.c[one]) == to]


def _refers(column: Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


def _marks(filled: Filled, prefix: str, table: Table, by: str = "") -> dict[str, Any]:
    """Values for what is personal; each with a mark that stands nowhere else."""
    declared = DECLARED[table.name]
    values: dict[str, Any] = {}
    for name in (*declared.given.split(), *declared.held.split()):
        column = table.c[name]
        if (table.name, name) in MEANT:
            values[name] = MEANT[table.name, name]
        elif isinstance(column.type, String | JSON | LargeBinary) and not column.foreign_keys:
            mark = f"{prefix}{len(filled.marks):03d}"
            filled.marks[mark] = f"{table.name}.{name}.{by}"
            values[name] = _typed(column, mark)
    return values


def _typed(column: Column[Any], mark: str) -> Any:
    if isinstance(column.type, JSON):
        return {"mark": mark}
    return mark.encode() if isinstance(column.type, LargeBinary) else mark


def _plain(table: Table, things: dict[str, Any]) -> dict[str, Any]:
    """Anything that the other columns take."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "id" or (column.nullable and not column.foreign_keys):
            continue
        if column.foreign_keys:
            values[column.name] = None if column.nullable else things.get(_refers(column))
        elif isinstance(column.type, Boolean):
            values[column.name] = False
        elif isinstance(column.type, JSON):
            values[column.name] = {}
        elif isinstance(column.type, LargeBinary):
            values[column.name] = b""
        elif isinstance(column.type, String) or "Text" in type(column.type).__name__:
            values[column.name] = f"x{next(_numbers)}"
        elif "DateTime" in type(column.type).__name__:
            values[column.name] = LONG_AGO
        else:
            values[column.name] = 1
    return values | {
        name: MEANT[table.name, name] for name in values if (table.name, name) in MEANT
    }


def everything() -> str:
    """All rows of all tables, as one text."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += [f"{table.name} {row}" for row in db.session.execute(select(table)).all()]
    db.session.rollback()
    return "\n".join(found)
