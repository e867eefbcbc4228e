"""`backup` while others write, and `restore` somewhere else, on both databases."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.cli import backing_up
from app.cli.backing_up import LEFT_OUT
from app.domains.accounts import recovery
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.privacy import erased_list, erasing, leaving, persons, restored
from app.domains.privacy.erased_list import Entry
from app.domains.privacy.errors import NobodyToGiveTo
from app.domains.privacy.models import Erasure
from app.domains.tags.models import Tag
from app.infra import clock
from app.infra.backups import archive, postgresql
from app.infra.backups.errors import BackupFailed
from app.infra.db import db, is_postgresql
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support import postgres
from tests.support.client import elsewhere as outside
from tests.support.client import signed_in
from tests.support.settings import change_settings

Maker = Callable[..., Flask]
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def programs(app: Flask) -> str:
    """pg_dump as old as the tests' own server."""
    folder = postgres.client_programs()
    change_settings(app, postgres_programs=folder)
    return folder


@pytest.fixture
def elsewhere(
    database_kind: str, run_folder: Path, tmp_path: Path, make_app: Maker, programs: str
) -> Iterator[Callable[[], Flask]]:
    """Make a program on an empty database of the same kind."""
    made: list[str] = []

    def make() -> Flask:
        folder = tmp_path / f"elsewhere-{len(made)}"
        folder.mkdir()
        name = f"threshold_test_{uuid.uuid4().hex[:12]}"
        made.append(name)
        if database_kind == "sqlite":
            url = f"sqlite:///{folder / 'threshold.db'}"
        else:
            url = postgres.new_database(postgres.server_url(run_folder), name)
        return make_app(database_url=url, instance_folder=folder, postgres_programs=programs)

    yield make
    if database_kind == "postgresql":
        for name in made:
            postgres.drop_database(postgres.server_url(run_folder), name)


def run(app: Flask, *words: str | Path) -> tuple[int, str]:
    arguments = [str(word) for word in words]
    result = outside(app.test_cli_runner().invoke, args=arguments)  # the test's app is another
    return result.exit_code, result.output


def backed_up(app: Flask, folder: Path, *more: str) -> Path:
    code, said = run(app, "backup", "--to", folder, *more)
    assert code == 0, said
    (made,) = sorted(folder.glob("threshold-*.tar"))[-1:]
    return made


def all_rows(app: Flask) -> Rows:
    """Every row of every table, in an order of its own."""
    with app.app_context():
        return {
            table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
            for table in db.metadata.sorted_tables
        }


def fill() -> None:
    question = factories.make_question(status=Status.APPROVED)
    factories.make_answer(question)
    factories.make_question(status=Status.PENDING)
    factories.make_card(tags=[factories.make_tag("hip")])
    db.session.commit()


