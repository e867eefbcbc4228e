"""Another secret for the site: what the one before signed is taken, and it signs nothing new."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select

from app.domains.accounts import recovery, services
from app.domains.accounts.models import Account, MailedLink
from app.domains.comments import private_links
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import link_errors, links
from app.infra import tokens
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import Browser, signed_in

pytestmark = pytest.mark.one_database

OLD = "the-secret-of-last-year-was-as-long-as-this"
NEW = "the-secret-of-this-year-is-as-long-as-that"
Maker = Callable[..., Flask]


@pytest.fixture
def before(make_app: Maker) -> Flask:
    return make_app(secret_key=OLD)


@pytest.fixture
def after(make_app: Maker) -> Flask:
    return make_app(secret_key=NEW, secret_key_old=(OLD,))


@pytest.fixture
def later(make_app: Maker) -> Flask:
    """The old secret is gone from the settings."""
    return make_app(secret_key=NEW)


def carried_over(browser: Browser, to: Flask) -> Browser:
    """The same browser, its cookie included, at another program."""
    other = to.test_client()
    assert isinstance(other, Browser)
    cookie = browser.get_cookie("threshold")
    assert cookie is not None
    other.set_cookie("threshold", cookie.value)
    return other


def test_a_session_of_the_old_secret_goes_on_until_that_secret_is_gone(
    app: Flask, before: Flask, after: Flask, later: Flask
) -> None:
    browser = signed_in(before, factories.make_account("reader"))

    assert carried_over(browser, after).get("/account/").status_code == 200
    assert carried_over(browser, later).get("/account/").status_code == 302


def test_a_session_is_signed_with_the_new_secret(app: Flask, after: Flask) -> None:
    cookie = signed_in(after, factories.make_account("reader")).get_cookie("threshold")
    assert cookie is not None

    assert reads(NEW, cookie.value)
    assert not reads(OLD, cookie.value)


def reads(secret: str, cookie: str) -> bool:
    program = Flask("signs as any Flask does")
    program.secret_key = secret
    signer = program.session_interface.get_signing_serializer(program)  # type: ignore[attr-defined]
    assert isinstance(signer, URLSafeTimedSerializer)
    try:
        signer.loads(cookie)
    except BadSignature:
        return False
    return True


def test_a_form_that_was_open_meanwhile_is_taken(app: Flask, before: Flask, after: Flask) -> None:
    slug = factories.make_article().slug
    browser = before.test_client()
    page = browser.get(f"/articles/{slug}/ask").text
    fields = dict(re.findall(r'name="(csrf_token|ticket)"[^>]*value="([^"]+)"', page))
    assert set(fields) == {"csrf_token", "ticket"}

    answer = carried_over(browser, after).post(  # type: ignore[arg-type]
        f"/articles/{slug}/ask",
        data={**fields, "body": "Why?", "name": "Ines", "email": "ines@example.com"},
    )

    assert answer.status_code == 303
    assert TimestampSigner(OLD, salt="ask form").validate(fields["ticket"])


def test_a_private_page_opens_by_the_old_link_and_is_named_by_the_new_one(
    app: Flask, before: Flask, after: Flask, later: Flask
) -> None:
    comment = factories.make_question(status=Status.PENDING)
    with before.app_context():
        old = private_links.key_of(comment)

    def status_at(program: Flask, key: str) -> int:
        return program.test_client().get(f"/asked/{comment.id}/{key}").status_code

    with after.app_context():
        new = private_links.key_of(comment)

    assert status_at(after, old) == status_at(after, new) == status_at(later, new) == 200
    assert status_at(later, old) == 404


def test_mailed_links_of_the_old_secret_work_and_new_ones_are_made_with_the_new(
    app: Flask, before: Flask, after: Flask, later: Flask
) -> None:
    address = factories.make_account("reader").address
    with before.app_context():
        proof, unsubscribe = services.proof_key(address), services.unsubscribe_key(address, "all")

    with after.app_context():
        assert services.check_proof(address, proof) is services.Proof.FITS
        assert services.may_unsubscribe(address, "all", unsubscribe)
        new = services.proof_key(address)
    with later.app_context():
        assert services.check_proof(address, proof) is services.Proof.WRONG
        assert not services.may_unsubscribe(address, "all", unsubscribe)
        assert services.check_proof(address, new) is services.Proof.FITS


def test_a_link_to_set_a_password_is_mailed_and_opens_after_the_change(
    app: Flask, before: Flask, after: Flask, later: Flask
) -> None:
    account = factories.make_account("reader")
    email, account_id = account.address.email, account.id
    db.session.commit()
    with before.app_context(), unit_of_work():
        recovery.request_reset(email)
        link_id = db.session.scalars(select(MailedLink.id)).one()

    with after.app_context():
        secret = recovery.reset_secret(link_id)  # its mail goes out only now
        assert secret is not None
        assert recovery.account_of_link(secret).id == account_id
    with later.app_context():
        assert recovery.reset_secret(link_id) is None


def test_a_link_in_a_moderators_mail_stands_in_the_next_mail_and_opens(
    app: Flask, before: Flask, after: Flask, later: Flask
) -> None:
    moderator = factories.make_account("moderator")
    text = factories.make_question(status=Status.PENDING)
    moderator_id, text_id = moderator.id, text.id
    db.session.commit()

    def secret_at(program: Flask) -> str:
        with program.app_context(), unit_of_work():
            (secret,) = links.secrets_for(
                db.session.get_one(Account, moderator_id), [db.session.get_one(Comment, text_id)]
            ).values()
            return secret

    old = secret_at(before)

    assert secret_at(after) == old
    with after.app_context():
        assert links.open_link(old).comment.id == text_id
    with later.app_context(), pytest.raises(link_errors.NoSuchLink):
        links.open_link(old)
    assert secret_at(later) != old


def test_a_forged_key_fits_neither_secret(after: Flask) -> None:
    with after.app_context():
        key = tokens.private_key("asked", 1, "nonce")

        assert tokens.opens(key, "asked", 1, "nonce")
        assert not tokens.opens(key[:-1], "asked", 1, "nonce")
        assert not tokens.opens("", "asked", 1, "nonce")
        assert not tokens.opens("é" * 40, "asked", 1, "nonce")
