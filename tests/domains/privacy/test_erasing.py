"""Somebody is erased: nothing of theirs is left, but for what the site decided to keep without a
name, and a ban."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.domains.accounts import mail_stops, mailed_links, services
from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role, Stop
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Status
from app.domains.measures import queries as measures
from app.domains.measures.models import Measure
from app.domains.privacy import choices, erased_list, erasing, leaving, persons, texts
from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.errors import ErasureBegun, ErasureWaits, HasArticles, IsOfTheTeam
from app.domains.privacy.models import Erasure
from app.domains.privacy.persons import Person
from app.domains.screening.outside import ASK
from app.engines.said import says
from app.engines.spam.checks import namesake
from app.engines.spam.facts import Facts
from app.engines.spam.plan import Limits
from app.engines.spam.verdict import Reason
from app.infra import audit, jobs
from app.infra import clock as now
from app.infra.db import db, is_postgresql
from app.infra.jobs import Job, Postponed
from app.infra.unit_of_work import unit_of_work
from app.notifications import last_word
from app.notifications.states import Mail
from app.search import rebuild
from tests.domains.privacy.canaries import everything, fill
from tests.factories import make_account, make_address, make_article, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app")
A_DAY = timedelta(hours=24, seconds=1)
WORDS = {"source", "html", "title", "text_key", "language", "counted_source"}


def erased(person: Person) -> Erasure:
    """Asked for, done by the worker when the day is over, and told."""
    with unit_of_work():
        number = leaving.ask(person).id
    with time_machine.travel(now.now() + A_DAY, tick=False):
        erasing.run(Job(kind=leaving.JOB, payload={"erasure_id": number}))
        last_mail = select(Job).where(Job.kind == Mail.ERASED, Job.done_at.is_(None))
        for job in db.session.scalars(last_mail).all():
            last_word.send(job)
    db.session.expire_all()
    return db.session.get_one(Erasure, number)


def on_disk() -> str:
    """What stands in the files of the database, in the parts that no table uses any more too.
    PostgreSQL sees to that by itself, some time later."""
    if is_postgresql():
        return ""
    file = Path(str(db.engine.url.database))
    return "".join(one.read_text("latin-1") for one in file.parent.glob(f"{file.name}*"))


def decide(*, texts_go: bool) -> None:
    with unit_of_work():
        choices.change(choices.Choices(texts_go=texts_go), by=make_account(Role.ADMIN))


def stays(place: str, *, texts_go: bool) -> bool:
    table, column, by = place.split(".")
    if table in ("comment", "spam_lesson"):
        return column in WORDS and not texts_go
    return table == "article" or column in DECLARED[table].stays.get(by, "").split()


@pytest.mark.parametrize("texts_go", [False, True])
def test_v16_nothing_personal_of_them_is_left_in_any_table(texts_go: bool) -> None:
    """A new table fails here until it says what becomes of its rows (`privacy.declared`)."""
    filled, other = fill("QX"), fill("ZY")
    author = make_account(Role.AUTHOR)
    db.session.execute(update(Article).values(author_id=author.id))
    db.session.commit()
    decide(texts_go=texts_go)
    number, address_id = filled.account.id, filled.address.id
    done = erased(persons.of_account(filled.account))
    assert done.done_at is not None
    rows = everything()
    left = rows + on_disk()
    still = {place for mark, place in filled.marks.items() if mark in left}
    assert {place for place in still if not stays(place, texts_go=texts_go)} == set()
    assert db.session.get(Account, number) is None
    untouched = {place for mark, place in other.marks.items() if mark not in rows}
    assert untouched == set()
    banned = db.session.scalars(select(Measure).where(Measure.address_id == address_id)).all()
    assert {one.kind for one in banned} == {"ban"}


def test_a_text_stays_without_a_name_or_goes_and_leaves_a_gap() -> None:
    for texts_go in (False, True):
        decide_again(texts_go=texts_go)
        writer = make_account()
        question = make_question("Does it click?", account=writer)
        reply = make_comment("Mine does too.", parent=question)
        waiting = make_question("Not let in yet?", account=writer, status=Status.PENDING)
        erased(persons.of_account(writer))
        expected = (Status.DELETED, "") if texts_go else (Status.APPROVED, "Does it click?")
        assert (question.status, question.source) == expected
        assert (question.author_name, question.account_id) == ("a reader", None)
        assert (reply.status, reply.source) == (Status.APPROVED, "Mine does too.")
        assert (waiting.status, waiting.source) == (Status.DELETED, "")


def decide_again(*, texts_go: bool) -> None:
    seen = choices.current().version
    with unit_of_work():
        wanted = choices.Choices(texts_go=texts_go, version=seen)
        choices.change(wanted, by=make_account(Role.ADMIN))


def test_being_erased_is_no_way_round_a_ban(app: Flask) -> None:
    writer = make_account(email="Rude@Example.com")
    db.session.add(Measure(kind="ban", account_id=writer.id, reason="Rude", by_name="Ruth"))
    db.session.add(Measure(kind="note", account_id=writer.id, reason="Hm", by_name="Ruth"))
    db.session.commit()
    erased(persons.of_account(writer))
    assert "rude" not in everything().casefold()
    with unit_of_work():
        again = services.claim("rude@example.com")
        other = services.claim("kind@example.com")
    for number, banned in ((again, True), (other, False)):
        email = db.session.get_one(Address, number).email
        standing = measures.standing(account_id=None, address_id=number, email=email, machine=None)
        assert (standing.shut_out is not None) == banned


def test_a_guest_is_erased_and_what_only_bears_their_address_stays_its_writers() -> None:
    guest = make_question("Mine?", by_proven=True)
    address = guest.address
    assert address is not None
    typed = make_question("Somebody else's?", address=address, name="Carl")
    erased(persons.of_guest(address.id))
    assert (guest.author_name, guest.address_id) == ("a reader", None)
    assert (typed.author_name, typed.source, typed.address_id) == ("Carl", "Somebody else's?", None)
    assert (address.email, address.is_proven) == ("erased", False)


def test_the_number_of_an_address_that_was_erased_is_nobody_elses() -> None:
    """A browser remembers by it whose link was opened there."""
    guest = make_question("Mine?", by_proven=True).address
    assert guest is not None
    email, number = guest.email, guest.id
    erased(persons.of_guest(number))
    with unit_of_work():
        assert services.claim(email) != number
        assert services.claim("next@example.com") != number


@pytest.mark.parametrize("proves", [True, False])
def test_a_guest_who_signs_up_within_the_day_has_it_erased_there(proves: bool) -> None:
    """But nobody else stops it by signing up with their address."""
    question = make_question("Mine?", by_proven=True)
    address = question.address
    assert address is not None
    with unit_of_work():
        number = leaving.ask(persons.of_guest(address.id)).id
    with unit_of_work():
        account = services.add_reader("Carla", address)
        if proves:
            services.confirm_account(account)
    with time_machine.travel(now.now() + A_DAY, tick=False):
        erasing.run(Job(kind=leaving.JOB, payload={"erasure_id": number}))
    db.session.expire_all()
    done = db.session.get_one(Erasure, number)
    assert (done.taken_back_at is not None, done.done_at is not None) == (proves, not proves)
    assert (question.author_name == "a reader") == (not proves)
    assert db.session.get(Account, account.id) is not None


def test_who_got_articles_within_the_day_is_not_erased_by_half() -> None:
    writer = make_account()
    question = make_question("Mine?", account=writer)
    with unit_of_work():
        number = leaving.ask(persons.of_account(writer)).id
    db.session.execute(update(Article).values(author_id=writer.id))
    db.session.commit()
    with time_machine.travel(now.now() + A_DAY, tick=False), pytest.raises(Postponed):
        erasing.run(Job(kind=leaving.JOB, payload={"erasure_id": number}))
    assert question.author_name != "a reader"


def test_who_stole_an_account_cannot_have_it_erased_before_its_owner_takes_it_back() -> None:
    account = make_account()
    with unit_of_work():
        mailed_links.make(mailed_links.OLD_ADDRESS, account, account.address)
        due_at = leaving.ask(persons.of_account(account)).due_at
    assert due_at > now.now() + timedelta(days=6)


def test_an_account_that_proved_nothing_takes_nothing_of_the_addresss_owner() -> None:
    stranger = make_account(proven=False)
    owner = stranger.address
    owner.proven_at = now.now()
    question = make_question("The owner's?", address=owner, by_proven=True)
    erased(persons.of_account(stranger))
    assert question.address_id == owner.id
    assert question.author_name != "a reader"


def test_it_can_be_taken_back_until_it_is_begun_and_not_afterwards() -> None:
    writer = make_account()
    person = persons.of_account(writer)
    with unit_of_work():
        asked = leaving.ask(person)
    job = Job(kind=leaving.JOB, payload={"erasure_id": asked.id})
    with pytest.raises(ErasureWaits), unit_of_work():
        leaving.ask(person)
    with pytest.raises(Postponed):
        erasing.run(job)
    with unit_of_work():
        leaving.take_back(leaving.opened(asked.id, leaving.secret_of(asked)))
    with time_machine.travel(now.now() + A_DAY, tick=False):
        erasing.run(job)
    db.session.expire_all()
    assert db.session.get_one(Account, writer.id).leaving_at is None
    done = erased(person)
    with pytest.raises(ErasureBegun):
        leaving.opened(done.id, leaving.secret_of(done))
    with pytest.raises(ErasureBegun), unit_of_work():
        leaving.take_back(done)


def test_who_works_here_and_who_wrote_articles_gives_that_up_first() -> None:
    admin, former = make_account(Role.ADMIN), make_account()
    make_article(author=former)
    for account, refusal in ((admin, IsOfTheTeam), (former, HasArticles)):
        with pytest.raises(refusal), unit_of_work():
            leaving.ask(persons.of_account(account))
        assert db.session.get_one(Account, account.id).leaving_at is None


def test_a_worker_that_dies_in_the_middle_leaves_it_to_be_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(texts, "PIECE", 2)
    writer = make_account()
    article = make_article()
    for number in range(5):
        make_comment(f"Number {number}", account=writer, article=article)
    with unit_of_work():
        asked = leaving.ask(persons.of_account(writer))
    job = Job(kind=leaving.JOB, payload={"erasure_id": asked.id})
    with time_machine.travel(now.now() + A_DAY, tick=False):
        with monkeypatch.context() as broken:
            broken.setattr(erasing, "_the_rest", _die)
            with pytest.raises(KeyboardInterrupt):
                erasing.run(job)
        assert db.session.get_one(Erasure, asked.id).done_at is None
        erasing.run(job)
        erasing.run(job)
    db.session.expire_all()
    names = set(db.session.scalars(select(Comment.author_name)))
    assert names == {"a reader"}
    (line,) = erased_list.path().read_text().splitlines()
    assert json.loads(line)["account"] == asked.account_id
    assert erased_list.path().stat().st_mode & 0o777 == 0o600
    assert list(erased_list.all_of_them()) == [line]


def _die(*_what: Any) -> None:
    raise KeyboardInterrupt


def test_an_account_that_proved_nothing_calls_off_no_mail_but_its_own() -> None:
    """It has no address to go by, and most mails name none either."""
    stranger, reader = make_account(proven=False), make_account()
    question = make_question("Whose?")
    with unit_of_work():
        db.session.add(MeToo(comment_id=question.id, account_id=stranger.id))
        jobs.enqueue("mail.approved", {"comment_id": question.id})
        jobs.enqueue("mail.known", {"account_id": reader.id})
        jobs.enqueue("mail.known", {"account_id": stranger.id})
        jobs.enqueue("mail.prove", {"address_id": stranger.address_id})
    erased(persons.of_account(stranger))
    waiting = db.session.scalars(select(Job.payload).where(Job.kind.like("mail.%"))).all()
    assert {"comment_id": question.id} in waiting
    assert {"account_id": reader.id} in waiting
    assert {"account_id": stranger.id} not in waiting
    assert db.session.scalars(select(MeToo)).all() == []


def test_two_workers_who_finish_an_erasure_say_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one outlasts the five minutes for which a job is one worker's."""
    writer = make_account()
    make_question("Mine?", account=writer)
    with unit_of_work():
        number = leaving.ask(persons.of_account(writer)).id
    own = erasing._one

    def another_goes_ahead(step: Any, person: Person) -> bool:
        monkeypatch.setattr(erasing, "_one", own)
        erasing.erase(number)
        return own(step, person)

    monkeypatch.setattr(erasing, "_one", another_goes_ahead)
    erasing.erase(number)
    assert len(erased_list.path().read_text().splitlines()) == 1
    assert len(db.session.scalars(select(Job).where(Job.kind == Mail.ERASED)).all()) == 1


