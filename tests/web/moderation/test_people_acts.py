"""The steps of the ladder as a moderator takes them in the browser, and what the person sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.comments import private_links
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures.models import Measure
from app.domains.moderation.people import ladder
from app.domains.moderation.queue import sections
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment, make_tag
from tests.support.client import Browser

As = Callable[..., Browser]


def step(browser: Browser, address: Address, kind: str = "ban", **fields: str):  # type: ignore[no-untyped-def]
    given = {"kind": kind, "about": "address", "reason": "Advertises.", **fields}
    return browser.submit(f"/moderation/people/address/{address.id}/measures", **given)


def measures() -> list[Measure]:
    return list(db.session.scalars(select(Measure).order_by(Measure.id)))


def status_of(comment: Comment) -> str:
    return db.session.get_one(Comment, comment.id, populate_existing=True).status


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR, name="Ruth Okafor"))


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("warn", "Warning"), ("hold", "on everything by"), ("suspend", "Suspension"), ("ban", "Ban")],
)
def test_every_step_is_on_the_page_afterwards_with_who_and_why(
    desk: Browser, kind: str, shown: str
) -> None:
    address = make_address()
    answer = step(desk, address, kind, until="2999-01-01")
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    for words in (shown, "Advertises.", "Ruth Okafor"):
        assert words in page


def test_a_note_is_kept_among_colleagues(desk: Browser) -> None:
    address = make_address()
    path = f"/moderation/people/address/{address.id}"
    assert desk.submit(f"{path}/note", **{"note-reason": "Means well."}).status_code == 303
    assert "Means well." in desk.get(path).text
    empty = desk.submit(f"{path}/note", **{"note-reason": " "})
    assert (empty.status_code, "Write the note first." in empty.text) == (422, True)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"reason": ""}, "Say why"),
        ({"kind": "suspend"}, "A suspension needs a day"),
        ({"kind": "suspend", "until": "2001-01-01"}, "That day is past"),
        ({"kind": "suspend", "until": "soon"}, "Not a valid date"),
        ({"kind": "promote"}, "Not a valid choice"),
        ({"about": "network 203.0.113.0/24"}, "Not a valid choice"),
        ({"about": "pattern", "pattern": ""}, "something here that can be seen"),
        ({"about": "pattern", "pattern": "*@*"}, "nearly everybody"),
        ({"about": "pattern", "pattern": "no pattern"}, "A pattern is an address"),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_what_to_do(
    desk: Browser, fields: dict[str, str], problem: str
) -> None:
    answer = step(desk, make_address(), **fields)
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert measures() == []


def test_a_network_is_chosen_from_those_of_their_texts(desk: Browser) -> None:
    address = make_address()
    make_comment(address=address, network="203.0.113.0/24")
    assert step(desk, address, about="network 203.0.113.0/24").status_code == 303
    assert [one.network for one in measures()] == ["203.0.113.0/24"]


def test_the_network_that_the_moderator_sits_in_is_spared(desk: Browser) -> None:
    address = make_address()
    make_comment(address=address, network="127.0.0.0/24")
    answer = step(desk, address, about="network 127.0.0.0/24")
    assert (answer.status_code, "You are in that network yourself" in answer.text) == (422, True)
    assert measures() == []


def test_p05_staff_have_no_ladder(desk: Browser) -> None:
    colleague = make_account(Role.AUTHOR)
    path = f"/moderation/people/account/{colleague.id}"
    assert "Take a step" not in desk.get(path).text
    answer = desk.submit(f"{path}/measures", kind="ban", about="account", reason="Why.")
    assert (answer.status_code, "somebody who works here" in answer.text) == (422, True)


def test_a_ban_rejects_what_waits_and_lifting_puts_it_back(desk: Browser) -> None:
    address, article = make_address(), make_article()
    texts = [
        make_comment(address=address, article=article, status=Status.PENDING) for _ in range(3)
    ]
    answer = step(desk, address, reject="y")
    assert "3 waiting texts rejected" in desk.get(answer.location).text
    assert {status_of(one) for one in texts} == {Status.REJECTED}
    (measure,) = measures()
    lifted = desk.submit(f"/moderation/measures/{measure.id}/lift", put_back="yes")
    assert "3 texts wait again" in desk.get(lifted.location).text
    assert {status_of(one) for one in texts} == {Status.PENDING}


def test_a_ban_of_a_flood_leads_to_the_page_that_shows_how_far_it_is(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder, "AT_ONCE", 1)
    address, article = make_address(), make_article()
    for _ in range(2):
        make_comment(address=address, article=article, status=Status.PENDING)
    answer = step(desk, address, reject="y")
    assert answer.location.startswith("/moderation/batches/")
    assert "Banned." in desk.get(answer.location).text


def test_what_was_lifted_is_not_lifted_again(desk: Browser) -> None:
    step(desk, make_address())
    (measure,) = measures()
    path = f"/moderation/measures/{measure.id}/lift"
    assert desk.submit(path).status_code == 303
    assert desk.submit(path).status_code == 409
    assert desk.submit("/moderation/measures/99/lift").status_code == 404


def test_a_measure_about_a_pattern_is_lifted_from_the_list(desk: Browser) -> None:
    step(desk, make_address(), about="pattern", pattern="*@shop.example")
    (measure,) = measures()
    answer = desk.submit(f"/moderation/measures/{measure.id}/lift")
    assert answer.location == "/moderation/people"


def test_p05_a_moderator_of_some_sections_warns_and_bans_nobody(as_: As) -> None:
    moderator, hip, address = make_account(Role.MODERATOR), make_tag("hip"), make_address()
    sections.limit(moderator, [hip.id], by=make_account(Role.ADMIN))
    make_comment(address=address, article=make_article(tags=[hip]))
    browser = as_(moderator)
    assert step(browser, address, "ban").status_code == 422
    assert step(browser, address, "warn").status_code == 303
    assert [one.kind for one in measures()] == ["warn"]


def test_p05_a_moderator_lifts_nothing_about_people_outside_their_sections(as_: As) -> None:
    moderator = make_account(Role.MODERATOR)
    sections.limit(moderator, [make_tag().id], by=make_account(Role.ADMIN))
    step(as_(make_account(Role.MODERATOR)), make_address(), "warn")
    (measure,) = measures()
    assert as_(moderator).submit(f"/moderation/measures/{measure.id}/lift").status_code == 404


def test_somebody_shut_out_reads_until_when_and_why_and_keeps_their_text(
    desk: Browser, client: Browser
) -> None:
    address, article = make_address("bo@example.com"), make_article()
    step(desk, address, "suspend", until="2999-01-01", reason="Take a rest.")
    answer = client.submit(
        f"/articles/{article.slug}/ask",
        body="Why does my hip click at night?",
        name="Bo Berg",
        email="Bo@Example.com",
        kind="question",
    )
    assert answer.status_code == 403
    for words in ("until 1 January 2999, 00:00 UTC", "Take a rest.", "Why does my hip click"):
        assert words in answer.text
    assert db.session.scalars(select(Comment)).all() == []


def warned(desk: Browser, account: Account) -> None:
    path = f"/moderation/people/account/{account.id}/measures"
    desk.submit(path, kind="warn", about="account", reason="Please be kind.")


def test_somebody_warned_reads_it_on_their_account_page(desk: Browser, as_: As) -> None:
    person = make_account()
    warned(desk, person)
    assert "Please be kind." in as_(person).get("/account/").text
    assert "Please be kind." not in as_(make_account()).get("/account/").text


def test_a_guest_reads_it_on_the_private_page_of_their_text(desk: Browser, client: Browser) -> None:
    address = make_address()
    text, foreign = make_comment(address=address), make_comment()
    step(desk, address, "suspend", until="2999-01-01", reason="Take a rest.")
    pages = [
        client.get(f"/asked/{one.id}/{private_links.key_of(one)}").text for one in (text, foreign)
    ]
    assert "You cannot write here until 1 January 2999, 00:00 UTC" in pages[0]
    assert "Take a rest." in pages[0]
    assert "Take a rest." not in pages[1]


def test_v14_notes_and_holds_are_not_shown_to_the_person(desk: Browser, as_: As) -> None:
    person = make_account()
    path = f"/moderation/people/account/{person.id}"
    desk.submit(f"{path}/note", **{"note-reason": "A canary note."})
    desk.submit(f"{path}/measures", kind="hold", about="account", reason="A canary hold.")
    assert len(measures()) == 2
    assert "canary" not in as_(person).get("/account/").text
