"""A link from a moderator's mail: what it shows, what it decides, and when it is dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import links
from app.domains.moderation.models import DeskLink, DeskSection
from app.infra import clock as infra_clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_question, make_tag
from tests.support.client import Browser

pytestmark = pytest.mark.usefixtures("clock")


@dataclass
class Mailed:
    """A text that waits, the moderator it was mailed to, and the address in the mail."""

    comment: Comment
    ruth: Account
    path: str

    @property
    def status(self) -> str:
        db.session.expire_all()
        return self.comment.status


@pytest.fixture
def mailed(client: Browser) -> Mailed:
    comment = make_question("Why does my hip click?", status=Status.PENDING)
    ruth = make_account(Role.MODERATOR, name="Ruth")
    secret = links.secrets_for(ruth, [comment])[comment.id]
    db.session.commit()
    return Mailed(comment, ruth, f"/from-mail/{secret}")


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("act", ["", "?act=approve", "?act=reject"])
def test_p06_a_scanner_that_follows_every_link_decides_nothing(
    client: Browser, mailed: Mailed, method: str, act: str
) -> None:
    for _ in range(2):
        assert client.open(mailed.path + act, method=method).status_code == 200
    assert mailed.status == Status.PENDING
    assert entries() == []


def test_the_page_shows_the_text_and_both_buttons_to_who_is_not_signed_in(
    client: Browser, mailed: Mailed
) -> None:
    page = client.get(mailed.path).text
    assert "Why does my hip click?" in page
    assert 'value="approve"' in page
    assert 'value="reject"' in page


def test_p06_a_button_decides_as_the_moderator_it_was_mailed_to(
    client: Browser, mailed: Mailed
) -> None:
    answer = client.submit(mailed.path, verb="approve")
    assert (answer.status_code, "It is approved" in answer.text) == (200, True)
    assert mailed.status == Status.APPROVED
    (entry,) = entries()
    assert (entry.act, entry.actor_id) == ("approve", mailed.ruth.id)


def test_a_rejection_takes_a_reason_from_the_list_or_in_own_words(
    client: Browser, mailed: Mailed
) -> None:
    client.submit(mailed.path, verb="reject", reason="Advertising", own_reason="Sells shoes")
    assert mailed.status == Status.REJECTED
    assert mailed.comment.reject_reason == "Sells shoes"


def test_a_reason_that_does_not_fit_is_refused_and_decides_nothing(
    client: Browser, mailed: Mailed
) -> None:
    answer = client.submit(mailed.path, verb="reject", own_reason="x" * 501)
    assert (answer.status_code, "The reason" in answer.text) == (422, True)
    assert mailed.status == Status.PENDING


@pytest.mark.parametrize("verb", ["", "delete", "spam", "<b>"])
def test_other_verdicts_are_not_given_by_mail(client: Browser, mailed: Mailed, verb: str) -> None:
    assert client.submit(mailed.path, verb=verb).status_code == 400
    assert mailed.status == Status.PENDING


def test_c01_without_the_pages_token_nothing_is_done(client: Browser, mailed: Mailed) -> None:
    assert client.post(mailed.path, data={"verb": "approve"}).status_code == 400
    assert mailed.status == Status.PENDING


def test_p06_the_second_use_is_told_what_the_first_did(client: Browser, mailed: Mailed) -> None:
    client.submit(mailed.path, verb="approve")
    for answer in (client.get(mailed.path), client.submit(mailed.path, verb="reject")):
        assert answer.status_code == 410
        assert "used already" in answer.text
        assert "Ruth approved it" in answer.text
    assert mailed.status == Status.APPROVED
    assert len(entries()) == 1


def _ends(mailed: Mailed, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=72))


def _is_decided(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    tomasz = make_account(Role.MODERATOR, name="Tomasz")
    secret = links.secrets_for(tomasz, [mailed.comment])[mailed.comment.id]
    links.decide(secret, "reject", reason="Advertising", tell=False)


def _is_changed(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    mailed.comment.source, mailed.comment.edited_at = "Other words.", infra_clock.now()
    mailed.comment.version += 1


def _loses_the_role(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    mailed.ruth.role = Role.READER


def _is_disabled(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    mailed.ruth.disabled_at = infra_clock.now()


def _gets_sections(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    db.session.add(DeskSection(account_id=mailed.ruth.id, tag_id=make_tag("knees").id))


def _text_is_gone(mailed: Mailed, _clock: time_machine.Traveller) -> None:
    db.session.delete(mailed.comment)


@pytest.mark.parametrize(
    ("happens", "status", "sentence"),
    [
        (_ends, 410, "This link has ended"),
        (_is_decided, 409, "Tomasz rejected it"),
        (_is_changed, 409, "changed the text"),
        (_loses_the_role, 403, "You do not moderate this site any more"),
        (_is_disabled, 403, "Your account is closed"),
        (_gets_sections, 403, "not in the sections"),
        (_text_is_gone, 404, "leads nowhere"),
    ],
)
def test_a_dead_link_says_why_and_does_nothing(
    client: Browser,
    mailed: Mailed,
    clock: time_machine.Traveller,
    happens: Callable[[Mailed, time_machine.Traveller], None],
    status: int,
    sentence: str,
) -> None:
    happens(mailed, clock)
    db.session.commit()
    before = len(entries())
    for answer in (client.get(mailed.path), client.submit(mailed.path, verb="approve")):
        assert answer.status_code == status
        assert sentence in answer.text
        assert "Why does my hip click?" not in answer.text
    assert len(entries()) == before


@pytest.mark.parametrize("secret", ["x", "0" * 40, "é" * 40, "%00"])
def test_p02_a_forged_secret_opens_nothing(client: Browser, mailed: Mailed, secret: str) -> None:
    assert client.get(f"/from-mail/{secret}").status_code == 404
    assert client.submit(f"/from-mail/{secret}", verb="approve").status_code == 404


def test_a_link_of_another_site_with_the_same_rows_opens_nothing(
    client: Browser, mailed: Mailed
) -> None:
    """The fingerprint alone is not enough: whoever can write a row has no secret of the site."""
    link = db.session.scalars(select(DeskLink)).one()
    link.fingerprint = links.tokens.fingerprint("made-up")
    db.session.commit()
    assert client.get("/from-mail/made-up").status_code == 404


def test_the_address_stays_with_who_has_it(client: Browser, mailed: Mailed) -> None:
    for answer in (client.get(mailed.path), client.get("/from-mail/none")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_x05_what_a_stranger_typed_is_text_on_the_page(client: Browser, mailed: Mailed) -> None:
    bad = make_comment("<img src=x onerror=a()>", name="<b>Bo</b>", status=Status.PENDING)
    secret = links.secrets_for(mailed.ruth, [bad])[bad.id]
    db.session.commit()
    page = client.get(f"/from-mail/{secret}").text
    assert "<img src=x" not in page
    assert "<b>Bo" not in page


def test_a_link_with_a_day_left_is_mailed_again_and_then_a_new_one(
    mailed: Mailed, clock: time_machine.Traveller
) -> None:
    def path() -> str:
        return f"/from-mail/{links.secrets_for(mailed.ruth, [mailed.comment])[mailed.comment.id]}"

    clock.shift(timedelta(hours=47))
    assert path() == mailed.path
    clock.shift(timedelta(hours=2))
    assert path() != mailed.path


def test_links_of_many_texts_cost_one_query_when_they_are_there(
    mailed: Mailed, count_queries: Callable
) -> None:
    article = make_article()
    texts = [make_comment(article=article, status=Status.PENDING) for _ in range(5)]
    links.secrets_for(mailed.ruth, texts)
    db.session.commit()
    ruth_id, ids = mailed.ruth.id, [text.id for text in texts]
    ruth = db.session.get_one(Account, ruth_id)
    found = list(db.session.scalars(select(Comment).where(Comment.id.in_(ids))))
    with count_queries() as counted:
        links.secrets_for(ruth, found)
    assert counted.total == 1
