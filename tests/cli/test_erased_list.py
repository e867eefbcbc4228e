"""The list of those who were erased, as files and pipes bring it."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address
from app.domains.measures.models import Measure
from app.domains.privacy import erased_list, erasing, leaving, persons, restored
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import elsewhere

pytestmark = pytest.mark.usefixtures("app")


def erase_again(app: Flask, given: bytes) -> tuple[int, str]:
    """`given` is what comes by standard input."""
    invoke = app.test_cli_runner().invoke
    result = elsewhere(invoke, args=["privacy", "erase-again", "-"], input=given)
    return result.exit_code, result.output


def erased(address_id: int) -> None:
    with unit_of_work():
        number = leaving.ask(persons.of_guest(address_id)).id
    erasing.erase(number)


def test_a_broken_line_keeps_nobody_else_of_the_list_from_being_erased(app: Flask) -> None:
    """Whether it comes as a file or through a pipe, from whatever program."""
    writer = factories.make_account(name="Bo Berg")
    number, key = writer.id, leaving.key_of(writer, writer.address)
    good = json.dumps({"account": number, "address": None, "key": key, "at": "2026-03-03T03:00"})
    broken = [
        *('{"account": 1, "key"', "[" * 100_000, "[1]", "\xff\xfe"),
        good.replace(key, "é" * 40), good.replace(key, key + "0"), good.replace('"2026', '"soon'),
        good.replace(f'"account": {number}', '"account": true'),
        good.replace(f'"account": {number}', f'"account": {2**31}'),
        good.replace(f'"account": {number}', '"account": null'),
    ]  # fmt: skip
    piped = "\r\n".join([*broken, "", good, '{"account": 1']).encode("latin-1")
    code, said = erase_again(app, piped)
    assert "came back with the backup: 1." in said
    assert "Lines 1, 2, 3, 4, 5 and 6 more of the list cannot be read" in said
    assert code == 1
    db.session.expunge_all()
    assert db.session.get(Account, number) is None

    code, said = erase_again(app, f"{good}\n".encode("utf-16"))
    assert (code, "Nothing was done: this is no list" in said) == (1, True)
    code, said = erase_again(app, b"")
    assert (code, "came back with the backup: 0." in said) == (0, True)


def test_a_line_that_was_cut_short_spoils_none_but_itself() -> None:
    erased_list.path().write_bytes(b'{"account": 1, "k\xe9')
    guest = factories.make_question("A guest's?", by_proven=True).address_id
    assert guest is not None
    erased(guest)
    found = erased_list.read(erased_list.path().read_bytes().splitlines())
    assert ([one.address for one in found.entries], found.broken) == ([guest], [1])


def test_a_guest_who_came_again_under_a_ban_is_not_erased_by_an_old_line() -> None:
    """A ban keeps the number for the address, so the line fits whoever types it anew."""
    guest = factories.make_question("Rude?", by_proven=True).address
    assert guest is not None
    email, number = guest.email, guest.id
    db.session.add(Measure(kind="ban", address_id=number, reason="Rude", by_name="Ruth"))
    db.session.commit()
    erased(number)
    with unit_of_work():
        assert accounts.claim(email) == number
    lines = erased_list.path().read_bytes().splitlines()
    assert restored.erase_again(erased_list.read(lines).entries) == 0
    db.session.expire_all()
    assert db.session.get_one(Address, number).email == email