def test_v16_what_names_somebody_by_no_column_goes_too() -> None:
    """What the desk was told of a namesake, what mail servers said of an address, and work that
    was put aside."""
    writer = make_account(name="Zebedee Quill", email="zebedee@quill.example")
    question = make_question("Mine?", account=writer)
    reply = make_comment("A reply.", parent=question, name="Zebedee QuiIl")
    said = next(namesake(Facts(namesake=writer.name), Limits()))
    reasons = [Reason("namesake", 25, said).as_stored(), Reason("links", 3, says("x")).as_stored()]
    with unit_of_work():
        reply.verdict = {"score": 28, "reasons": reasons}
        told = {"by": None, "actor_name": "mail server", "reason": "550 no zebedee here"}
        audit.write("stop mail", "address", writer.address_id, **told)
        asked = {"comment_id": question.id, "address": "203.0.113.77"}
        jobs.enqueue(ASK, asked)
        facts = {"email": "Zebedee@quill.example", "next": "/"}
        jobs.enqueue(jobs.HANDLE, {"kind": "SignInLinkAsked", "facts": facts})
    erased(persons.of_account(writer))
    left = everything()
    assert [one for one in ("Zebedee Quill", "zebedee", "203.0.113.77") if one in left] == []
    assert "is erased since" in reply.verdict["reasons"][0]["sentence"]
    assert reply.verdict["reasons"][1] == reasons[1]


