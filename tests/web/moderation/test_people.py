"""The page of a person and the list of people: what is shown, to whom, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.measures import services
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation.queue import sections
from app.infra import clock
from tests.factories import make_account, make_address, make_article, make_comment, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[..., Browser]
EMAIL = "canary.bird@example.com"


def page_of(account: Account | None = None, address: Address | None = None) -> str:
    if account is not None:
        return f"/moderation/people/account/{account.id}"
    assert address is not None
    return f"/moderation/people/address/{address.id}"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("path", ["/moderation/people", "/moderation/people/address/{id}"])
def test_p01_guests_and_readers_see_no_people(app: Flask, as_: As, path: str) -> None:
    address = path.format(id=make_address(EMAIL).id)
    assert app.test_client().get(address).status_code == 302
    refused = as_(make_account(Role.READER)).get(address)
    assert (refused.status_code, EMAIL in refused.text) == (403, False)


def test_a_person_has_a_page_with_what_they_wrote_and_under_which_names(as_: As) -> None:
    address = make_address(EMAIL, proven=True)
    article = make_article()
    make_comment("A first text.", address=address, article=article, name="Bo")
    make_comment("Buy shoes.", address=address, article=article, name="Bob", status=Status.SPAM)
    page = as_(make_account(Role.MODERATOR)).get(page_of(address=address)).text
    for words in ("A first text.", "Buy shoes.", "Bo", "Bob", "confirmed", "50 %"):
        assert words in page


def test_moderators_see_what_an_account_was_called_before(as_: As) -> None:
    account = make_account(name="Anna Berg")
    as_(account).submit("/account/", name="Clara Berg", bio="")
    desk = as_(make_account(Role.MODERATOR))
    page = desk.get(page_of(account)).text
    assert "<bdi>Anna Berg</bdi> became <bdi>Clara Berg</bdi>" in page
    assert "Change the name: account" in desk.get("/moderation/log").text
    assert "became" not in desk.get(page_of(make_account())).text


@pytest.mark.parametrize(
    ("state", "shown"),
    [("waiting", "Text pending"), ("spam", "Text spam"), ("gone", "Text deleted")],
)
def test_texts_are_listed_by_state(as_: As, state: str, shown: str) -> None:
    address, article = make_address(), make_article()
    for status in (Status.PENDING, Status.SPAM, Status.DELETED):
        make_comment(f"Text {status}.", address=address, article=article, status=status)
    page = as_(make_account(Role.MODERATOR)).get(f"{page_of(address=address)}?state={state}").text
    found = [one for one in ("Text pending", "Text spam", "Text deleted") if one in page]
    assert found == [shown]


def test_an_account_and_its_proven_address_have_one_page(as_: As) -> None:
    account = make_account()
    browser = as_(make_account(Role.MODERATOR))
    answer = browser.get(page_of(address=account.address))
    assert (answer.status_code, answer.location) == (302, page_of(account))
    claimant = make_account(proven=False)
    assert browser.get(page_of(address=claimant.address)).status_code == 200


@pytest.mark.parametrize(
    "path", ["account/99", "address/99", "address/9999999999", "robot/1", "account/x"]
)
def test_nobody_has_no_page(as_: As, path: str) -> None:
    answer = as_(make_account(Role.MODERATOR)).get(f"/moderation/people/{path}")
    assert answer.status_code == 404


def test_a_view_that_is_none_is_not_there(as_: As) -> None:
    address = page_of(address=make_address())
    assert as_(make_account(Role.MODERATOR)).get(f"{address}?state=everything").status_code == 404


@pytest.mark.parametrize("after", ["x", "1_", "9" * 30, "0_0", "99999999999999999_1"])
def test_a_place_that_is_none_begins_at_the_beginning_or_ends(as_: As, after: str) -> None:
    address = make_address()
    make_comment(address=address)
    page = as_(make_account(Role.MODERATOR)).get(f"{page_of(address=address)}?after={after}")
    assert page.status_code == 200


def test_a_person_without_anything_has_sentences_instead_of_gaps(as_: As) -> None:
    page = as_(make_account(Role.MODERATOR)).get(page_of(address=make_address())).text
    for words in ("nothing here yet", "No reader has reported", "They have reported nothing"):
        assert words in page


def test_v14_moderators_read_an_address_on_the_persons_page_alone(as_: As) -> None:
    address = make_address(EMAIL)
    comment = make_comment(address=address, name="Bo Berg", status=Status.PENDING)
    services.take(
        MeasureKind.HOLD, About(address=address), reason="Why.", by=make_account(Role.MODERATOR)
    )
    browser = as_(make_account(Role.MODERATOR))
    assert EMAIL in browser.get(page_of(address=address)).text
    for path in (
        "/moderation/",
        f"/moderation/{comment.id}",
        "/moderation/log",
        "/moderation/people",
        "/moderation/people?q=canary",
        "/moderation/people?q=bo",
    ):
        page = browser.get(path, follow_redirects=True)
        assert (path, page.status_code, EMAIL in page.text) == (path, 200, False)
    assert "c•••@example.com" in browser.get("/moderation/people").text


def test_admins_read_addresses_everywhere_at_the_desk(as_: As) -> None:
    comment = make_comment(address=make_address(EMAIL), status=Status.PENDING)
    browser = as_(make_account(Role.ADMIN))
    assert EMAIL in browser.get(f"/moderation/{comment.id}").text


def test_what_is_in_force_is_a_label_beside_the_text(as_: As) -> None:
    address, moderator = make_address(), make_account(Role.MODERATOR)
    comment = make_comment(address=address, status=Status.PENDING)
    for kind in (MeasureKind.HOLD, MeasureKind.NOTE):
        services.take(kind, About(address=address), reason="Why.", by=moderator)
    page = as_(moderator).get(f"/moderation/{comment.id}").text
    for words in ("everything held", "1 note", page_of(address=address)):
        assert words in page


def test_v14_addresses_notes_and_networks_are_on_no_public_page(as_: As, app: Flask) -> None:
    address = make_address(EMAIL, proven=True)
    comment = make_comment(address=address, network="203.0.113.0/24")
    services.take(
        MeasureKind.NOTE,
        About(address=address),
        reason="A canary note.",
        by=make_account(Role.MODERATOR),
    )
    for browser in (app.test_client(), as_(make_account(Role.READER))):
        for path in ("/", f"/articles/{comment.article.slug}", f"/comments/{comment.id}"):
            page = browser.get(path, follow_redirects=True).text
            for secret in (EMAIL, "canary note", "203.0.113"):
                assert secret not in page


def test_p05_a_moderator_of_some_sections_sees_only_their_people(as_: As) -> None:
    moderator, hip = make_account(Role.MODERATOR), make_tag("hip")
    sections.limit(moderator, [hip.id], by=make_account(Role.ADMIN))
    address = make_address(EMAIL)
    make_comment("An outside text.", address=address, name="Bo")
    browser = as_(moderator)
    assert browser.get(page_of(address=address)).status_code == 404
    assert "c•••" not in browser.get("/moderation/people?q=canary").text
    make_comment("An inside text.", address=address, article=make_article(tags=[hip]))
    page = browser.get(page_of(address=address)).text
    assert ("An inside text." in page, "An outside text." in page) == (True, False)


def test_people_are_found_by_name(as_: As) -> None:
    comment = make_comment(name="Zoë van Aalst")
    page = as_(make_account(Role.MODERATOR)).get("/moderation/people?q=zoë van").text
    assert page_of(address=comment.address) in page


def test_what_is_in_force_and_what_is_past_are_two_lists(as_: As) -> None:
    moderator = make_account(Role.MODERATOR)
    for reason, lifted in (("Still stands.", False), ("Long over.", True)):
        about = About(pattern=f"*@{'old' if lifted else 'new'}.example")
        measure = services.take(MeasureKind.BAN, about, reason=reason, by=moderator)
        if lifted:
            services.lift(measure, moderator)
    browser = as_(moderator)
    now, past = browser.get("/moderation/people"), browser.get("/moderation/people?show=past")
    assert ("Still stands." in now.text, "Long over." in now.text) == (True, False)
    assert ("Still stands." in past.text, "Long over." in past.text) == (False, True)


def test_long_lists_of_measures_go_on_on_another_page(as_: As) -> None:
    moderator = make_account(Role.MODERATOR)
    for number in range(53):
        about = About(pattern=f"*@shop{number}.example")
        services.take(MeasureKind.BAN, about, reason=f"Reason {number}.", by=moderator)
    browser = as_(moderator)
    first = browser.get("/moderation/people").text
    assert ("Reason 52." in first, "Reason 2." in first, "Earlier ones" in first) == (
        True,
        False,
        True,
    )
    rest = browser.get("/moderation/people?before=4").text
    assert ("Reason 2." in rest, "Reason 3." in rest, "Earlier ones" in rest) == (
        True,
        False,
        False,
    )


def test_lists_with_nothing_say_so(as_: As) -> None:
    browser = as_(make_account(Role.MODERATOR))
    assert "Nobody is warned" in browser.get("/moderation/people").text
    assert "has ended yet" in browser.get("/moderation/people?show=past").text
    assert "Nobody here has a name" in browser.get("/moderation/people?q=nobody").text


def test_a_longer_past_costs_no_more_queries(
    as_: As, count_queries: Callable[[], AbstractContextManager[Counted]]
) -> None:
    address, article, moderator = make_address(), make_article(), make_account(Role.MODERATOR)
    browser = as_(moderator)
    browser.get(page_of(address=address))  # what the program remembers is known from now on
    counts = []
    for number in range(2):
        for age in range(1 + 10 * number):
            at = clock.now() - timedelta(hours=age)
            make_comment(address=address, article=article, name=f"Name {age}", created_at=at)
            services.take(MeasureKind.NOTE, About(address=address), reason="A note.", by=moderator)
        with count_queries() as counted:
            assert browser.get(page_of(address=address)).status_code == 200
        counts.append(counted.total)
    assert counts[0] == counts[1]
