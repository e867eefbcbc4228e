"""How long moving in takes: a made-up WordPress export into an empty database.

    .venv/bin/python -m benchmarks.importing --comments 100000

Writes the export and a SQLite database (or uses an empty one given by --database) in a temporary
folder, imports it by the command, compares the counts with what was written, and prints seconds and
the most memory the process had. Aim: 100,000 comments in 5 minutes and 300 MB.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import flask_migrate
from sqlalchemy import func, select

from app import create_app
from app.cli import importing
from app.config import Settings
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.exporters.wordpress import write
from app.importers.wordpress import records
from app.infra.db import db
from app.infra.jobs import Job

START = datetime(2012, 1, 1, tzinfo=UTC)
WORDS = [
    *("hip", "knee", "glute", "ache", "click", "stretch", "floor", "chair", "squat", "walk"),
    *("morning", "evening", "left", "right", "slowly", "helped", "worse", "better", "since"),
    *("weeks", "months", "physio", "exercise", "hold", "breathe", "foot", "arch", "desk"),
]
STATES = {"1": Status.APPROVED, "0": Status.PENDING, "spam": Status.SPAM, "trash": Status.DELETED}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "export.xml"
        written = write_export(file, options.comments, options.articles)
        click.echo(f"{file.stat().st_size / 1e6:.0f} MB, {written.total():,} comments")
        app = create_app(
            Settings(
                mode="demo",
                secret_key="only-for-measuring-" * 3,
                database_url=options.database or f"sqlite:///{folder}/site.sqlite",
                instance_folder=folder,
            ),
            serving=False,
        )
        app.cli.add_command(importing.group, "import-measured")
        with app.app_context():
            flask_migrate.upgrade()
        started, idle = time.perf_counter(), time.process_time()
        result = app.test_cli_runner().invoke(args=["import-measured", "wordpress", str(file)])
        seconds, busy = time.perf_counter() - started, time.process_time() - idle
        if result.exit_code:
            raise SystemExit(result.output)
        with app.app_context():
            compare(written)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = written.total() / seconds
    click.echo(f"{seconds:.0f} s ({busy:.0f} s of work), {rate:,.0f} comments/s, {most:.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--database", default="", help="the URL of an empty database")
    return parser.parse_args()


def write_export(file: Path, comments: int, articles: int) -> Counter[str]:
    """An export with this many comments, a third of them under its first article; how many there
    are of each state."""
    chance = random.Random(5)  # noqa: S311 - the same file every time
    states: Counter[str] = Counter()
    with file.open("w", encoding="utf-8") as out:
        write(out, _records(chance, comments, articles, states))
    return states


def _records(
    chance: random.Random, comments: int, articles: int, states: Counter[str]
) -> Iterator[records.Record]:
    yield records.Site("Old blog", "https://old.example", "https://old.example", "1.2")
    yield records.Author("anna", "anna@old.example", "Anna", 1)
    for number in range(30):
        yield records.Term(
            "tag", f"tag-{number}", f"{WORDS[number % 7]} {WORDS[-number % 28]}", "", ""
        )
    first = comments // 3
    others = (comments - first) // max(articles - 1, 1)
    made = 0
    for article in range(1, articles + 1):
        own = first if article == 1 else others
        if article == articles:
            own = comments - made
        yield _entry(chance, article)
        yield from _thread(chance, article, range(made + 1, made + own + 1), states)
        made += own


def _phrase(number: int) -> str:
    return f"{WORDS[number % 7]} {WORDS[-number % len(WORDS)]}"


def _entry(chance: random.Random, number: int) -> records.Entry:
    return records.Entry(
        old_id=number,
        kind="post",
        status="publish",
        title=f"Article {number}",
        slug=f"article-{number}",
        link=f"https://old.example/2012/01/article-{number}/",
        guid=f"https://old.example/?p={number}",
        body_html="\n\n".join(_sentence(chance) for _ in range(20)),
        excerpt="",
        author_login="anna",
        published_at=START + timedelta(days=number),
        comments_open=True,
        is_password_protected=False,
        terms=(records.Label("tag", f"tag-{number % 30}", WORDS[number % 28]),),
        own=(),
    )


def _thread(
    chance: random.Random, article: int, ids: range, states: Counter[str]
) -> Iterator[records.Comment]:
    for old_id in ids:
        state = chance.choices(list(STATES), [90, 3, 5, 2])[0]
        states[STATES[state]] += 1
        guest = chance.randrange(20_000)
        is_reply = old_id > ids.start and chance.random() < 0.5
        by_author = is_reply and chance.random() < 0.5
        yield records.Comment(
            entry_old_id=article,
            old_id=old_id,
            parent_old_id=chance.randrange(ids.start, old_id) if is_reply else 0,
            author_name="Anna" if by_author else f"Reader {guest}",
            author_email="anna@old.example" if by_author else f"reader{guest}@mail.example",
            author_url="",
            author_ip="192.0.2.1",
            at=START + timedelta(days=article, seconds=old_id),
            body_html="\n\n".join(_sentence(chance) for _ in range(chance.randrange(1, 5))),
            approved=state,
            kind="comment",
            user_id=1 if by_author else 0,
            own=(),
        )


def _sentence(chance: random.Random) -> str:
    words = " ".join(chance.choices(WORDS, k=chance.randrange(5, 30))).capitalize()
    extra = chance.random()
    if extra < 0.1:
        return f"{words}, see <a href='https://example.org/{extra}'>here</a>."
    return (
        f"{words}?" if extra < 0.3 else f"{words} &amp; <em>so on</em>." if extra < 0.4 else words
    )


def compare(written: Counter[str]) -> None:
    """Raises SystemExit unless the database has what the file has, and no mail waits."""
    rows = db.session.execute(select(Comment.status, func.count()).group_by(Comment.status))
    found = Counter({Status(status): number for status, number in rows})
    mails = db.session.scalar(select(func.count(Job.id)))
    if found != written or mails:
        raise SystemExit(f"written {written}, found {found}, jobs {mails}")


if __name__ == "__main__":
    main()
