"""How many texts a second a served site takes: durable, screened, with several clients at once.

    python -m benchmarks.posting [--database URL] [--clients 8] [--posts 2000] [--worker]

A site of its own is made (10,000 comments), served by `flask serve` in a process, and asked over
HTTP by client processes that each send comments with a key of their own. Afterwards the rows are
counted: none may be lost and none may be double.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import click
from sqlalchemy import create_engine, func, select

from app.config import PROJECT
from app.domains.comments.models import Comment
from app.infra.db import SQLITE_PRAGMAS, sqlite_module
from app.infra.happenings import Happening
from app.infra.repeats import AnsweredRequest
from benchmarks.desk.bases import PostgresBases, SqliteBases
from benchmarks.desk.loading import Size
from benchmarks.desk.rows import COMMON
from tests.support.eventually import eventually
from tests.support.smtp import free_port

SIZE = Size(10_000, 1_000)
LETTERS = 437
"""Of a text: the mean of the comments that the targets were measured with."""
FLOOR_ROWS = 200
AS_INSTALLED = "import sys; sys.modules.update(rich=None, pygments=None); "
"""What only the tests' environment has, and what libraries of the program take along where it is
(8 MB), is hidden from a program that is measured."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Answered:
    """What one client saw: seconds of each post, and what was no redirect to a private page."""

    seconds: list[float]
    wrong: list[str]


def send(port: int, client: int, posts: int) -> Answered:
    """One client: a page for its cookie, then posts one after another on one connection."""
    chance = random.Random(client)  # noqa: S311  (the same texts at every run)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/articles/article-1/ask")
    page = line.getresponse()
    token = TOKEN.search(page.read().decode())
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    if token is None:
        raise RuntimeError("the page has no form")
    seconds, wrong = [], []
    for number in range(posts):
        fields = {
            "csrf_token": token[1],
            "body": text(chance),
            "kind": "comment",
            "name": f"Newcomer {client}-{number}",
            "email": f"newcomer{client}.{number}@example.com",
        }
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": f"{client}-{number}",
        }
        path = f"/articles/article-{chance.randrange(1, 101)}/ask"
        began = time.perf_counter()
        line.request("POST", path, urlencode(fields), headers)
        answer = line.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        if answer.status != 303:
            wrong.append(f"{answer.status} {answer.reason}")
    line.close()
    return Answered(seconds, wrong)


def text(chance: random.Random) -> str:
    """Two paragraphs that nobody wrote before."""
    words = [*chance.choices(COMMON, k=60), *(f"w{chance.randrange(10**9)}" for _ in range(12))]
    chance.shuffle(words)
    half = len(words) // 2
    return f"{' '.join(words[:half])}.\n\n{' '.join(words[half:])}."[:LETTERS]


def settings(url: str, folder: Path, port: int) -> dict[str, str]:
    """The environment of a site that is measured: no limits, no mail, no model of meaning."""
    return {
        **os.environ,
        "THRESHOLD_MODE": "demo",
        "DATABASE_URL": url,
        "INSTANCE_FOLDER": str(folder),
        "PORT": str(port),
        "RATE_LIMITS": "0",
        "MATCHING_MODEL": "none",
    }


@contextmanager
def served(url: str, folder: Path, *, worker: bool) -> Iterator[tuple[int, int]]:
    """The site in a process of its own, as operators start it; its port and process."""
    port = free_port()
    environment = settings(url, folder, port)
    how = "import app.cli.serving as s; s.start_worker_thread = lambda app: lambda: None; "
    start = "from flask.cli import main; sys.argv = ['flask', '--app', 'wsgi', 'serve']; main()"
    program = [sys.executable, "-c", f"{AS_INSTALLED}{'' if worker else how}{start}"]
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603  (our own program)
            program, env=environment, cwd=PROJECT, stdout=log, stderr=log
        )
        try:
            eventually(lambda: answers(port), 60)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def used(pid: int) -> float:
    """CPU seconds of a process and its ended children so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def used_by_postgres(folder: Path) -> float:
    """CPU seconds of the PostgreSQL of our own in this folder; 0 where the server is another's."""
    known = folder / "pg" / "postmaster.pid"
    if not known.exists():
        return 0.0
    first = int(known.read_text().splitlines()[0])
    total = used(first)
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
                total += used(int(place.name)) if int(parent) == first else 0.0
            except OSError:  # it ended meanwhile, and its time is among the first one's
                continue
    return total


