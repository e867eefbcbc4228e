"""Documents read for likeness: the stems of each, and in how many documents a stem stands.

A document that is new or changed waits with `read_version` 0 until the job comes by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from app.engines.matching.likeness import Profile, profile
from app.infra import locks
from app.infra.db import adding, db
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work
from app.search.models import SearchDocument, SearchPosting, SearchStem

READ = "search.read"
READING = 1
"""Of the way documents are read; another number has all of them read again."""
BATCH = 50
"""Documents a transaction."""
AT_ONCE = 500
"""Documents a statement, where many go at once: a statement takes a limited number of values."""
AGAIN = timedelta(days=1)
"""How often a worker looks by itself: after an update of the program all may wait to be read."""
LONGEST_READ = 20_000
"""Characters of a document that are read: what a question asks stands near the top."""


def ask() -> None:
    """Have a worker read what waits, in the caller's transaction. One job waits at a time."""
    enqueue(READ, {}, unique_key=READ)


def read_waiting(progress: Callable[[int], object] = lambda _done: None) -> int:
    """Read all documents that wait; how many. Commits by itself, a batch at a time."""
    done = 0
    while True:
        with unit_of_work():
            locks.take(["search index"])
            batch = db.session.execute(
                select(
                    SearchDocument.id,
                    SearchDocument.title,
                    SearchDocument.tags,
                    SearchDocument.body,
                )
                .where(SearchDocument.read_version != READING)
                .order_by(SearchDocument.id)
                .limit(BATCH)
            ).all()
            if not batch:
                return done
            read = {
                row.id: profile(row.title, f"{row.tags}\n{row.body}"[:LONGEST_READ])
                for row in batch
            }
            _forget_postings(list(read))
            _keep(read)
        done += len(batch)
        progress(len(batch))


def run(_job: Job) -> None:
    read_waiting()


def waiting() -> int:
    """How many documents are not read yet."""
    unread = SearchDocument.read_version != READING
    return db.session.scalar(select(func.count()).where(unread)) or 0


def forget(document_ids: Sequence[int]) -> None:
    """Take documents' stems out of the counts, before the documents themselves go."""
    _forget_postings(document_ids)


def _forget_postings(document_ids: Sequence[int]) -> None:
    for at in range(0, len(document_ids), AT_ONCE):
        theirs = SearchPosting.document_id.in_(document_ids[at : at + AT_ONCE])
        gone = (
            select(SearchPosting.stem, func.count().label("times"))
            .where(theirs)
            .group_by(SearchPosting.stem)
            .subquery()
        )
        for change in (
            update(SearchStem)
            .where(SearchStem.stem == gone.c.stem)
            .values(spread=SearchStem.spread - gone.c.times),
            delete(SearchStem).where(
                SearchStem.spread <= 0,
                SearchStem.stem.in_(select(SearchPosting.stem).where(theirs)),
            ),
            delete(SearchPosting).where(theirs),
        ):
            db.session.execute(change, execution_options={"synchronize_session": False})


def _keep(read: Mapping[int, Profile]) -> None:
    postings = [
        {
            "stem": stem,
            "document_id": document_id,
            "in_title": one.title.get(stem, 0),
            "in_text": times,
        }
        for document_id, one in read.items()
        for stem, times in one.whole.items()
    ]
    if postings:
        db.session.execute(insert(SearchPosting), postings)
        _count(Counter(str(posting["stem"]) for posting in postings))
    for document_id, one in read.items():
        db.session.execute(
            update(SearchDocument)
            .where(SearchDocument.id == document_id)
            .values(title_stems=one.title_length, text_stems=one.text_length, read_version=READING),
            execution_options={"synchronize_session": False},
        )


def _count(stems: Mapping[str, int]) -> None:
    statement = adding(SearchStem)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["stem"], set_={"spread": SearchStem.spread + statement.excluded.spread}
        ),
        [{"stem": stem, "spread": times} for stem, times in sorted(stems.items())],
    )
