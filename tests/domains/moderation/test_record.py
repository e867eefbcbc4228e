"""Looking through the record: what is found, in which order, and at what cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.moderation.acts import record
from app.domains.moderation.acts.record import Wish
from app.domains.moderation.models import DeskSection
from app.infra import audit
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def admin() -> Account:
    return make_account(Role.ADMIN)


def write(act: str = "approve", number: int = 1, **facts: object) -> AuditEntry:
    subject = str(facts.pop("subject", "comment"))
    entry = audit.write(act, subject, number, by=facts.pop("by", None), **facts)  # type: ignore[arg-type]
    db.session.commit()
    return entry


def found(reader: Account, **wish: object) -> list[int]:
    page = record.page(Wish(**wish), reader=reader)  # type: ignore[arg-type]
    return [entry.id for entry in page.entries]


def test_the_newest_stands_first(admin: Account) -> None:
    first, second = write(), write()
    assert found(admin) == [second.id, first.id]


def test_pages_follow_each_other_without_a_gap(admin: Account) -> None:
    written = [write(number=number).id for number in range(1, 8)]
    seen: list[int] = []
    before = None
    while True:
        page = record.page(Wish(), reader=admin, before=before, size=3)
        seen += [entry.id for entry in page.entries]
        before = page.before
        if before is None:
            break
    assert seen == written[::-1]


def test_who_is_found_by_user_name_and_by_name_whatever_it_was_then(admin: Account) -> None:
    ruth = make_account(Role.MODERATOR, name="Ruth", username="ruth")
    entry = write(by=ruth)
    write(by=admin)
    ruth.name = "Ruth Okafor"
    db.session.commit()
    assert found(admin, who="ruth") == found(admin, who="Ruth Okafor") == [entry.id]


def test_what_no_account_did_is_found_by_the_name_it_bears(admin: Account) -> None:
    entry = write("withdraw", actor_name="Bo Berg")
    assert found(admin, who="Bo Berg") == [entry.id]


def test_act_thing_number_words_and_batch_narrow_it(admin: Account) -> None:
    wanted = write("reject", 7, reason="100% advertising", batch="b1")
    write("reject", 7, subject="article", reason="Something else")
    write("approve", 8, batch="b2")
    for wish in (
        {"act": "reject", "subject": "comment"},
        {"subject_id": 7},
        {"words": "100% ADVERT"},
        {"batch": "b1"},
    ):
        assert found(admin, **wish) == [wanted.id], wish


def test_signs_of_a_pattern_are_letters(admin: Account) -> None:
    write(reason="100 percent")
    assert found(admin, words="100%") == found(admin, words="_") == []


def test_days_are_whole_and_both_included(admin: Account, clock: time_machine.Traveller) -> None:
    entries = []
    for _ in range(4):
        entries.append(write().id)
        clock.shift(timedelta(days=1))
    days = {"since": date(2026, 3, 4), "until": date(2026, 3, 5)}
    assert found(admin, **days) == entries[2:0:-1]


@pytest.mark.parametrize(
    "days",
    [
        {"since": date.max},
        {"until": date.min},
        {"since": date(2026, 3, 9), "until": date(2026, 3, 1)},
    ],
)
def test_days_without_an_entry_find_nothing(admin: Account, days: dict[str, date]) -> None:
    write()
    assert found(admin, **days) == []


def test_the_widest_days_find_everything(admin: Account) -> None:
    entry = write()
    assert found(admin, since=date.min, until=date.max) == [entry.id]


def test_what_is_rare_is_looked_for_in_steps(
    admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "SPAN", 5)
    rare = write("delete")
    for number in range(12):
        write(number=number)
    wish, steps, before, seen = Wish(act="delete"), 0, None, []
    while True:
        page = record.page(wish, reader=admin, before=before)
        steps += 1
        seen += [entry.id for entry in page.entries]
        if page.before is None:
            break
        assert page.reached is not None
        before = page.before
    assert (seen, steps) == ([rare.id], 3)


def test_a_page_costs_two_queries_and_no_count(admin: Account, count_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(60):
        write(number=number)
    reader = db.session.get_one(Account, admin.id)
    assert reader.is_admin
    with count_queries() as counted:
        record.page(Wish(), reader=reader)
    assert counted.total == 2
    assert not any("count(" in statement for statement in counted.statements)


def test_who_is_limited_to_sections_reads_of_their_texts_and_their_own_acts(
    admin: Account,
) -> None:
    hips = make_tag("hips")
    moderator = make_account(Role.MODERATOR)
    db.session.add(DeskSection(account_id=moderator.id, tag_id=hips.id))
    inside = make_comment(article=make_article(tags=[hips]))
    outside = make_comment()
    theirs = write(number=inside.id, by=admin)
    write(number=outside.id, by=admin)
    own = write(number=outside.id, by=moderator)
    write(subject="setting", number=inside.id, by=admin)
    assert found(moderator) == [own.id, theirs.id]


def test_the_words_to_choose_from_come_from_the_newest_entries() -> None:
    write("reject")
    write("publish", subject="article")
    assert record.known_words() == (["publish", "reject"], ["article", "comment"])
