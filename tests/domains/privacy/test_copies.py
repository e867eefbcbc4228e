"""A copy of everything of somebody's: all that is theirs, and nothing of anybody else's."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from itertools import count, takewhile
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.domains.accounts import mailed_links
from app.domains.privacy import (
    copies,
    erasing,
    labels,
    leaving,
    persons,
    readable,
    retention,
    rows,
)
from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.errors import CopyGone, CopyWaits
from app.domains.privacy.models import DataCopy, DataCopyPiece
from app.domains.privacy.persons import Person
from app.infra import clock as now
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.unit_of_work import unit_of_work
from tests.domains.privacy.canaries import fill
from tests.factories import make_account, make_address, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app")
NAUGHTY = (
    "</dd><script>alert(1)</script><img src=//evil.example onerror=x> \u202e\u200b\ufeff"
    "Ω≈ç√∫ 田中さん 👩‍👩‍👧 ﷽ \\u0000 &amp; {{7*7}} \"'\t\r\n\n end"
)


def content(copy: DataCopy) -> bytes:
    numbered = (copies.piece(copy.id, number, copy.made_at) for number in count())
    return b"".join(takewhile(lambda piece: piece is not None, numbered))  # type: ignore[arg-type]


def made(person: Person, tag: str = "en") -> tuple[dict[str, Any], str]:
    """The data and the page of a new copy that was asked for in this language."""
    with unit_of_work(), speaking(Manner(LANGUAGES[tag])):
        copy = copies.ask(person)
    job = db.session.scalars(select(Job).where(Job.unique_key == f"{copies.JOB}:{copy.id}")).one()
    copies.run(Job(kind=copies.JOB, payload=job.payload))
    packed = zipfile.ZipFile(io.BytesIO(content(copies.ready(person))))
    assert packed.testzip() is None
    assert sorted(packed.namelist()) == ["your-data.html", "your-data.json"]
    return json.loads(packed.read("your-data.json")), packed.read("your-data.html").decode()


def test_v11_d10_a_copy_holds_all_that_is_a_persons_and_nothing_of_anybody_else() -> None:
    filled, stranger = fill("QX"), fill("ZY")
    data, page = made(persons.of_account(filled.account))
    text = json.dumps(data)
    missing = {filled.marks[one] for one in filled.of(given=True) if one not in text}
    assert missing == set()
    assert [one for one in filled.of(given=True) if one not in page] == []
    assert [filled.marks[one] for one in filled.of(given=False) if one in text + page] == []
    assert [stranger.marks[one] for one in stranger.marks if one in text + page] == []


def test_the_page_of_a_copy_speaks_as_its_owner_does_and_the_data_as_before() -> None:
    account = make_account(name="رنا")
    make_question("Why do hips click?", account=account)
    data, page = made(persons.of_account(account), "ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert "<h2>ما سألته وما كتبته</h2>" in page
    assert '<dd dir="auto">سؤال</dd>' in page
    assert data["comment"][0]["kind"] == "question"
    _, page = made(persons.of_account(make_account()), "de")
    assert '<html lang="de" dir="ltr">' in page
    assert "<title>Deine Daten bei" in page


def test_every_part_of_a_copy_has_a_name_for_its_reader() -> None:
    parts = {part for name in rows.copied() for part in DECLARED[name].given.split()}
    assert sorted(parts - labels.PARTS.keys()) == []
    assert sorted(set(rows.copied()) ^ labels.TABLES.keys()) == []


def test_a_copy_tells_of_every_mail_that_went_however_its_job_names_the_reader() -> None:
    account, other = make_account(), make_account()
    mine, theirs = account.address_id, other.address_id
    with unit_of_work():
        link, strange = (mailed_links.make(mailed_links.SIGN_IN, one) for one in (account, other))
        for payload, once_key, address_id in (
            ({"comment_id": 1}, f"mail.mine:{mine}:text 1", None),
            ({"comment_id": 2}, f"mail.mine:account {account.id}:text 2", None),
            ({"address_id": mine}, None, None),
            ({"account_id": account.id}, None, None),
            ({"link_id": link.id}, None, None),
            ({"comment_id": 3}, None, mine),
            ({"comment_id": 4}, f"mail.other:{theirs}:text {mine}:{mine}:", None),
            ({"comment_id": 5}, f"mail.other:{mine}1:text 5", None),
            ({"link_id": strange.id}, "mail.other:no person", theirs),
        ):
            kind = (once_key or "mail.mine").partition(":")[0]
            row = {"payload": payload, "once_key": once_key, "address_id": address_id}
            db.session.add(Job(kind=kind, **row))
        db.session.add(Job(kind="other", payload={"account_id": account.id}))
    data, _ = made(persons.of_account(account))
    assert [one["kind"] for one in data["job"]] == ["mail.mine"] * 6


def test_u04_what_was_typed_comes_back_as_it_was_and_runs_nowhere() -> None:
    account = make_account()
    make_comment(NAUGHTY, account=account)
    data, page = made(persons.of_account(account))
    assert [one["source"] for one in data["comment"]] == [NAUGHTY]
    assert "<script" not in page
    around = re.sub(r"<dd.*?</dd>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href|url)\s*[=(]|//", around)
    assert "&lt;script&gt;" in page


def test_a_guest_gets_what_is_known_to_be_theirs_and_not_what_only_bears_their_address() -> None:
    address = make_address("bo@example.com")
    make_question("Mine, sent from where I proved it?", address=address, by_proven=True)
    make_question("Sent by somebody with my address?", address=address)
    data, _ = made(persons.of_guest(address.id))
    assert [one["source"] for one in data["comment"]] == ["Mine, sent from where I proved it?"]
    assert [one["email"] for one in data["address"]] == ["bo@example.com"]


def test_an_account_that_proved_nothing_gets_nothing_that_hangs_on_its_address() -> None:
    account = make_account(proven=False)
    make_question("The true owner asked?", address=account.address, by_proven=True)
    data, _ = made(persons.of_account(account))
    assert data["comment"] == []


def test_a_copy_is_made_once_at_a_time_and_goes_after_two_days() -> None:
    person = persons.of_account(make_account())
    with unit_of_work():
        copies.ask(person)
    with pytest.raises(CopyWaits), unit_of_work():
        copies.ask(person)
    with pytest.raises(CopyGone):
        copies.ready(person)
    job = Job(kind=copies.JOB, payload={"copy_id": db.session.query(DataCopy).one().id})
    copies.run(job)
    copies.run(job)
    assert copies.ready(person).written == copies.ready(person).parts
    with time_machine.travel(now.now() + timedelta(hours=47), tick=False):
        retention.run(Job(kind=retention.JOB))
        assert copies.ready(person)
    with time_machine.travel(now.now() + timedelta(hours=49), tick=False):
        with pytest.raises(CopyGone):
            copies.ready(person)
        retention.run(Job(kind=retention.JOB))
    assert db.session.query(DataCopy).count() == db.session.query(DataCopyPiece).count() == 0


def test_a_copy_that_a_dead_worker_began_is_made_anew() -> None:
    person = persons.of_account(make_account())
    with unit_of_work():
        copy = copies.ask(person)
        db.session.add(DataCopyPiece(copy_id=copy.id, number=0, content=b"half"))
        db.session.add(DataCopyPiece(copy_id=copy.id, number=1, content=b"a file"))
    copies.run(Job(kind=copies.JOB, payload={"copy_id": copy.id}))
    file = content(copies.ready(person))
    assert (file[:2], len(file)) == (b"PK", copies.ready(person).size)


def test_v11_who_is_erased_while_their_copy_is_made_leaves_it_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next who asks for one gets its number, on SQLite."""
    leaves, next_one = make_account(), make_account()
    with unit_of_work():
        number = copies.ask(persons.of_account(leaves)).id
        erasure_id = leaving.ask(persons.of_account(leaves)).id
    own = readable.head

    def others_act(title: str, words: str) -> str:
        monkeypatch.setattr(readable, "head", own)
        db.session.rollback()
        erasing.erase(erasure_id)
        with unit_of_work():
            copies.ask(persons.of_account(next_one))
        return own(title, words)

    monkeypatch.setattr(readable, "head", others_act)
    copies.run(Job(kind=copies.JOB, payload={"copy_id": number, "language": "en"}))
    with pytest.raises(CopyGone):
        copies.ready(persons.of_account(next_one))
    assert db.session.scalars(select(DataCopyPiece.copy_id)).all() == []
