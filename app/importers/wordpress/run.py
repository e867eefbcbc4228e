"""A whole import: each record of the export to what writes it, and one report of it all.

Every article, and every batch of comments, is a unit of work of its own that also remembers the
old ids. So whatever stops an import (a broken file, a killed process), the next run goes on where
it stopped, and a run over what is all there adds nothing. Nothing here records an event that leads
to mail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from app.domains.articles.errors import UnfitArticle
from app.domains.articles.models import Article
from app.importers.memory import Memory
from app.importers.report import Report
from app.importers.wordpress import pages
from app.importers.wordpress.errors import ImportRefused
from app.importers.wordpress.judgement import Left, Place, entry_key, judge_comment, judge_entry
from app.importers.wordpress.labels import Labels
from app.importers.wordpress.people import People
from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Author, Comment, Entry, Record, Site, Term
from app.importers.wordpress.threads import Thread
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work

_UNDER_LEFT = "comments under entries that were left out"


class WordPressImport:
    """One run over one file, inside an application context and outside any unit of work.

    `own_url` is this site's address: what it exported itself and still has is left alone.
    `progress` is told how many bytes of the file have been read in all. `report` holds true at any
    time, also after `run` has raised.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        own_url: str,
        is_dry: bool = False,
        with_pings: bool = False,
        progress: Callable[[int], object] = lambda _bytes: None,
    ) -> None:
        self.report = Report()
        self._reader = ExportReader(file)
        self._own_url = own_url
        self._is_dry = is_dry
        self._with_pings = with_pings
        self._progress = progress
        self._now = clock.now()
        self._thread: Thread | None = None
        self._seen: set[int] = set()

    def run(self) -> Report:
        """Bring in everything. Raises ImportRefused for a file that cannot be read (to its end);
        what was complete before that is in."""
        try:
            for record in self._reader:
                self._progress(self._reader.bytes_read)
                self._take(record)
            self._finish_thread(is_whole=True)
        except ImportRefused:
            self._finish_thread(is_whole=False)
            raise
        finally:
            self._tell_of_mending()
        return self.report

    def _take(self, record: Record) -> None:
        if isinstance(record, Comment):
            self._take_comment(record)
            return
        self._finish_thread(is_whole=True)
        if isinstance(record, Site):
            self._begin(record)
        elif isinstance(record, Author):
            self._people.meet(record)
        elif isinstance(record, Term):
            self._labels.meet(record)
        else:
            self._thread = self._take_entry(record)

    def _begin(self, site: Site) -> None:
        self._blog_url = (site.base_blog_url or site.base_url or "unnamed").rstrip("/")
        self._memory = Memory(self._blog_url)
        self._people = People(self._memory, self._blog_url, self.report, is_dry=self._is_dry)
        self._labels = Labels(self._memory, self.report, is_dry=self._is_dry)

    # Entries

    def _take_entry(self, entry: Entry) -> Thread | None:
        """The thread that the entry's comments go to; None where they are left out with it."""
        place = judge_entry(entry, self._now)
        if isinstance(place, Left):
            self.report.leave(place.why, entry.title)
            return None
        known = self._memory.find("article", entry_key(entry) or "")
        if known is not None:
            return self._go_on_with(entry, known)
        if self._blog_url == self._own_url and pages.stands_here(entry):
            self.report.leave("articles that this site exported and still has", entry.title)
            return None
        return self._bring_in(entry, place)

    def _go_on_with(self, entry: Entry, article_id: int) -> Thread | None:
        if db.session.get(Article, article_id) is None:
            self.report.leave("entries that were imported once and deleted here", entry.title)
            return None
        self.report.knew("articles")
        return self._new_thread(article_id)

    def _bring_in(self, entry: Entry, place: Place) -> Thread | None:
        author_id = self._people.author(entry.author_login)
        tag_ids = self._labels.ids(entry.terms)
        converted = pages.text_of(entry)
        paths = pages.old_paths(entry)
        article_id = 0
        try:
            if not self._is_dry:
                with unit_of_work():
                    article = pages.bring_in(
                        entry, place, converted.markdown, author_id=author_id, tag_ids=tag_ids
                    )
                    pages.redirect_from(paths, article)
                    self._memory.remember("article", [(entry_key(entry) or "", article.id)])
                    article_id = article.id
        except UnfitArticle as unfit:
            self.report.leave(f"articles that cannot be kept: {unfit.public}", entry.title)
            return None
        self._tell_of(entry, place, converted.notes)
        return self._new_thread(article_id)

    def _new_thread(self, article_id: int) -> Thread:
        return Thread(
            article_id,
            memory=self._memory,
            people=self._people,
            report=self.report,
            seen=self._seen,
            is_dry=self._is_dry,
        )

    def _tell_of(self, entry: Entry, place: Place, notes: tuple[str, ...]) -> None:
        self.report.took(f"{'pages' if entry.kind == 'page' else 'posts'} as {place} articles")
        if place is Place.DRAFT and (entry.is_password_protected or entry.status == "private"):
            self.report.note("protected or private entries, now drafts", entry.title)
        for note in notes:
            self.report.note(f"articles, {note}", entry.title)

    # Comments

    def _take_comment(self, comment: Comment) -> None:
        if self._thread is None:
            self.report.leave(_UNDER_LEFT)
            return
        status = judge_comment(comment, with_pings=self._with_pings)
        if isinstance(status, Left):
            self.report.leave(status.why)
        else:
            self._thread.add(comment, status)

    def _finish_thread(self, *, is_whole: bool) -> None:
        if self._thread is not None:
            self._thread.finish(is_whole=is_whole)
            self._thread = None

    def _tell_of_mending(self) -> None:
        if self._reader.mended:
            lines = ", ".join(str(line) for line in self._reader.mended_lines)
            self.report.note(
                f"control characters in the file became spaces: {self._reader.mended} in all",
                f"lines {lines}",
            )
