"""A chain of 10,000 replies, each to the one before, moved in and read, fed, deleted and moved out

The pages around it must stay small and quick, and what is moved out must be what was moved in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.exporters.wordpress import write
from app.importers.wordpress import records
from app.infra.db import db
from benchmarks.faults.clients import Client
from benchmarks.faults.measuring import cpu_seconds
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import MODERATORS, Site
from tests.factories import PASSWORD

BEGAN = datetime(2015, 3, 1, tzinfo=UTC)
LARGEST_PAGE = 200_000
SLOWEST_PAGE, SLOWEST_DELETION = 0.5, 2.0
IMPORT_SECONDS = 900.0
PATH = "/articles/deep"


def run(place: Place) -> Outcome:
    checks = Checks()
    depth = place.many(10_000, 2_000)
    with place.site() as site:
        _chain(site.folder / "deep.xml", depth)
        _command(site, checks, "import", "wordpress", str(site.folder / "deep.xml"))
        before = site.look(_shape)
        checks.same("all of it is in", len(before), depth)
        server = site.serve()
        _read(server, checks, site.look(_ids))
        _command(site, checks, "export", "wordpress", str(site.folder / "out.xml"))
        with place.site() as other:
            _command(other, checks, "import", "wordpress", str(site.folder / "out.xml"))
            checks.that("what is moved out is what was moved in", other.look(_shape) == before)
        _delete_root(site, server, checks)
        server.stop()
    checks.figure(f"{depth:,} deep")
    return checks.outcome()


def _command(site: Site, checks: Checks, *words: str) -> None:
    done = site.run(*words, name=words[0])
    code = done.wait(IMPORT_SECONDS)
    said = done.said()
    checks.that(f"{words[0]} ends well", code == 0, said[-300:])
    checks.that("nothing recurses too deeply", "RecursionError" not in said)


def _read(server: Server, checks: Checks, ids: list[int]) -> None:
    middle, last = ids[len(ids) // 2], ids[-1]
    slowest, largest = 0.0, 0
    Client(server.port, timeout=60).get("/")  # what a first page of a process costs is not meant
    for path in (
        PATH, f"{PATH}?page=2", f"{PATH}/feed.atom", "/feed.atom", f"/comments/{middle}",
        f"/comments/{last}", f"/comments/{last}/reply", f"/questions/{ids[0]}",
    ):  # fmt: skip
        reader = Client(server.port, timeout=60)
        before = cpu_seconds(server.pid)
        answer = reader.get(path)
        if answer.status in (301, 302, 303, 308):
            answer = reader.get(answer.location.partition("#")[0])
        checks.that(f"{path} is no fault", answer.status < 500, answer.status)
        slowest = max(slowest, cpu_seconds(server.pid) - before)
        largest = max(largest, len(answer.text.encode()))
    checks.that("each page is at most 200 KB", largest <= LARGEST_PAGE, largest)
    is_quick = slowest <= SLOWEST_PAGE
    checks.that("and costs the server at most half a second", is_quick, f"{slowest:.2f} s")
    checks.figure(f"pages at most {largest // 1000} KB and {slowest:.2f} s")


def _delete_root(site: Site, server: Server, checks: Checks) -> None:
    moderator = Client(server.port, timeout=60)
    moderator.sign_in(MODERATORS[0], PASSWORD)
    root = site.look(_ids)[0]
    version = site.look(lambda: db.session.get_one(Comment, root).version)
    began = time.perf_counter()
    answer = moderator.post("/moderation/decide", {"item": f"{root}:{version}", "verb": "delete"})
    lasted = time.perf_counter() - began
    checks.that("the first one can be deleted", answer.is_acked, answer.status)
    checks.that("within 2 s", lasted <= SLOWEST_DELETION, f"{lasted:.1f} s")
    page = Client(server.port, timeout=60).get(PATH)
    checks.same("and the page is shown still", page.status, 200)
    checks.figure(f"deleted in {lasted:.2f} s")


def _ids() -> list[int]:
    return list(db.session.scalars(select(Comment.id).order_by(Comment.id)))


def _shape() -> list[tuple[str, int]]:
    """Each text with how many stand between it and the one it replies to."""
    rows = db.session.execute(
        select(Comment.id, Comment.parent_id, Comment.source).order_by(Comment.id)
    ).all()
    place = {row.id: number for number, row in enumerate(rows)}
    return [
        (row.source, place[row.id] - place[row.parent_id] if row.parent_id else 0) for row in rows
    ]


def _chain(file: Path, depth: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        write(out, _records(depth))


def _records(depth: int) -> Iterator[records.Record]:
    yield records.Site("Old blog", "https://old.example", "https://old.example", "1.2")
    yield records.Author("anna", "anna@old.example", "Anna", 1)
    yield records.Entry(
        old_id=1, kind="post", status="publish", title="Deep", slug="deep",
        link="https://old.example/deep/", guid="https://old.example/?p=1",
        body_html="How deep it goes.", excerpt="", author_login="anna", published_at=BEGAN,
        comments_open=True, is_password_protected=False, terms=(), own=(),
    )  # fmt: skip
    for number in range(1, depth + 1):
        yield records.Comment(
            entry_old_id=1, old_id=number, parent_old_id=number - 1,
            author_name=f"Reader {number}", author_email=f"reader{number}@mail.example",
            author_url="", author_ip="192.0.2.1", at=BEGAN + timedelta(seconds=number),
            body_html=f"Reply number {number} of the chain.", approved="1", kind="comment",
            user_id=0, own=(),
        )  # fmt: skip