def counted(url: str) -> dict[str, int]:
    """What stands in the database after the posts."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    newcomers = Comment.author_name.like("Newcomer %-%")
    with engine.connect() as connection:
        found = {
            "texts": select(func.count()).where(newcomers),
            "different texts": select(func.count(Comment.text_key.distinct())).where(newcomers),
            "keys": select(func.count()).select_from(AnsweredRequest),
            "events that wait": select(func.count()).select_from(Happening),
        }
        told = {name: connection.scalar(asked) or 0 for name, asked in found.items()}
    engine.dispose()
    return told


def floor(folder: Path) -> float:
    """Rows a second that SQLite takes here with a durable commit each: what the disk allows."""
    line = sqlite_module.connect(str(folder / "floor.db"), isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        line.execute("PRAGMA " + pragma)
    line.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, source TEXT)")
    began = time.perf_counter()
    for _ in range(FLOOR_ROWS):
        line.execute("INSERT INTO row (source) VALUES (?)", ("x" * LETTERS,))
    lasted = time.perf_counter() - began
    line.close()
    return FLOOR_ROWS / lasted


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] * 1000


@click.command()
@click.option("--database", default="", help="SQLite when empty; `postgresql` or a server's URL.")
@click.option("--clients", default=8)
@click.option("--posts", default=2_000, help="Of all clients together.")
@click.option("--worker/--no-worker", default=False, help="Handle what follows meanwhile.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the made databases here.")
def main(database: str, clients: int, posts: int, *, worker: bool, folder: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="posting-") as made:
        place = (folder or Path(made)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        is_sqlite = not database
        server = "" if database in ("", "postgresql") else database
        bases = SqliteBases(place) if is_sqlite else PostgresBases(place, server)
        url = bases.copy_of(SIZE)
        with served(url, place, worker=worker) as (port, pid):
            send(port, 1_000, 20)  # what is made once is made
            each = posts // clients
            with multiprocessing.get_context("spawn").Pool(clients) as pool:
                pool.starmap(send, [(port, 2_000 + number, 1) for number in range(clients)])
                asked = [(port, number, each) for number in range(clients)]
                floors = [round(floor(place))]
                before, postgres = used(pid), used_by_postgres(place)
                began = time.perf_counter()
                found = pool.starmap(send, asked, chunksize=1)
                lasted, cpu = time.perf_counter() - began, used(pid) - before
                postgres = used_by_postgres(place) - postgres
                floors.append(round(floor(place)))
        told = counted(url)
        seconds = [one for client in found for one in client.seconds]
        wrong = [one for client in found for one in client.wrong]
        sent, wanted = len(seconds), len(seconds) + 20 + clients
        click.echo(
            json.dumps(
                {
                    "database": "SQLite" if is_sqlite else "PostgreSQL",
                    "clients": clients,
                    "posts": sent,
                    "posts a second": round(sent / lasted, 1),
                    "p50 ms": round(statistics.median(seconds) * 1000, 1),
                    "p99 ms": round(percentile(seconds, 0.99), 1),
                    "CPU ms a post": round((cpu + postgres) / sent * 1000, 2),
                    "floor, commits a second": floors,
                    "errors": len(wrong),
                    "lost": wanted - told["texts"] - len(wrong),
                    "double": told["texts"] - told["different texts"],
                    **told,
                },
                indent=1,
            )
        )
        if wrong or told["texts"] != wanted or told["texts"] != told["different texts"]:
            raise click.ClickException(f"{wrong[:3]} {told}")


if __name__ == "__main__":
    main()
