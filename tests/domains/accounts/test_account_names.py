"""Names that look alike, usernames, and addresses that are the same."""

from __future__ import annotations

import pytest

from app.domains.accounts import queries, services
from app.domains.accounts.emails import read_email
from app.domains.accounts.errors import NameTaken, UnfitEmail
from app.domains.accounts.models import Account
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address

pytestmark = pytest.mark.usefixtures("app")


def register(name: str, email: str = "new@example.com") -> Account | None:
    with unit_of_work():
        return services.register(name=name, email=email, password_hash="x")


@pytest.mark.parametrize(
    "name",
    [
        "Marta Lind",
        "marta lind",
        "MARTA LIND",
        "Marta\u200bLind",
        "\u202eMarta Lind",
        "M\u0430rt\u0430 Lind",
        "\uff2d\uff41\uff52\uff54\uff41 \uff2c\uff49\uff4e\uff44",
        "Márta Lind",
        "Marta L1nd",
        "MartaLind",
        "\U0001d40c\U0001d41a\U0001d42b\U0001d42d\U0001d41a Lind",
        "coach-marta",
        "Coach Marta",
        "Marta Lind (author)",
        "Dr. M\u0430rta L1nd",
        "Marta, moderator",
        "Autorin Marta",
        "MartaLindTeam",
        "\u202eMarta\u0301 \u2013 the admin",
    ],
)
def test_u01_a_name_that_looks_like_the_authors_is_seen(name: str) -> None:
    make_account("author", name="Marta Lind", username="coach-marta")
    assert queries.name_looks_like_staff(name)
    with pytest.raises(NameTaken):
        register(name)


@pytest.mark.parametrize(
    "name", ["Admin", "m0derator", "\u0455taff", "Administrator", "Autorin", "Equipo", "المشرف"]
)
def test_u01_nobody_is_called_like_a_role(name: str) -> None:
    assert queries.name_looks_like_staff(name)


def test_u01_other_names_are_free() -> None:
    make_account("author", name="Marta Lind", username="coach-marta")
    for name in ("Marta", "Martin Lind", "Marta Lindqvist", "Tomasz", "Team Otter", "Smarta Lindt"):
        assert not queries.name_looks_like_staff(name)


def test_u01_a_name_stays_its_owners_when_their_account_is_disabled() -> None:
    make_account("moderator", name="Tomasz Wieczorek", disabled=True)
    assert queries.name_looks_like_staff("Tomasz Wieczorek")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Steﬀi", "steffi"),
        ("Strauß", "STRAUSS"),
        ("ILKER", "ilker"),
        ("Νίκος", "νίκος"),
        ("Zoë", "ZOË"),
    ],
)
def test_u05_names_are_the_same_after_nfkc_and_case_folding(first: str, second: str) -> None:
    register(first, "one@example.com")
    assert queries.name_is_taken(second)
    with pytest.raises(NameTaken):
        register(second, "two@example.com")


def test_u05_a_username_is_found_in_any_case_and_width() -> None:
    account = make_account(name="Strauß", username="strauss")
    for login in (
        "strauss",
        "STRAUSS",
        "strauß",
        " Strauss ",
        "\uff53\uff54\uff52\uff41\uff55\uff53\uff53",
    ):
        found = queries.find_account(login)
        assert found is not None
        assert found.id == account.id


def test_usernames_of_people_with_like_names_are_numbered() -> None:
    make_account(name="Hanne V", username="hanne")
    make_account(name="Hanne W", username="hanne-2")
    account = register("Hanne")
    assert account is not None
    assert account.username == "hanne-3"


def test_a_name_of_signs_alone_gets_a_username_all_the_same() -> None:
    account = register("★ ★")
    assert account is not None
    assert account.username == "reader"


def test_a_name_whose_skeleton_is_very_long_is_kept_and_known_again() -> None:
    name = "\ufdfa" * 60
    assert register(name) is not None
    assert queries.name_is_taken(name)


@pytest.mark.parametrize("email", ["ANNA@EXAMPLE.COM", "Anna@example.com", " anna@example.com "])
def test_u06_an_address_is_the_same_in_any_ascii_case(email: str) -> None:
    known = make_address("anna@example.com")
    with unit_of_work():
        assert services.claim_address(email).id == known.id


@pytest.mark.parametrize(
    "email",
    ["m\u0131ke@example.com", "mike+1@example.com", "mi.ke@example.com", "mi\u212ae@example.com"],
)
def test_u06_no_other_letter_dot_or_tag_ever_becomes_somebodys_address(email: str) -> None:
    make_account(email="mike@example.com")
    assert queries.find_account(email) is None
    assert queries.find_account("MIKE@example.com") is not None


def test_an_address_of_staff_is_told_from_that_of_readers() -> None:
    make_account("moderator", email="desk@example.com")
    make_account("reader", email="reader@example.com")
    assert queries.passes_for_staff("Somebody Else", "Desk@Example.com")
    assert not queries.passes_for_staff("Somebody Else", "reader@example.com")
    assert not queries.passes_for_staff("Somebody Else", "nobody@example.com")


@pytest.mark.parametrize(
    "login", ["a\x00b", "a\x00b@example.com", "\ud800@example.com", "\udfff", "", "@", "x" * 9000]
)
def test_p11_what_no_database_takes_is_nobodys_name(login: str) -> None:
    assert queries.find_account(login) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.com",
        "a@b,c@example.com",
        "a@example.com\r\nBcc: b@example.com",
        '"quoted"@example.com',
        "Anna <anna@example.com>",
        "anna@localhost",
        "x" * 250 + "@example.com",
    ],
)
def test_what_mail_cannot_reach_is_no_address(text: str) -> None:
    with pytest.raises(UnfitEmail):
        read_email(text)


def test_u06_a_letter_that_turns_into_another_makes_no_address() -> None:
    for text in ("mi\u212ae@example.com", "a\u037eb@example.com"):
        with pytest.raises(UnfitEmail):
            read_email(text)
    assert read_email("zo\u0065\u0308@example.com") == "zo\u00eb@example.com"


def test_u06_the_domain_of_an_address_is_kept_in_lower_case() -> None:
    assert read_email(" Anna@BÜCHER.Example.COM ") == "Anna@bücher.example.com"
