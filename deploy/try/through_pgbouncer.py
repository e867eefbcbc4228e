"""Try the site through a real PgBouncer in transaction mode, with so few connections to the
database that every transaction gets another one than the last.

    .venv/bin/python deploy/try/through_pgbouncer.py [path of pgbouncer]

Needs pgbouncer. Says what holds, and ends at the first that does not.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
import threading

import psycopg
from sqlalchemy.engine import make_url
from stage import Browser, Stage, check, free_port, stage

CONNECTIONS = 3
GUEST = {"name": "Anna Try", "kind": ""}


def put_between(here: Stage, program: str) -> None:
    """PgBouncer between the site and its database; migrations and checks go past it."""
    folder = here.folder / "pgbouncer"
    folder.mkdir()
    url = make_url(here.database_url)
    host = url.query.get("host", url.host)
    port = free_port()
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
site = host={host} port={url.port or 5432} dbname={url.database} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {CONNECTIONS}
server_reset_query_always = 0
pidfile = {folder}/pid
logfile = {folder}/bouncer.log
"""
    )
    for path in (here.folder, folder, *folder.iterdir()):
        path.chmod(0o777)
    # Who owns the database's socket; PgBouncer refuses to be root's as well.
    owner = ["-u", "pgserver"] if os.geteuid() == 0 else []
    here.start("pgbouncer", [program, *owner, str(folder / "pgbouncer.ini")])
    here.environ |= {
        "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{port}/site",
        "DATABASE_POOLED": "1",
        "RATE_LIMITS": "0",
    }


def rows(here: Stage, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(here.database_url) as connection:
        return connection.execute(statement).fetchall()


def reading(here: Stage) -> str:
    stranger = Browser(here.url)
    home = stranger.get("/")
    found = re.search(r'href="(/articles/[a-z0-9-]+)"', home.text)
    article = found[1] if found else ""
    codes = {
        stranger.get(path).status_code
        for _ in range(12)  # more often than a statement needs to be prepared by itself
        for path in ("/", article, "/tags/", "/search?q=hip", "/questions/", "/healthz")
    }
    check(codes == {200}, f"every page is read a dozen times ({codes})")
    return article


def _unlike_any_other(number: int) -> str:
    """Else the site would first show what answers it already."""
    chance = random.Random(number)  # noqa: S311  (words, no secret)
    words = ["".join(chance.choices("bdfgklmnprstvz", k=4)) + "a" for _ in range(12)]
    return " ".join(words).capitalize() + "?"


def writing(here: Stage, article: str) -> None:
    """Eight at once, each with two questions: more transactions than connections."""
    before = rows(here, "SELECT count(*) FROM comment")[0][0]
    codes: list[int] = []

    def write(number: int) -> None:
        guest = Browser(here.url)
        for turn in range(2):
            answer = guest.submit(
                article,
                f"{article}/ask",
                body=_unlike_any_other(10 * number + turn),
                email=f"anna{number}@example.com",
                **GUEST,
            )
            codes.append(answer.status_code)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    after = rows(here, "SELECT count(*) FROM comment")[0][0]
    check(set(codes) == {303}, f"sixteen questions by eight at once are taken ({codes})")
    check(after == int(str(before)) + 16, "and are there, each once")


def deciding(here: Stage) -> None:
    desk = Browser(here.url)
    desk.sign_in("moderator")
    page = desk.get("/moderation/")
    check(page.status_code == 200, "a moderator reads the desk")
    (number,) = rows(here, "SELECT max(id) FROM comment WHERE status = 'pending'")[0]
    version = rows(here, f"SELECT version FROM comment WHERE id = {number}")[0][0]  # noqa: S608
    answer = desk.submit(
        "/moderation/", "/moderation/decide", verb="approve", item=f"{number}:{version}"
    )
    state = rows(here, f"SELECT status FROM comment WHERE id = {number}")[0][0]  # noqa: S608
    check(state == "approved", f"and lets a question in ({answer.status_code}, {state})")
    with desk.get("/moderation/live", stream=True) as told:
        first = next(line for line in told.iter_lines() if line.startswith(b"data:"))
    check("lanes" in json.loads(first[5:]), "the desk's stream tells the counts")


def jobs(here: Stage) -> None:
    said = here.flask("worker", "--once")
    left = rows(here, "SELECT count(*) FROM job WHERE done_at IS NULL AND run_at <= now()")[0][0]
    failed = rows(here, "SELECT kind, last_error FROM job WHERE last_error <> ''")
    check(left == 0 and not failed, f"the worker does what waits ({said.strip()}; {failed})")


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else shutil.which("pgbouncer") or ""
    with stage() as here:
        here.fill()
        put_between(here, program)
        here.serve()
        article = reading(here)
        writing(here, article)
        deciding(here)
        jobs(here)
        idle = rows(
            here,
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'",
        )[0][0]
        check(idle == 0, "no connection stays in a transaction")
    print("All of it holds.")  # noqa: T201


if __name__ == "__main__":
    main()
