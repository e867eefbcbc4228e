"""Copies of everything of somebody's: asked for, made by a job, kept for two days.

In it is what a person wrote, did and chose, and what they were told. What moderators note among
each other and how a text was judged is not, nor anything by which somebody could get in.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import ColumnElement, delete, or_, select

from app.domains.accounts.models import Account, Address
from app.domains.articles.models import Article
from app.domains.privacy import labels, persons, readable, rows
from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.errors import CopyGone, CopyWaits
from app.domains.privacy.making import PIECE, Making, store
from app.domains.privacy.matters import MATTERS
from app.domains.privacy.models import DataCopy, DataCopyPiece
from app.domains.privacy.persons import Person
from app.infra import clock, jobs, language, locks, running, tokens
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.language import Manner, _, sentence
from app.infra.unit_of_work import unit_of_work

JOB = "privacy.copy"
TABLES = (DataCopy.__tablename__, DataCopyPiece.__tablename__)
KEPT = timedelta(hours=48)
DATA, PAGE = "your-data.json", "your-data.html"
WORDS = sentence(
    "This is everything that the site keeps about you and that is yours, as it stood when the copy "
    "was made. The same stands in your-data.json for programs. Notes among moderators, how a text "
    "was judged, and keys by which somebody could get in are not in it."
)


def ask(person: Person) -> DataCopy:
    """Have a copy made, in the place of an earlier one, with its page in the language that is
    spoken now. Raises CopyWaits while one is made."""
    locks.take([f"{JOB} {person.account_id} {person.address_id}"])
    known = find(person)
    if known is not None and known.made_at is None:
        raise CopyWaits
    db.session.execute(delete(DataCopy).where(_of(person)))
    address_id = person.address_id if person.is_guest else None
    copy = DataCopy(account_id=person.account_id, address_id=address_id, parts=len(rows.copied()))
    db.session.add(copy)
    db.session.flush()
    spoken = language.current().language.tag
    jobs.enqueue(JOB, {"copy_id": copy.id, "language": spoken}, unique_key=f"{JOB}:{copy.id}")
    return copy


def find(person: Person) -> DataCopy | None:
    """The copy that a person asked for, made or not, unless its time is over."""
    return db.session.scalar(select(DataCopy).where(_of(person), _is_alive()).limit(1))


def ready(person: Person) -> DataCopy:
    """The copy that can be taken. Raises CopyGone."""
    found = find(person)
    if found is None or found.made_at is None:
        raise CopyGone
    return found


def ends_at(copy: DataCopy) -> datetime | None:
    return None if copy.made_at is None else copy.made_at + KEPT


def key_of(copy: DataCopy) -> str:
    """For the link that is mailed to a guest, who has no password to be asked for."""
    return tokens.private_key("copy", copy.id, copy.asked_at.isoformat())


def opens(copy: DataCopy, key: str) -> bool:
    return tokens.opens(key, "copy", copy.id, copy.asked_at.isoformat())


def piece(copy_id: int, number: int, made_at: datetime | None) -> bytes | None:
    """A piece of the file that was made then, counted from 0; None after the last. SQLite gives a
    number again, so another copy may stand under it by now. Nothing is held open afterwards."""
    mine = DataCopyPiece.copy_id == copy_id, DataCopyPiece.number == number
    same = select(DataCopy.id).where(DataCopy.id == copy_id, DataCopy.made_at == made_at).exists()
    found = db.session.scalar(select(DataCopyPiece.content).where(*mine, same))
    db.session.rollback()
    return found


def run(job: Job) -> None:
    """The job: make the copy. Begun anew where a worker died over it."""
    copy = db.session.get(DataCopy, job.payload["copy_id"])
    if copy is None or copy.made_at is not None:
        return
    making, account = Making(copy.id, copy.asked_at), _account_of(copy)
    person = persons.of_copy(copy, account)
    with TemporaryFile() as file, language.speaking(_manner(job)):
        title = _("Your data on %(site)s", site=running.settings().site_name)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            _write(packed, person, title, making)
        store(file, making)


def _manner(job: Job) -> Manner:
    """The language of whoever asked; the site's for what was asked before that was kept."""
    usual = language.of_site()
    tag = job.payload.get("language")
    return usual if tag is None else replace(usual, language=language.of_tag(tag))


def forget_old(limit: int) -> int:
    """Take away copies whose time is over, or that were never made; how many."""
    with unit_of_work():
        old = db.session.scalars(select(DataCopy.id).where(~_is_alive()).limit(limit)).all()
        db.session.execute(delete(DataCopy).where(DataCopy.id.in_(old)))
    return len(old)


def _of(person: Person) -> ColumnElement[bool]:
    if person.is_guest:
        return DataCopy.address_id == person.address_id
    return DataCopy.account_id == person.account_id


def _is_alive() -> ColumnElement[bool]:
    oldest = clock.now() - KEPT
    waits = DataCopy.made_at.is_(None) & (DataCopy.asked_at > oldest)
    return or_(DataCopy.made_at > oldest, waits)


def _account_of(copy: DataCopy) -> Account | None:
    return db.session.get(Account, copy.account_id) if copy.account_id is not None else None


def _write(packed: zipfile.ZipFile, person: Person, title: str, making: Making) -> None:
    """Both files in one reading, the page beside the archive until the data is in it."""
    with TemporaryFile("w+", encoding="utf-8", newline="") as page:
        page.write(readable.head(title, str(WORDS)))
        with packed.open(DATA, "w", force_zip64=True) as data:
            data.write(json.dumps({"made_at": clock.now().isoformat()})[:-1].encode())
            for done, name in enumerate(rows.copied(), start=1):
                _write_table(data, page, person, name)
                with unit_of_work():
                    making.change(written=done)
            data.write(b"}\n")
        page.write(readable.END)
        page.seek(0)
        with packed.open(PAGE, "w", force_zip64=True) as target:
            while some := page.read(PIECE):
                target.write(some.encode())


def _write_table(data: IO[bytes], page: IO[str], person: Person, name: str) -> None:
    data.write(f',\n"{name}": ['.encode())
    first = True
    for row in _told(rows.of(person, name)):
        if first:
            page.write(readable.section(labels.table(name), str(_what(name))))
        text = json.dumps(row, ensure_ascii=False, default=_plain)
        data.write(("" if first else ",").encode() + b"\n" + text.encode())
        page.write(readable.row(row))
        first = False
    data.write(b"]")


def _what(name: str) -> str:
    """What the table keeps, as the public page says it."""
    return MATTERS[DECLARED[name].matter].what


def _told(found: Iterator[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows with the title of the article they stand under, since a number tells nobody."""
    titles: dict[int, str | None] = {}
    for row in found:
        number = row.get("article_id")
        if number is None:
            yield dict(row)
            continue
        if number not in titles:
            titles[number] = db.session.scalar(select(Article.title).where(Article.id == number))
        yield {"article": titles[number], **row}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def recipient(copy: DataCopy) -> Address | None:
    """Where its owner is told: an address that they have proven."""
    account = _account_of(copy)
    if account is not None:
        return account.address if account.is_proven else None
    return db.session.get(Address, copy.address_id) if copy.address_id is not None else None
