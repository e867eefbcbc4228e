"""10,000 random acts on texts by four processes, each compared with a model of what must be

Texts are posted, replied to, changed, let in, refused, called spam, deleted, restored, taken back
and voted for, through four processes of the site by four who act, and hypothesis chooses. The model
is a few lines of Python; whatever the site shows must be what it says.
"""

from __future__ import annotations

import multiprocessing
import re
from multiprocessing.pool import AsyncResult

from app.domains.comments import counting
from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults import agreement
from benchmarks.faults.acting import Acted, act
from benchmarks.faults.clients import Client
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, Site

PROCESSES = 4
ACTS, QUICK_ACTS = 10_000, 60
LOOK_SECONDS = 20.0
_NAMED = re.compile(r"(?:id=\"comment-|/comments/|/questions/)(\d+)")
_GONE = re.compile(r'<div class="gone" id="comment-(\d+)">')
"""What stands above a public reply where the text itself is gone: nothing of that is shown."""


def run(place: Place) -> Outcome:
    checks = Checks()
    actors = place.many(PROCESSES, 1)
    with place.site() as site:
        if place.is_quick:
            server = site.serve()
        else:
            server, worker = site.gunicorn(workers=PROCESSES), site.worker()
        acts = place.many(ACTS, QUICK_ACTS) // actors
        asked = [
            (site.url, str(site.folder), server.port, number, acts) for number in range(actors)
        ]
        if place.is_quick:
            acted = [act(*one) for one in asked]
        else:
            with multiprocessing.get_context("spawn").Pool(actors) as pool:
                acted = _await(pool.starmap_async(act, asked, chunksize=1), site, place)
        _look_at_lists(site, checks, Client(server.port), acted)
        server.stop()
        if not place.is_quick:
            worker.stop()
        agreement.check(site, checks)
    for one in acted:
        checks.none("all that is shown is what the model says", one.wrong)
    done = sum(one.acts for one in acted)
    checks.that("as many acts as were asked for", done >= place.many(ACTS, QUICK_ACTS), done)
    told = ", ".join(one.digest[:6] for one in acted)
    checks.figure(
        f"{done} acts by {actors}, {sum(len(one.public) + len(one.hidden) for one in acted)} texts"
    )
    checks.figure(f"what came of them (the same on both databases): {told}")
    return checks.outcome()


def _await(acting: AsyncResult[list[Acted]], site: Site, place: Place) -> list[Acted]:
    """What they did, once they are done; how far they are is told meanwhile."""
    while not acting.ready():
        acting.wait(LOOK_SECONDS)
        place.tell(f"{site.look(_texts)} texts so far")
    return acting.get()


def _texts() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Comment)) or 0


def _look_at_lists(site: Site, checks: Checks, reader: Client, acted: list[Acted]) -> None:
    """Lists that all share: counts, feeds and the pages of articles."""
    public = {number for one in acted for number in one.public}
    hidden = {number for one in acted for number in one.hidden}
    rows = site.look(lambda: db.session.execute(
        db.select(Comment.id, Comment.article_id).where(Comment.id.in_(public))
    ).all())  # fmt: skip
    wanted: dict[int, int] = {}
    for row in rows:
        wanted[row.article_id] = wanted.get(row.article_id, 0) + 1
    counted = site.look(lambda: counting.comment_counts(wanted))
    checks.same("articles count the texts that the model has", counted, wanted)
    for article in ARTICLES:
        for path in (article, f"{article}/feed.atom", "/questions/", "/sitemap.xml"):
            page = reader.get(path)
            checks.same(f"{path} is there", page.status, 200)
            gone = set(map(int, _GONE.findall(page.text)))
            checks.none("no list calls a public text gone", gone & public)
            named = set(map(int, _NAMED.findall(_GONE.sub("", page.text))))
            leaked = sorted(hidden & named)
            checks.none(
                "no list names a text that the model hides", [(path, leaked)] * bool(leaked)
            )