@pytest.mark.one_database
def test_v16_the_words_of_a_text_that_went_stand_in_no_index_of_the_file_either() -> None:
    """FTS5 keeps them beside a note that they are gone, in tables that no model names."""
    decide(texts_go=True)
    writer = make_account(name="Zebedee Quill")
    make_question("Why does my quokka click?", account=writer)
    make_question("Another wombat?")
    rebuild.reindex_all()
    assert "quokka" in on_disk()
    erased(persons.of_account(writer))
    left = on_disk().casefold()
    assert ("quokka" in left, "zebedee" in left, "wombat" in left) == (False, False, True)


def test_addresses_that_an_account_had_or_wanted_go_with_it_but_not_anothers() -> None:
    writer, other = make_account(email="now@quill.example"), make_account()
    had, old = make_address("had@quill.example"), make_address("old@quill.example")
    wanted, shared = make_address("wanted@quill.example"), make_address("shared@quill.example")
    make_question("Then?", account=writer, address=had, status=Status.PENDING)
    make_question("Mine, too?", address=shared)
    with unit_of_work():
        mail_stops.stop(had, Stop.HARD, "550 gone")
        mailed_links.make(mailed_links.OLD_ADDRESS, writer, old)
        for address in (wanted, other.address, shared):
            mailed_links.make(mailed_links.NEW_ADDRESS, writer, address)
    erasing.erase(_asked(writer))
    left = set(db.session.scalars(select(Address.email)))
    assert {one for one in left if "quill" in one} == {"shared@quill.example"}
    assert other.address.email in left


def _asked(account: Account) -> int:
    with unit_of_work():
        return leaving.ask(persons.of_account(account)).id


def test_what_a_guest_still_sends_while_they_are_erased_is_theirs_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = make_question("Mine?", by_proven=True).address
    assert address is not None
    sent: list[Comment] = []

    def send(_person: Person) -> bool:
        if not sent:
            sent.append(make_question("One more?", address=address, by_proven=True))
        return False

    with unit_of_work():
        number = leaving.ask(persons.of_guest(address.id)).id
    monkeypatch.setattr(erasing, "_some_acts", send)
    erasing.erase(number)
    assert set(db.session.scalars(select(Comment.author_name))) == {"a reader"}


def test_who_is_erased_stands_in_the_list_though_the_first_try_could_not_write_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guest = make_question("Mine?", by_proven=True).address
    assert guest is not None
    with unit_of_work():
        number = leaving.ask(persons.of_guest(guest.id)).id
    with monkeypatch.context() as full:
        full.setattr(erased_list, "path", lambda: Path("/nowhere/erased.jsonl"))
        with pytest.raises(OSError, match="nowhere"):
            erasing.erase(number)
    erasing.erase(number)
    assert json.loads(erased_list.path().read_text())["address"] == guest.id
