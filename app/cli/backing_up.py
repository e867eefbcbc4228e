"""`flask --app wsgi backup` and `restore`: a copy of all that readers and staff have written."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.cli.privacy import unread
from app.config import Settings
from app.domains.privacy import erased_list, restored
from app.domains.privacy.copies import TABLES as COPIES
from app.domains.privacy.erased_list import Entry
from app.domains.privacy.errors import NobodyToGiveTo
from app.infra import clock, schema
from app.infra.backups import archive, postgresql, sqlite
from app.infra.backups.archive import Manifest
from app.infra.backups.errors import BackupFailed
from app.infra.db import db, is_postgresql
from app.infra.running import settings as running_settings

logger = logging.getLogger(__name__)

LEFT_OUT = (
    *("login_session", "mailed_link", "desk_link", "passkey_challenge", "sign_in_try"),
    *COPIES,
)
"""Tables that stay empty in a copy: who is signed in, which mailed links are open, and copies that
people asked for (D10)."""
ASIDE = "before-restore-%Y%m%dT%H%M%SZ"


@click.command("backup")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep-daily", type=click.IntRange(min=1), help="Backups to keep, one a day.")
@click.option("--keep-weekly", type=click.IntRange(min=0), help="And one a week.")
@with_appcontext
def backup_command(folder: Path | None, keep_daily: int | None, keep_weekly: int | None) -> None:
    """Copy the database and the pictures into one file while the site runs.

    The file is read again and checked before older ones go. It holds no session and no mailed link;
    it does hold people's addresses and the hashes of their passwords, so keep it as you keep those.
    """
    settings = running_settings()
    folder = folder or settings.backup_folder
    try:
        path, manifest = _make(settings, folder)
        gone = archive.thin_out(
            folder,
            daily=keep_daily or settings.backup_keep_daily,
            weekly=settings.backup_keep_weekly if keep_weekly is None else keep_weekly,
        )
    except OSError as wrong:
        raise click.ClickException(f"No backup was made: {wrong.strerror}.") from wrong
    except BackupFailed as wrong:
        raise click.ClickException(f"No backup was made. {wrong}") from wrong
    mebibytes = path.stat().st_size / 2**20
    click.echo(f"{path} holds {sum(manifest.rows.values()):,} rows and {mebibytes:,.1f} MiB.")
    click.echo("It was read again and is whole.")
    for old in gone:
        click.echo(f"Removed {old.name}, which is not kept any longer.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask before what is there is replaced.")
@with_appcontext
def restore_command(file: Path, *, yes: bool) -> None:
    """Make a backup the site's database and pictures, and erase again who was erased since it was
    made. Stop the site first.

    What is there now is not thrown away: it stays under another name beside what takes its place.
    """
    settings = running_settings()
    try:
        manifest = archive.check(file)
        _refuse_unfit(manifest)
        click.echo(f"{file.name} of {manifest.made_at} is whole.")
        if not yes and _is_filled():
            click.confirm("There is a database already. Put it aside?", abort=True)
        erased = _erased_so_far()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
        kept = _put_back(file, manifest, settings)
    except OSError as wrong:
        raise click.ClickException(f"Nothing was put back: {wrong.strerror}.") from wrong
    except BackupFailed as wrong:
        raise click.ClickException(f"Nothing was put back. {wrong}") from wrong
    flask_migrate.upgrade()
    restored.skip_numbers()
    try:
        gone = restored.erase_again(erased)
    except NobodyToGiveTo as refusal:
        raise click.ClickException(f"The backup was put back. {refusal.public}") from refusal
    click.echo(f"The site has {sum(manifest.rows.values()):,} rows of {manifest.made_at}.")
    if gone:
        click.echo(f"Erased again, since they were erased after it was made: {gone}.")
    for one in kept:
        click.echo(f"What was there before is kept as {one}; remove it when all is well.")
    click.echo("Next: flask --app wsgi doctor, then start the site. Everybody signs in again.")


def _erased_so_far() -> Sequence[Entry]:
    """The list of those who were erased: of the database that is put aside, as far as it can be
    read, and of the file beside it. What cannot be read of them is told and keeps nobody from
    putting a backup back."""
    beside = erased_list.path()
    lines = beside.read_bytes().splitlines() if beside.exists() else []
    found = erased_list.read(lines)
    if found.broken:
        told = f"{unread(found.broken)} of {beside} cannot be read; whoever stands there alone"
        click.echo(f"{told} is not erased again.", err=True)
    try:
        return erased_list.read([*lines, *map(str.encode, erased_list.all_of_them())]).entries
    except SQLAlchemyError as wrong:
        logger.warning("who was erased is read from %s alone: %s", beside.name, wrong)
        return found.entries
    finally:
        db.session.rollback()


def _make(settings: Settings, folder: Path) -> tuple[Path, Manifest]:
    with archive.workplace(folder) as place:
        if is_postgresql():
            database = place / postgresql.NAME
            click.echo("Copying the database ...")
            rows, version = postgresql.copy(
                settings.sqlalchemy_url, database, LEFT_OUT, settings.postgres_programs
            )
        else:
            database = place / sqlite.NAME
            rows = _copy_with_progress(_sqlite_file(settings), database)
            version = sqlite.version_of(database)
        if version is None:
            raise BackupFailed("The database has no tables yet.")
        manifest = Manifest(
            made_at=clock.now().replace(microsecond=0).isoformat(),
            kind="postgresql" if is_postgresql() else "sqlite",
            schema=version,
            program=schema.wanted(),
            rows=rows,
        )
        click.echo("Writing and checking the file ...")
        return archive.write(place, folder, manifest, database, settings.media_folder), manifest


def _copy_with_progress(source: Path, target: Path) -> dict[str, int]:
    with click.progressbar(length=1, label="Copying the database") as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return sqlite.copy(source, target, LEFT_OUT, progress)


def _refuse_unfit(manifest: Manifest) -> None:
    kind = "postgresql" if is_postgresql() else "sqlite"
    if manifest.kind != kind:
        raise BackupFailed(
            f"It is of a site on {manifest.kind}, and DATABASE_URL names a database of {kind}."
        )
    if manifest.schema not in schema.known():
        raise BackupFailed(
            f"It is of version {manifest.schema}, and this program knows {schema.wanted()} at "
            "most. Restore it with the program that made it, or a newer one."
        )


def _is_filled() -> bool:
    try:
        return schema.found() is not None
    except SQLAlchemyError:
        return True  # a damaged one is one


def _put_back(file: Path, manifest: Manifest, settings: Settings) -> list[str]:
    """Put both back; the names under which what was there is kept."""
    aside = f"{clock.now():{ASIDE}}"
    beside = settings.instance_folder if is_postgresql() else _sqlite_file(settings).parent
    with archive.workplace(beside) as place:
        database, media = archive.unpack(file, manifest, place)
        if is_postgresql():
            old = postgresql.put_back(
                database, settings.sqlalchemy_url, manifest.rows, aside,
                settings.postgres_programs,
            )  # fmt: skip
            kept = [f"the schema {old}"] if old else []
        else:
            put = sqlite.put_back(database, _sqlite_file(settings), manifest.rows, aside)
            kept = [str(put)] if put else []
        pictures = settings.media_folder
        if pictures.is_dir() and any(pictures.iterdir()):
            old_pictures = pictures.with_name(f"{pictures.name}-{aside}")
            pictures.rename(old_pictures)
            kept.append(str(old_pictures))
        elif pictures.is_dir():
            pictures.rmdir()
        shutil.move(media, pictures)
    return kept


def _sqlite_file(settings: Settings) -> Path:
    found = make_url(settings.sqlalchemy_url).database
    if not found or found == ":memory:":
        raise BackupFailed("The database stands in memory alone.")
    return Path(found)
