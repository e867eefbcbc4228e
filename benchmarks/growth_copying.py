"""A site ten times as large as one that is there, made inside PostgreSQL: ten million rows take
minutes so, and an hour or more where each is written by this program first.

What is copied is as in the smaller site, with numbers of its own and a second later each time;
only what waits, is reported or is looked at again stays as few as it was, and the rare word as
rare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.desk.rows import RARE

TIMES = 10
"""How much larger the copy is than what it is made from."""
LATER = (
    "created_at",
    "published_at",
    "decided_at",
    "at",
    "visible_from",
    "updated_at",
    "proven_at",
)
GROWING: dict[str, dict[str, str]] = {
    "address": {"id": "address", "email": "", "email_key": ""},
    "account": {"id": "account", "address_id": "address", "username": "", "name_key": ""},
    "article": {"id": "article"},
    "article_tag": {"article_id": "article"},
    "comment": {
        "id": "comment",
        "article_id": "article",
        "parent_id": "comment",
        "root_id": "comment",
        "question_id": "comment",
        "account_id": "account",
        "address_id": "address",
    },
    "comment_tag": {"comment_id": "comment"},
    "search_document": {"id": "search_document", "ref": "comment"},
    "audit_entry": {"id": "audit_entry", "subject_id": "comment"},
    "spam_lesson": {"id": "spam_lesson", "comment_id": "comment"},
}
"""By table, in an order: columns that hold a number of another table (or their own), and, with "",
those that must be unlike each other."""
PLAIN = {
    "comment": {
        "red_flag": "false",
        "reported_at": "NULL",
        "report_weight": "0",
        "recheck_at": "NULL",
        "recheck_reason": "''",
        "source": f"replace(source, '{RARE}', 'the')",
        "html": f"replace(html, '{RARE}', 'the')",
    }
}
"""What is put in the place of a column."""
NUMBERED = {("article", "slug"): "'article-' || ("}
"""Columns that end with the number of their own row."""
LEFT_OUT = {"account": "role = 'reader'", "comment": "status <> 'pending'"}
"""Which rows are copied; all of them where nothing stands here."""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""


def most_of(connection: Any) -> dict[str, int]:
    """The last number of each table that others name, before anything is copied."""
    tables = {named for columns in GROWING.values() for named in columns.values() if named}
    return {
        name: connection.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in sorted(tables)
    }


def copies(connection: Any, name: str, most: dict[str, int]) -> Iterator[str]:
    """The statements that lay one table down nine times more."""
    columns = [column for (column,) in connection.execute(COLUMNS, [name]).fetchall()]
    rows = _first_rows(name, most)
    for turn in range(1, TIMES):
        values = ", ".join(_value(name, column, turn, most) for column in columns)
        named = ", ".join(f'"{column}"' for column in columns)
        yield f'INSERT INTO "{name}" ({named}) SELECT {values} FROM "{name}" WHERE {rows}'  # noqa: S608


def _first_rows(name: str, most: dict[str, int]) -> str:
    """Those of the smaller site, and not what was copied of them already."""
    column, of = next(pair for pair in GROWING[name].items() if pair[1])
    return f'"{column}" <= {most[of]} AND {LEFT_OUT.get(name, "true")}'


def _value(name: str, column: str, turn: int, most: dict[str, int]) -> str:
    if column in PLAIN.get(name, {}):
        return PLAIN[name][column]
    if (name, column) in NUMBERED:
        return f"{NUMBERED[name, column]}id + {turn * most[name]})"
    named = GROWING[name].get(column)
    if named:
        return f'"{column}" + {turn * most[named]}'
    if named == "":
        return f"\"{column}\" || '-{turn}'"
    return f"\"{column}\" + interval '{turn} s'" if column in LATER else f'"{column}"'
