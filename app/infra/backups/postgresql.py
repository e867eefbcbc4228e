"""The copy of a PostgreSQL database by its own pg_dump, and its way back by pg_restore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.infra.backups.errors import BackupFailed

NAME = "database.dump"
VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
    "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE", "service": "PGSERVICE", "options": "PGOPTIONS",
}  # fmt: skip
"""By the environment, since every person on a machine can read the arguments of a program."""
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_COPY = re.compile(rb'COPY (?:"?[\w$]+"?\.)?"?([\w$]+)"? \(.*\) FROM stdin;\n')


def copy(
    url: str, target: Path, without: Collection[str], programs: str
) -> tuple[dict[str, int], str | None]:
    """Dump the database as it stands at this moment; the rows of each table and the schema's
    version. The rows of the tables `without` are left out. The dump is read back and its rows are
    counted against those of the same moment. Raises BackupFailed."""
    try:
        return _copy(_plain(url), target, without, programs)
    except psycopg.Error as wrong:
        raise BackupFailed(f"The database did not answer: {_first_line(str(wrong))}") from wrong


def _copy(
    address: str, target: Path, without: Collection[str], programs: str
) -> tuple[dict[str, int], str | None]:
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tool = _tool("pg_dump", programs, at_least=connection.info.server_version // 10_000)
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
        wanted = count(connection)
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        left_out = [f"--exclude-table-data={table}" for table in without]
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run(
            [tool, "--format=custom", "--no-owner", "--no-acl", "--no-password", *left_out,
             f"--snapshot={moment[0] if moment else ''}", f"--file={target}"],
            address,
        )  # fmt: skip
    wanted |= dict.fromkeys(without, 0)
    found = _counted_in(target, _tool("pg_restore", programs), wanted)
    if found != wanted:
        table = next(name for name in wanted if found.get(name) != wanted[name])
        raise BackupFailed(
            f"The dump has other rows than the database: {table} has {found.get(table, 0)} "
            f"in place of {wanted[table]}."
        )
    return wanted, str(version[0]) if version else None


def put_back(
    dump: Path, url: str, rows: Mapping[str, int], aside: str, programs: str
) -> str | None:
    """Fill the database from the dump, all of it or nothing. Tables that stand there are kept in a
    schema of another name, which is returned; it takes them back where anything fails. Raises
    BackupFailed."""
    try:
        return _put_back(dump, _plain(url), rows, aside, programs)
    except psycopg.Error as wrong:
        raise BackupFailed(f"The database did not answer: {_first_line(str(wrong))}") from wrong


def _put_back(
    dump: Path, address: str, rows: Mapping[str, int], aside: str, programs: str
) -> str | None:
    with psycopg.connect(address, autocommit=True) as connection:
        server = connection.info.server_version // 10_000
        tool = _tool("pg_restore", programs, at_least=server)
        _refuse_open(connection)
        kept = aside.replace("-", "_") if count(connection) else None
        if kept:
            _put_aside(connection, kept)
    try:
        _run(
            [tool, "--no-owner", "--no-acl", "--no-password", "--single-transaction",
             "--exit-on-error", f"--dbname={_named(address)}", str(dump)],
            address,
        )  # fmt: skip
        with psycopg.connect(address) as connection:
            found = count(connection)
        if found != dict(rows):
            raise BackupFailed("What was put back has other rows than the backup's list.")
    except BackupFailed:
        if kept:
            _take_back(address, kept)
        raise
    return kept


def count(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """The rows of each table of the schema that is looked in first."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    ).fetchall()
    found = {}
    for (name,) in names:
        counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(name)))
        row = connection.execute(counting).fetchone()
        found[str(name)] = int(str(row[0])) if row else 0
    return found


def _counted_in(dump: Path, tool: str, tables: Collection[str]) -> dict[str, int]:
    """The rows in a dump, by reading all of it as pg_restore would."""
    found = dict.fromkeys(tables, 0)
    command = [tool, "--data-only", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603  (a program that the operator named, and our own arguments)
        assert process.stdout is not None  # noqa: S101  (it was asked for)
        table = None
        for line in process.stdout:
            if table is None:
                begun = _COPY.fullmatch(line)
                table = begun[1].decode() if begun else None
            elif line == b"\\.\n":
                table = None
            else:
                found[table] = found.get(table, 0) + 1
        complaint = process.stderr.read() if process.stderr else b""
    if process.returncode:
        raise BackupFailed(f"The dump cannot be read back: {_first_line(complaint)}")
    return found


def _tool(name: str, programs: str, *, at_least: int = 0) -> str:
    """The program's path. Raises BackupFailed where it is missing or older than the server."""
    found = shutil.which(name, path=programs or None)
    if found is None:
        raise BackupFailed(
            f"{name} is not there. Install PostgreSQL's client programs (on Debian "
            "postgresql-client), or name their folder in POSTGRES_PROGRAMS."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = _VERSION.search(said.stdout)
    if version is None or int(version[1]) < at_least:
        raise BackupFailed(
            f"{name} is of version {version[1] if version else 'unknown'}, and the server is of "
            f"{at_least}. Install the client programs of version {at_least} or newer."
        )
    return found


def _run(command: Sequence[str], address: str) -> None:
    known = conninfo_to_dict(address)
    told = {VARIABLES[name]: str(value) for name, value in known.items() if name in VARIABLES}
    ended = subprocess.run(  # noqa: S603  (a program that the operator named, and our own arguments)
        command, env={**os.environ, **told}, capture_output=True, check=False
    )
    if ended.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {_first_line(ended.stderr)}")


def _first_line(complaint: bytes | str) -> str:
    text = complaint if isinstance(complaint, str) else complaint.decode(errors="replace")
    lines = text.strip().splitlines()
    return lines[0] if lines else "it said nothing."


def _named(address: str) -> str:
    """The database without what only the environment may know."""
    return make_conninfo(dbname=str(conninfo_to_dict(address).get("dbname", "")))


def _plain(url: str) -> str:
    """As libpq takes it, without the name of a driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _refuse_open(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    others = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    if others and others[0]:
        raise BackupFailed("The site still runs on this database. Stop it (and its workers) first.")


def _put_aside(connection: psycopg.Connection[tuple[object, ...]], kept: str) -> None:
    row = connection.execute("SELECT current_schema()").fetchone()
    present = str(row[0]) if row else "public"
    with connection.transaction():
        connection.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                sql.Identifier(present), sql.Identifier(kept)
            )
        )
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(present)))


def _take_back(address: str, kept: str) -> None:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
        present = str(row[0]) if row else "public"
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(present)))
        connection.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                sql.Identifier(kept), sql.Identifier(present)
            )
        )
