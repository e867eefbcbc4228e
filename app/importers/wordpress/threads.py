"""The comments of one entry: batches in the file's order, parents before children."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments import policy
from app.domains.comments.states import Status
from app.importers.memory import Memory
from app.importers.report import Report
from app.importers.wordpress import records
from app.importers.wordpress.judgement import name_of
from app.importers.wordpress.people import People
from app.importers.wordpress.placing import Placed, place, placed_before
from app.importers.wordpress.prepared import Prepared, Writer, prepare, text_of
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work

BATCH = 200
"""Comments a transaction: about a quarter of a second in which nobody else writes on SQLite."""
ORPHANS = "replies to something that was left out or is not in the file: they begin a thread"


class Thread:
    """The comments under one article. With `is_dry`, everything is judged and nothing written.

    A reply whose parent has not come yet waits until the entry ends. `seen` are the ids of this
    run's comments so far, under whatever entry.
    """

    def __init__(
        self,
        article_id: int,
        *,
        memory: Memory,
        people: People,
        report: Report,
        seen: set[int],
        is_dry: bool,
    ) -> None:
        self._article_id = article_id
        self._memory = memory
        self._people = people
        self._report = report
        self._seen = seen
        self._is_dry = is_dry
        self._undated = self._date_of_article()
        self._writers: dict[int, Writer] = {}
        self._accepted: set[int] = set()  # old ids that are placed, or in the batch
        self._placed: dict[int, Placed] = {}  # by old id
        self._batch: list[Prepared] = []
        self._waiting: list[Prepared] = []

    def add(self, record: records.Comment, status: Status) -> None:
        """The next comment of the file."""
        if record.old_id and record.old_id in self._seen:
            self._report.leave("comments with the id of another one", str(record.old_id))
            return
        self._seen.add(record.old_id)
        prepared = self._prepare(record, status)
        if prepared is None:
            self._report.leave("comments without any text", name_of(record))
        elif prepared.parent_old_id and prepared.parent_old_id not in self._accepted:
            self._waiting.append(prepared)
        else:
            self._accept(prepared)

    def finish(self, *, is_whole: bool) -> None:
        """The entry has ended. Replies whose parent never came begin threads of their own; where
        the file broke off, they are left for the next run, which may find the parent."""
        waiting, self._waiting = self._waiting, []
        if waiting and not is_whole:
            self._report.note("replies whose parent is beyond the break: the next run brings them")
            waiting = []
        for prepared in self._parents_first(waiting):
            self._accept(prepared)
        self._flush()

    def _prepare(self, record: records.Comment, status: Status) -> Prepared | None:
        converted = text_of(record)
        for note in converted.notes:
            self._report.note(f"comments, {note}", name_of(record))
        if not converted.markdown:
            return None
        if record.at is None:
            self._report.note("comments without a date: they got their article's", name_of(record))
        return prepare(
            record,
            converted.markdown,
            status=status,
            writer=self._writer(self._people.signed_in_writer(record)),
            undated=self._undated,
        )

    def _accept(self, prepared: Prepared) -> None:
        self._batch.append(prepared)
        self._accepted.add(prepared.old_id)
        if len(self._batch) >= BATCH:
            self._flush()

    def _parents_first(self, waiting: list[Prepared]) -> Iterator[Prepared]:
        """The waiting replies in an order in which every parent that is there comes first.

        Those whose parent is nowhere are roots, and of replies in a circle the first one is.
        """
        children: dict[int, list[Prepared]] = {}
        for one in waiting:
            children.setdefault(one.parent_old_id, []).append(one)
        there = {one.old_id for one in waiting}
        queue = deque(one for one in waiting if one.parent_old_id not in there)
        done: set[str] = set()
        for start in (None, *waiting):  # None: first all that does not go in a circle
            if start is not None and start.key not in done:
                queue.append(start)
            while queue:
                one = queue.popleft()
                if one.key not in done:
                    done.add(one.key)
                    yield one
                    queue.extend(children.get(one.old_id, ()))

    # The database

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        known = self._memory.find_many("comment", [one.key for one in batch])
        fresh = [one for one in batch if one.key not in known]
        self._tell_of(fresh, len(known))
        if known:
            before = placed_before(self._article_id, list(known.values()))
            for one in batch:
                if known.get(one.key) in before:
                    self._placed[one.old_id] = before[known[one.key]]
        if fresh and not self._is_dry:
            with unit_of_work():
                emails = [one.email for one in fresh if one.writer is None]
                address_ids = self._people.address_ids(emails)
                made = place(fresh, self._article_id, self._placed, address_ids)
                self._memory.remember("comment", [(one.key, new_id) for one, new_id in made])
            db.session.expunge_all()

    def _tell_of(self, fresh: list[Prepared], known: int) -> None:
        self._report.knew("comments", known)
        for one in fresh:
            self._report.took(f"comments {one.status}")
            if one.parent_old_id and one.parent_old_id not in self._accepted:
                self._report.note(ORPHANS, one.name)

    def _writer(self, account_id: int | None) -> Writer | None:
        if account_id is None:
            return None
        if account_id not in self._writers:
            self._writers[account_id] = self._writer_here(account_id)
        return self._writers[account_id]

    def _writer_here(self, account_id: int) -> Writer:
        account = db.session.get(Account, account_id)
        article = db.session.get(Article, self._article_id)
        if account is None or article is None:  # a dry run made neither
            return Writer(0, 0, "", speaks_as_author=True, is_staff=True)
        as_author = policy.writes_as_author(account, article)
        return Writer(account.id, account.address_id, account.name, as_author, account.is_staff)

    def _date_of_article(self) -> datetime:
        article = db.session.get(Article, self._article_id)
        return (article.published_at if article else None) or clock.now()
