"""The layer before Flask: it answers guests with pages that are kept and current.

A request is a guest's when it bears neither our session's cookie nor an Authorization. A page is
drawn for keeping as by nobody: of the request only the path, the parameters that the page knows,
and the language and theme that the browser was told to show (`looks`) reach it, so that no header
and no `?utm_source=…` can come to stand in what others are given.
What is not 200, sets a cookie or belongs to no view marked `@kept` is never kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.sansio.utils import host_is_trusted

from app.infra import clock
from app.infra.db import db
from app.infra.http import answers, looks, metrics, parameters
from app.infra.http.flights import Flights
from app.infra.http.looks import NOTHING_CHOSEN, Looks
from app.infra.http.speaking import LOOKS
from app.infra.http.stamp import stamp_of
from app.infra.http.watching import QUIET, ROUTE, WHOLE
from app.infra.kept.facts import FACTS
from app.infra.kept.keeping import FOR_KEEPING, Keeping, keeping_of
from app.infra.kept.marking import article_mark
from app.infra.kept.memory import Memory
from app.infra.kept.pages import QUICK, THOROUGH, Page, made, opened, squeezed
from app.infra.kept.shared import Shared
from app.infra.kept.versions import Away, Reader

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READS = frozenset({"GET", "HEAD"})
LONGEST_SECONDS = 60
"""How old a page may be though nothing was raised: times in words, articles whose time comes."""
MOST_PATHS = 20_000
MOST_HOSTS = 200
LONGEST_NAME = 300
"""Characters of a path or a host that is remembered: a header may have a quarter of a MiB."""
THREADS = "kept_threads"
"""Where drawn threads are kept (`web.questions.drawn`); they are forgotten with the pages."""
PASSED_ON = frozenset({"HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID"})
"""For the log; no page draws them."""
DROPPED = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "RAW_URI", "REQUEST_URI"})
_HIT, _MISS = (metrics.kept_pages.labels(one) for one in ("hit", "miss"))


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that may be kept: how, by which rule of the URL map, where, with which query as we
    write it, and for those who chose which looks."""

    keeping: Keeping
    rule: str
    path: str
    query: str
    looks: Looks = NOTHING_CHOSEN

    @property
    def key(self) -> str:
        key = f"{self.path}?{self.query}" if self.query else self.path
        return key if self.looks is NOTHING_CHOSEN else f"{key} {self.looks}"


