"""What is kept is declared, all of it."""

from __future__ import annotations

import pytest

from app.domains.privacy.declaration import DECLARED, told
from app.domains.privacy.matters import MATTERS
from app.infra.db import Base
from app.infra.periods import BOUNDS

WITHOUT_A_TABLE = frozenset({"networks"})
"""A column of texts, told apart from what was written."""


def test_v11_every_column_is_declared_as_personal_or_not() -> None:
    """Say in app/domains/privacy/declared what a new table or column keeps, and why."""
    tables = Base.metadata.tables
    for name, table in DECLARED.items():
        assert len(table.columns) == len(set(table.columns)), f"{name}: a column in two places"
    declared = {f"{name}.{one}" for name, table in DECLARED.items() for one in table.columns}
    there = {f"{name}.{one.name}" for name, table in tables.items() for one in table.columns}
    assert there - declared == set()
    assert declared - there == set()


def test_what_is_personal_has_a_reason_that_readers_see() -> None:
    for name, table in DECLARED.items():
        assert bool(table.matter) == bool(table.theirs or table.given or table.held), name
        assert not table.matter or table.matter in MATTERS, name
    named = {table.matter for table in DECLARED.values()} | WITHOUT_A_TABLE
    assert MATTERS.keys() <= named


def test_a_row_of_somebody_is_covered_when_they_are_erased() -> None:
    for name, table in DECLARED.items():
        assert table.erased.keys() <= table.theirs.keys(), name
        for values in table.erased.values():
            assert values.keys() <= set(table.columns), name
        if table.is_personal and not table.by:
            assert table.erased.keys() == table.theirs.keys(), name


@pytest.mark.usefixtures("app")
@pytest.mark.one_database
def test_each_period_is_told_in_days_and_at_its_most_where_nobody_chose() -> None:
    sentences = " ".join(one.until for _, several in told() for one in several)
    assert "%" not in sentences
    for bounds in BOUNDS.values():
        assert f"{bounds.most} days" in sentences