def test_r17_what_is_put_back_elsewhere_is_row_by_row_what_was_there(
    app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    fill()
    before = all_rows(app)
    media = app.extensions["settings"].media_folder
    media.mkdir()
    (media / "a1b2.png").write_bytes(b"a picture")

    file = backed_up(app, tmp_path / "kept")
    other = elsewhere()
    code, said = run(other, "restore", file)

    assert code == 0, said
    assert "doctor" in said
    assert "before" not in said  # nothing was there
    after = all_rows(other)
    for table in LEFT_OUT:
        before.pop(table)
        assert after.pop(table) == []
    (gap,) = (row for row in after["address"] if row[0] > restored.GAP)
    after["address"].remove(gap)  # so that no number of an address that was lost is given again
    assert after == before
    assert (other.extensions["settings"].media_folder / "a1b2.png").read_bytes() == b"a picture"


def test_r17_every_row_answered_for_before_the_start_is_in_a_backup_during_writes(
    app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    fill()
    written: list[str] = []
    stop, begun = threading.Event(), threading.Event()

    def write(writer: int) -> None:
        with app.app_context():
            for number in range(10_000):
                if stop.is_set():
                    return
                name = f"w{writer}-{number}"
                with unit_of_work():
                    db.session.add(Tag(slug=name, name=name, description="x" * 200))
                written.append(name)
                if len(written) > 40:
                    begun.set()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for one in writers:
        one.start()
    try:
        assert begun.wait(60)
        answered = set(written)
        file = backed_up(app, tmp_path / "kept")
    finally:
        stop.set()
        for one in writers:
            one.join(60)
    other = elsewhere()
    code, said = run(other, "restore", file)
    assert code == 0, said

    restored = {row[1]: row for row in all_rows(other)["tag"]}
    source = {row[1]: row for row in all_rows(app)["tag"]}
    assert answered <= set(restored)
    assert len(restored) < len(source)
    assert all(source[slug] == row for slug, row in restored.items())


def test_d10_nobody_reads_it_but_its_owner_and_no_session_or_link_is_in_it(
    app: Flask, tmp_path: Path
) -> None:
    account = factories.make_account("reader")
    email = account.address.email
    signed_in(app, account)
    with unit_of_work():
        recovery.request_reset(email)
    secrets = [
        str(value)
        for table in ("login_session", "mailed_link")
        for value in db.session.scalars(select(db.metadata.tables[table].c.fingerprint))
    ]
    assert len(secrets) == 2

    file = backed_up(app, tmp_path / "kept")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not [secret for secret in secrets if secret.encode() in file.read_bytes()]
    manifest = archive.check(file)
    assert {manifest.rows[table] for table in LEFT_OUT} == {0}


@pytest.mark.one_database
def test_d10_every_table_that_keeps_a_secret_is_left_out() -> None:
    """But for the second step: public keys, and codes on paper, which are kept as hashes like
    passwords. After a restore their owners get in by them."""
    keeping = {
        table.name
        for table in db.metadata.sorted_tables
        if table.name not in ("passkey", "recovery_code")
        and {"fingerprint", "secret", "token"} & {column.name for column in table.columns}
    }

    assert keeping <= set(LEFT_OUT) <= set(db.metadata.tables)


@pytest.mark.one_database
def test_older_ones_go_only_when_a_new_one_is_there(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    old = folder / "threshold-20200101T030000Z.tar"
    older = folder / "threshold-20200101T010000Z.tar"
    foreign = folder / "somebody-elses.tar"
    for one in (old, older, foreign):
        one.write_bytes(b"")

    with monkeypatch.context() as broken:
        broken.setattr(archive, "check", _refuse)
        code, said = run(app, "backup", "--to", folder)
        assert (code, "No backup was made. Damaged." in said) == (1, True)
        assert older.exists()
        assert len(list(folder.iterdir())) == 3
    new = backed_up(app, folder)

    assert {*folder.iterdir()} == {new, old, foreign}


def _refuse(_path: Path) -> None:
    raise BackupFailed("Damaged.")


@pytest.mark.one_database
def test_what_a_run_that_was_cut_off_has_left_goes_with_the_next(
    app: Flask, tmp_path: Path
) -> None:
    left = tmp_path / "kept" / ".threshold-unfinished-abc"
    left.mkdir(parents=True)
    (left / "backup.tar").write_bytes(b"half of it")

    file = backed_up(app, tmp_path / "kept")

    assert list(file.parent.iterdir()) == [file]


@pytest.mark.one_database
@pytest.mark.parametrize("place", [100, 0.5, 0.9])
def test_r18_a_damaged_file_is_named_and_nothing_is_touched(
    app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path, place: float
) -> None:
    fill()
    file = backed_up(app, tmp_path / "kept")
    content = bytearray(file.read_bytes())
    at = int(place if place > 1 else len(content) * place)
    content[at : at + 64] = bytes(255 - byte for byte in content[at : at + 64])
    file.write_bytes(content)
    before = all_rows(app)

    code, said = run(app, "restore", file, "--yes")

    assert code == 1
    assert "Nothing was put back." in said
    assert all_rows(app) == before


def made_by_hand(
    folder: Path, members: dict[str, bytes], told: dict[str, Any] | None = None, **changes: Any
) -> Path:
    """A backup with a good list of whatever is in it, but for what is told otherwise."""
    facts = archive.Manifest(
        made_at="2026-03-03T03:00:00+00:00", kind="sqlite", schema="0001", program="0001", rows={}
    )
    hashes = {name: archive._hash(io.BytesIO(content)) for name, content in members.items()}
    whole = asdict(replace(facts, files=hashes, **changes)) | (told or {})
    file = folder / "by-hand.tar"
    with tarfile.open(file, "w") as made:
        for name, content in {**members, "manifest.json": json.dumps(whole).encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return file


@pytest.mark.one_database
def test_r16_a_backup_of_a_newer_schema_is_refused(app: Flask, tmp_path: Path) -> None:
    file = made_by_hand(tmp_path, {"database.sqlite": b""}, schema="9999")

    code, said = run(app, "restore", file, "--yes")

    assert code == 1
    assert "It is of version 9999" in said


@pytest.mark.one_database
def test_a_backup_of_the_other_database_is_refused(app: Flask, tmp_path: Path) -> None:
    file = made_by_hand(tmp_path, {"database.dump": b""}, kind="postgresql")

    assert "of a site on postgresql" in run(app, "restore", file, "--yes")[1]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name",
    [
        *("media/../../evil.png", "/etc/evil", "media/sub/evil.png", "../evil", "media/.evil"),
        "media/ev\x1bil.png",
    ],
)
def test_i09_a_name_in_a_backup_leads_nowhere_else(
    elsewhere: Callable[[], Flask], tmp_path: Path, name: str
) -> None:
    file = made_by_hand(tmp_path, {"database.sqlite": b"", name: b"evil"})
    other = elsewhere()

    code, said = run(other, "restore", file, "--yes")

    assert code == 1
    assert "leads elsewhere" in said
    assert "\x1b" not in said
    assert not list(tmp_path.rglob("*evil*"))


HOSTILE_LISTS: dict[str, dict[str, Any]] = {
    "files that are no table": {"files": ["a"]},
    "hashes that are numbers": {"files": {"database.sqlite": 1}},
    "rows that are no table": {"rows": [1]},
    "rows that are words": {"rows": {"comment": "many"}},
    "a version that moves the terminal": {"schema": "\x1b[2J\x1b]0;evil\x07"},
    "a kind that moves the terminal": {"kind": "sqlite\r\nAll is well."},
    "a version that is a list": {"schema": ["0001"]},
    "a file whose name moves the terminal": {"files": {"\x1b[2Jevil": "0"}},
}


@pytest.mark.one_database
@pytest.mark.parametrize("told", HOSTILE_LISTS.values(), ids=HOSTILE_LISTS.keys())
def test_i13_a_list_that_somebody_made_up_is_refused_in_plain_words(
    app: Flask, tmp_path: Path, told: dict[str, Any]
) -> None:
    file = made_by_hand(tmp_path, {}, told)

    code, said = run(app, "restore", file, "--yes")

    assert code == 1
    assert said.startswith("Error: Nothing was put back. by-hand.tar ")
    assert not set(said) & set("\x1b\x07\r")
    assert len(said.splitlines()) == 1


@pytest.mark.one_database
def test_s12_a_list_that_is_nested_without_end_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "deep.tar"
    with tarfile.open(file, "w") as made:
        info = tarfile.TarInfo("manifest.json")
        info.size = 500_000
        made.addfile(info, io.BytesIO(b"[" * info.size))

    code, said = run(app, "restore", file, "--yes")

    assert code == 1
    assert "deep.tar cannot be read as a backup" in said


@pytest.mark.one_database
def test_i06_a_file_of_nothing_but_holes_fills_no_disk(app: Flask, tmp_path: Path) -> None:
    """A sparse member says that it is a terabyte long, and takes a kilobyte."""
    file = tmp_path / "holes.tar"
    info = tarfile.TarInfo("database.sqlite")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"%011o\0" % (2**33 - 1)  # the size with its holes
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    file.write_bytes(bytes(header) + bytes(1024))

    code, said = run(app, "restore", file, "--yes")

    assert code == 1
    assert "holds something that is no plain file" in said


def test_what_was_there_is_kept_and_asked_about(
    app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    fill()
    file = backed_up(app, tmp_path / "kept")
    other = elsewhere()
    with other.app_context():
        flask_migrate.upgrade()
        with unit_of_work():
            db.session.add(Tag(slug="own", name="own"))
        db.session.remove()
        db.engine.dispose()

    code, said = run(other, "restore", file)
    assert (code, "Put it aside?" in said) == (1, True)
    code, said = run(other, "restore", file, "--yes")

    assert code == 0, said
    assert "before" in said
    assert [row[1] for row in all_rows(other)["tag"]] == ["hip"]
    with other.app_context():
        if is_postgresql():
            kept = db.session.execute(
                db.text(
                    "SELECT schemaname FROM pg_tables WHERE tablename = 'tag' "
                    "AND schemaname LIKE 'before%'"
                )
            ).scalar_one()
            names = db.session.execute(db.text(f'SELECT slug FROM "{kept}".tag')).scalars()  # noqa: S608
            assert list(names) == ["own"]
        else:
            folder = other.extensions["settings"].instance_folder
            assert len(list(folder.glob("threshold-before-restore-*.db"))) == 1


def test_r17_a_site_that_still_runs_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    fill()
    file = backed_up(app, tmp_path / "kept")
    before = all_rows(app)
    url = app.extensions["settings"].sqlalchemy_url
    reading = another_connection(url)
    try:
        code, said = run(app, "restore", file, "--yes")
    finally:
        reading.close()

    assert code == 1
    assert "still runs" in said
    assert all_rows(app) == before


def another_connection(url: str) -> Any:
    """What another process would hold open."""
    if url.startswith("postgresql"):
        return psycopg.connect(url.replace("+psycopg", ""))
    from app.infra.db import SQLITE  # noqa: PLC0415  (the name is needed here alone)

    connection = SQLITE.connect(url.removeprefix("sqlite:///"))
    connection.execute("SELECT count(*) FROM tag").fetchone()
    return connection


@pytest.mark.one_database("postgresql")
def test_a_missing_or_older_pg_dump_is_named(app: Flask, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    change_settings(app, postgres_programs=str(empty))
    assert "pg_dump is not there." in run(app, "backup", "--to", tmp_path / "kept")[1]

    old = empty / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o700)
    assert "is of version 9" in run(app, "backup", "--to", tmp_path / "kept")[1]


@pytest.mark.one_database("postgresql")
def test_i07_no_argument_of_pg_dump_is_a_password() -> None:
    named = postgresql._named("postgresql://me:hunter2@db.example/site?sslmode=require")

    assert "hunter2" not in named
    assert "site" in named


@pytest.mark.one_database
def test_a_site_without_tables_has_nothing_to_copy(
    elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    code, said = run(elsewhere(), "backup", "--to", tmp_path / "kept")

    assert code == 1
    assert "No backup was made." in said
    assert backing_up.ASIDE


def erased(person: persons.Person) -> None:
    with unit_of_work():
        number = leaving.ask(person).id
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        erasing.run(Job(kind=leaving.JOB, payload={"erasure_id": number}))


def test_r17_who_was_erased_after_a_backup_is_erased_again_before_the_site_serves(
    app: Flask, tmp_path: Path, elsewhere: Callable[[], Flask]
) -> None:
    admin, bo = factories.make_account(Role.ADMIN), factories.make_account(name="Bo Berg")
    factories.make_article(author=bo, title="Written then")
    factories.make_question("Mine?", account=bo)
    guest = factories.make_question("A guest's?", name="Guest Gunnar", by_proven=True)
    kept = factories.make_account(name="Kim Keep")
    backup = backed_up(app, tmp_path / "backups")
    db.session.execute(update(Article).values(author_id=admin.id))
    db.session.commit()
    erased(persons.of_account(bo))
    assert guest.address_id is not None
    erased(persons.of_guest(guest.address_id))
    other = elsewhere()
    copied = shutil.copy(erased_list.path(), other.extensions["settings"].instance_folder)
    with Path(copied).open("ab") as file:
        file.write(b'{"account": 1, "k\xe9')  # it lost its power

    code, said = run(other, "restore", backup, "--yes")

    assert code == 0, said
    assert "Erased again, since they were erased after it was made: 2." in said
    assert "Line 3 of" in said
    with other.app_context():
        assert set(db.session.scalars(select(Account.name))) >= {kept.name, admin.name}
        assert "Bo Berg" not in set(db.session.scalars(select(Account.name)))
        assert set(db.session.scalars(select(Comment.author_name))) == {"a reader"}
        assert [one.done_at is None for one in db.session.scalars(select(Erasure))] == [False] * 2
        assert factories.make_address().id > restored.GAP  # browsers know the lost ones by number
        db.session.remove()
    lines = run(other, "privacy", "erased-list")[1]
    (tmp_path / "list").write_text(lines)
    assert lines.count("\n") == 2
    again = run(other, "privacy", "erase-again", tmp_path / "list")[1]
    assert "came back with the backup: 0." in again


def test_articles_that_came_back_wait_for_an_admin_who_can_have_them(app: Flask) -> None:
    gone = factories.make_account(Role.ADMIN)
    article = factories.make_article(author=gone)
    line = Entry(gone.id, None, leaving.key_of(gone, gone.address), clock.now())
    with pytest.raises(NobodyToGiveTo):
        restored.erase_again([line])
    heir = factories.make_account(Role.ADMIN)

    assert restored.erase_again([line]) == 1
    db.session.expire_all()
    assert article.author_id == heir.id
