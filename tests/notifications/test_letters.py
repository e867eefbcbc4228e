"""The words of the mails: three files each, a missing fact is an error, and no shouting."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import UndefinedError

from app.config import PROJECT
from app.infra import letters
from app.notifications.states import Mail
from app.wiring import JOBS

pytestmark = pytest.mark.one_database

FOLDER = PROJECT / "templates" / "mail"
TAG_OF_TEMPLATE = re.compile(r"{[%{].*?[%}]}", re.DOTALL)


def test_every_mail_has_its_three_files_and_its_job() -> None:
    wanted = {mail.template for mail in Mail}
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == wanted
    for folder in wanted:
        files = {file.name for file in (FOLDER / folder).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.html"}, folder
    assert set(Mail) <= set(JOBS)


@pytest.mark.parametrize("mail", list(Mail))
def test_no_mail_shouts_or_carries_style_and_script_on_its_elements(mail: Mail) -> None:
    for file in (FOLDER / mail.template).iterdir():
        words = TAG_OF_TEMPLATE.sub("", file.read_text())
        assert "!" not in words
        assert "style=" not in words
        assert "<script" not in words


def test_a_fact_that_is_missing_is_an_error_and_no_gap(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        letters.write("known", key="k", to="ines@example.com", sign_in="https://example.org")


def test_a_link_to_a_page_needs_no_request_and_no_host(make_app: Callable[..., Flask]) -> None:
    with make_app(public_url="https://example.org/questions").app_context():
        found = letters.link_to("accounts.prove", address_id=3, key="k", next="/asked/1/x")
    assert found == "https://example.org/questions/prove/3/k?next=/asked/1/x"
