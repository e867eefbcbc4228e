"""Who is behind a text, what they did here before, and how they are found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.moderation.models import Report
from app.domains.moderation.people import finding, histories, persons
from app.domains.moderation.people.histories import Place
from app.domains.moderation.people.persons import Person
from app.domains.moderation.queue import sections
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")


def behind_address(address_id: int) -> Person:
    person = persons.find_of_address(address_id)
    assert person is not None
    return person


def found(words: str, viewer: Account | None = None) -> list[tuple[str, int]]:
    people = finding.find_people(words, viewer=viewer or make_account(Role.ADMIN))
    return [(one.kind, one.id) for one in people]


def limited_to_hips() -> tuple[Account, object]:
    moderator, tag = make_account(Role.MODERATOR), make_tag("hip")
    sections.limit(moderator, [tag.id], by=make_account(Role.ADMIN))
    return moderator, make_article(tags=[tag])


def test_a_proven_address_leads_to_its_account() -> None:
    account = make_account()
    assert behind_address(account.address_id) == persons.find_of_account(account.id)


def test_a_claimed_address_stays_a_guest() -> None:
    account = make_account(proven=False)
    assert behind_address(account.address_id).account is None


def test_nobody_is_behind_what_is_not_there() -> None:
    assert persons.find_of_account(99) is None
    assert persons.find_of_address(99) is None


def test_the_pages_of_a_past_go_on_where_the_last_one_ended() -> None:
    address, article, now = make_address(), make_article(), clock.now()
    made = [
        make_comment(address=address, article=article, created_at=now - timedelta(hours=n // 3)).id
        for n in range(45)
    ]
    person, seen, after = behind_address(address.id), list[int](), None
    for _ in range(4):
        texts, after = histories.texts_of(person, "all", tag_ids=None, after=after)
        seen += [one.id for one in texts]
        if after is None:
            break
        after = Place.read(str(after))
    assert sorted(seen) == made
    assert len(seen) == len(made)


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1_", "_1", "-1_2", "9" * 18 + "_1", "1_" + "9" * 10]
)
def test_what_is_no_place_in_a_list_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_rates_are_of_the_last_thirty_days() -> None:
    address, article, now = make_address(), make_article(), clock.now()
    for status in (Status.APPROVED, Status.SPAM, Status.SPAM, Status.PENDING):
        make_comment(address=address, article=article, status=status)
    long_ago = now - timedelta(days=31)
    make_comment(address=address, article=article, status=Status.REJECTED, created_at=long_ago)
    record = histories.record_of(behind_address(address.id), None)
    assert record.a_day == pytest.approx(4 / 30)
    assert [record.share(one) for one in ("approved", "rejected", "spam")] == [33, 0, 67]
    assert [record.count(one) for one in ("all", "waiting", "rejected")] == [5, 1, 1]


def test_names_and_networks_come_latest_first() -> None:
    address, article, now = make_address(proven=True), make_article(), clock.now()
    for days, name in ((9, "Bo"), (5, "Bo Berg"), (2, "Bo")):
        make_comment(
            address=address,
            article=article,
            name=name,
            created_at=now - timedelta(days=days),
            network=f"203.0.{days}.0/24",
        )
    person = behind_address(address.id)
    assert [(one.words, one.count) for one in histories.names_of(person)] == [
        ("Bo", 2),
        ("Bo Berg", 1),
    ]
    assert histories.networks_of(person)[0].words == "203.0.2.0/24"


def test_reports_about_them_and_by_them_are_told_apart() -> None:
    person, other = make_account(), make_account()
    theirs, foreign = make_comment(account=person), make_comment(account=other)
    about = Report(comment_id=theirs.id, account_id=other.id, reason="spam", weight=2)
    by = Report(comment_id=foreign.id, account_id=person.id, reason="rude", weight=2)
    db.session.add_all([about, by])
    db.session.commit()
    someone = Person(person, person.address)
    assert histories.reports_about(someone, None) == [about]
    assert histories.reports_by(someone, None) == [by]


def test_a_limited_moderator_sees_people_only_by_their_texts_in_the_sections() -> None:
    moderator, article = limited_to_hips()
    address = make_address()
    outside = make_comment(address=address)
    person = behind_address(address.id)
    assert not persons.may_look_at(moderator, person)
    inside = make_comment(address=address, article=article)  # type: ignore[arg-type]
    assert persons.may_look_at(moderator, person)
    tag_ids = sections.of(moderator)
    texts, _ = histories.texts_of(person, "all", tag_ids=tag_ids, after=None)
    assert texts == [inside]
    assert histories.record_of(person, tag_ids).count("all") == 1
    assert outside not in texts


@pytest.mark.parametrize("words", ["bo", "Bo Ber", "BO BERG", "berg"])
def test_a_guest_is_found_by_the_names_they_wrote_under(words: str) -> None:
    address = make_address("x1@example.com")
    make_comment("Nothing else.", address=address, name="Bo Berg")
    make_comment("Bo Berg is kind.", name="Somebody")
    assert found(words) == [("address", address.id)]


@pytest.mark.parametrize("words", ["bo.berg@exa", "BO.BERG@example.com", "bo.b"])
def test_somebody_is_found_by_the_beginning_of_their_address(words: str) -> None:
    address = make_address("bo.berg@example.com")
    make_address("somebody@example.com")
    assert found(words) == [("address", address.id)]


def test_an_account_is_found_by_name_username_and_address_once() -> None:
    account = make_account(name="Hanne Vestergaard", username="hanne", email="hanne@example.com")
    assert found("hanne") == [("account", account.id)]
    assert found("vester") == []


@pytest.mark.parametrize("words", ["", "%", "_", "*", '"', "' | 'a", "\x00", "@", "a" * 254, "ä:*"])
def test_odd_searches_find_nobody_and_break_nothing(words: str) -> None:
    make_comment(name="Bo Berg")
    assert found(words) == []


def test_a_limited_moderator_finds_nobody_outside_the_sections() -> None:
    moderator, article = limited_to_hips()
    make_comment(name="Bo Outside", address=make_address("bo.out@example.com"))
    account = make_account(name="Bo Account")
    make_comment(account=account)
    address = make_address("bo.in@example.com")
    make_comment(name="Bo Inside", address=address, article=article)  # type: ignore[arg-type]
    assert found("bo", moderator) == [("address", address.id)]
