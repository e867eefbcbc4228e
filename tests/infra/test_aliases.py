"""A second name for a table that a module keeps, and threads that use it first at the same time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import exists, select
from sqlalchemy.dialects import sqlite

from app.domains.comments.models import Comment
from app.infra.db import alias_of

THREADS, TIMES = 4, 60


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def _written(other: type[Comment]) -> str:
    below = exists().where(Comment.root_id == other.id, Comment.status == "approved")
    chosen = select(other.id, other.created_at).where(other.article_id == 1, below).cte()
    asked = select(Comment.id).join(chosen, Comment.id == chosen.c.id)
    return str(asked.compile(dialect=sqlite.dialect()))


@pytest.mark.usefixtures("hasty")
def test_threads_that_use_an_alias_first_at_once_write_the_same_statement() -> None:
    written: set[str] = set()
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(TIMES):
            other, together = alias_of(Comment, "other"), threading.Barrier(THREADS)

            def write(other: type[Comment] = other, together: Any = together) -> str:
                together.wait()
                return _written(other)

            written |= {done.result() for done in [threads.submit(write) for _ in range(THREADS)]}
    assert written == {_written(alias_of(Comment, "other"))}