class Front:
    """A WSGI application around Flask's own. `figures` counts what it answered, for whoever
    watches: `hit`, `same` (304) and `drawn`."""

    def __init__(self, app: Flask, reader: Reader) -> None:
        self._app = app
        self._inner: WSGIApplication = app.wsgi_app
        self._reader = reader
        settings = app.extensions["settings"]
        self._host = settings.public_url.partition("://")[2]
        self._memory = Memory(settings.kept_megabytes * 1024 * 1024)
        self._shared = (
            Shared(settings.redis_url, settings.secret_key, most_seconds=LONGEST_SECONDS)
            if settings.redis_url
            else None
        )
        self._flights = Flights()
        self._known: dict[str, tuple[Keeping, str]] = {}
        self._hosts: dict[str, bool] = {}
        self._cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self._lasting: tuple[str, ...] = ()
        self.figures = {"hit": 0, "same": 0, "drawn": 0}

    def know_routes(self) -> None:
        """Learn where lasting files stand; call it when all routes are there."""
        self._lasting = tuple(
            rule.rule.partition("<")[0]
            for rule in self._app.url_map.iter_rules()
            if (keeping := keeping_of(self._app.view_functions.get(rule.endpoint)))
            and keeping.lasting
        )

    def forget(self) -> None:
        """Keep nothing any more."""
        self._memory.clear()
        self._known.clear()
        for name in (THREADS, FACTS):
            self._app.extensions.pop(name, None)

    @property
    def held(self) -> int:
        """Bytes of kept pages in this process."""
        return self._memory.held

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        wish = self._wish(environ) if environ["REQUEST_METHOD"] in READS else None
        if wish is None:
            return self._inner(environ, start)
        environ[ROUTE] = wish.rule
        environ[WHOLE] = True
        try:
            page = self._current(wish.key)
            if page is None:
                return self._drawn(wish, environ, start)
        except Away:  # Flask says it in its own words
            return self._inner(environ, start)
        return self._give_kept(page, wish, environ, start)

    # What is asked for

    def _wish(self, environ: WSGIEnvironment) -> Wish | None:
        """The page that this request asks for as a guest, where it may be kept."""
        path = answers.path_of(environ)
        is_lasting = path.startswith(self._lasting) if self._lasting else False
        if not (is_lasting or self._is_guest(environ)) or not self._is_plain(environ):
            return None
        known = self._known.get(path) or self._keeping_at(path)
        if known is None:
            return None
        keeping, rule = known
        query = parameters.known_part(environ.get("QUERY_STRING", ""), keeping)
        if query is None:
            return None
        if keeping.lasting:
            return Wish(keeping, rule, path, query)
        chosen = looks.chosen(environ.get("HTTP_COOKIE"), self._app.extensions["settings"])
        return Wish(keeping, rule, path, query, chosen)

    def _is_guest(self, environ: WSGIEnvironment) -> bool:
        cookies = environ.get("HTTP_COOKIE")
        return not (cookies and self._cookie in cookies) and "HTTP_AUTHORIZATION" not in environ

    def _is_plain(self, environ: WSGIEnvironment) -> bool:
        """Whether it comes to the site's own address, without a body."""
        if environ.get("CONTENT_LENGTH", "0") not in ("", "0") or environ.get("SCRIPT_NAME"):
            return False
        host = environ.get("HTTP_HOST", "")
        trusted = self._hosts.get(host)
        if trusted is None:
            trusted = host_is_trusted(host, self._app.config["TRUSTED_HOSTS"])
            if trusted and len(host) <= LONGEST_NAME and len(self._hosts) < MOST_HOSTS:
                self._hosts[host] = trusted
        return trusted and "HTTP_TRANSFER_ENCODING" not in environ

    def _keeping_at(self, path: str) -> tuple[Keeping, str] | None:
        """How the view at this path is kept, and its rule; None where it is not."""
        found = self._matched(path)
        if found is None:
            return None
        keeping = keeping_of(self._app.view_functions.get(found[0].endpoint))
        return None if keeping is None else (keeping, found[0].rule)

    def _matched(self, path: str) -> tuple[Rule, Mapping[str, Any]] | None:
        """The rule for this path, and the parts of the path; None where there is none."""
        adapter = self._app.url_map.bind("localhost", path_info=path)
        try:
            return adapter.match(method="GET", return_rule=True)
        except (HTTPException, RequestRedirect):
            return None

    # What is kept

    def _current(self, key: str) -> Page | None:
        """The kept page, if nothing that it shows has changed. Raises Away."""
        page = self._memory.get(key)
        if page is not None and self._is_current(page):
            return page
        if self._shared is None:
            return None
        page = self._shared.get(key, stamp_of(self._app))
        if page is None or not self._is_current(page):
            return None
        self._memory.put(key, page)
        return page

    def _is_current(self, page: Page) -> bool:
        if page.stamp != stamp_of(self._app):
            return False
        if page.lasting:
            return True
        if abs(clock.now().timestamp() - page.drawn_at) >= LONGEST_SECONDS:
            return False
        names = [name for name, _ in page.versions]
        return dict(page.versions) == self._reader.versions(names)

    def _give_kept(
        self, page: Page, wish: Wish, environ: WSGIEnvironment, start: StartResponse
    ) -> list[bytes]:
        _HIT.inc()
        environ[QUIET] = True
        return self._give(page, wish, environ, start)

    def _give(
        self, page: Page, wish: Wish, environ: WSGIEnvironment, start: StartResponse
    ) -> list[bytes]:
        is_same = answers.has_it(page, environ)
        if not is_same:
            page = self._as_wanted(page, wish.key, environ)
        self.figures["same" if is_same else "hit"] += 1
        return answers.give(page, environ, start, is_same=is_same)

    def _as_wanted(self, page: Page, key: str, environ: WSGIEnvironment) -> Page:
        """In gzip or plain. What had to be made of it is kept."""
        if answers.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            ready = _squeezed(page)
        else:
            ready = opened(page)
        if ready is not page and self._memory.get(key) is page:
            self._memory.put(key, ready)
        return ready

    # Drawing

    def _drawn(self, wish: Wish, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Draw it once, however many ask for it at this moment."""
        with self._flights.of(wish.key) as flight:
            if not flight.is_barren and (page := self._current(wish.key)) is not None:
                return self._give_kept(page, wish, environ, start)
            drawn = self._draw(wish, environ)
            if isinstance(drawn, Page):
                return self._give(drawn, wish, environ, start)
            flight.is_barren = True
        return answers.relay(drawn, environ, start)

    def _draw(self, wish: Wish, environ: WSGIEnvironment) -> Page | answers.Raw:
        """The page, kept from now on, or what was answered where that may not be kept."""
        marks = self._marks(wish)
        versions = self._reader.versions(marks) if marks is not None else {}
        at = clock.now().timestamp()
        stamp = stamp_of(self._app)
        raw = answers.captured(self._inner, _as_nobody(environ, wish, self._host, versions))
        self.figures["drawn"] += 1
        _MISS.inc()
        if marks is None or not answers.may_be_kept(raw):
            return raw
        page = made(
            raw.body,
            headers=answers.kept_headers(raw, marks, self._app, lasting=wish.keeping.lasting),
            versions=versions,
            drawn_at=at,
            stamp=stamp,
            lasting=wish.keeping.lasting,
        )
        self._memory.put(wish.key, page)
        if self._shared is not None and not page.lasting:
            self._shared.put(wish.key, page)
        if len(wish.path) <= LONGEST_NAME and len(self._known) < MOST_PATHS:
            self._known[wish.path] = wish.keeping, wish.rule
        return page

    def _marks(self, wish: Wish) -> tuple[str, ...] | None:
        """The names of what this page depends on; None where it stands under no article."""
        keeping = wish.keeping
        if keeping.under is None:
            return keeping.marks
        found = self._matched(wish.path)
        article_id = self._reader.find(keeping.under, found[1]) if found is not None else None
        return None if article_id is None else (*keeping.marks, article_mark(article_id))


def _squeezed(page: Page) -> Page:
    """With its body in gzip: quickly for the first who asks, well for the second."""
    if page.level == THOROUGH:
        return page
    return squeezed(page, THOROUGH if page.level or page.lasting else QUICK)


def _as_nobody(
    environ: WSGIEnvironment, wish: Wish, host: str, versions: Mapping[str, int]
) -> dict[str, Any]:
    """The request as it is drawn for everybody: no header but the site's own host."""
    clean = {
        name: value
        for name, value in environ.items()
        if (not name.startswith("HTTP_") or name in PASSED_ON) and name not in DROPPED
    }
    clean["HTTP_HOST"] = host
    clean["REQUEST_METHOD"] = "GET"
    clean["QUERY_STRING"] = wish.query
    clean["wsgi.input"] = io.BytesIO()
    clean[FOR_KEEPING] = versions
    clean[LOOKS] = wish.looks
    return clean


def install(app: Flask) -> None:
    """Stand before this program; call it when all its routes are there."""
    with app.app_context():
        front = Front(app, Reader(db.engine, pooled=app.extensions["settings"].database_pooled))
    front.know_routes()
    app.wsgi_app = front  # type: ignore[assignment, method-assign]
    app.extensions["front"] = front
