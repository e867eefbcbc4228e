"""A text waits: what its writer and the desk are told, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from time_machine import Traveller

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.services import submit
from app.domains.moderation.models import DeskSection
from app.domains.moderation.services import Verb
from app.infra import clock as infra_clock
from app.infra import tokens
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_question,
    make_tag,
)
from tests.notifications.steps import (
    ask,
    decide,
    html_of,
    link_below,
    links,
    prove,
    subject_of,
    subjects,
)
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]


def test_an_asker_is_told_what_happens_next_and_where_to_look(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    comment = ask(make_article("Hips that click"))

    deliver()

    (mail,) = mails.to("ines@example.com")
    assert subject_of(mail) == "Your question arrived: Hips that click"
    assert "A person reads it before it appears" in text_of(mail)
    key = tokens.private_key("asked", comment.id, comment.nonce)
    status = f"https://questions.example.org/asked/{comment.id}/{key}"
    assert link_below(mail, "/asked/") == status
    assert mail["List-Unsubscribe"] is None


def test_the_first_mail_brings_the_link_that_proves_the_address(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    comment = ask(make_article())

    deliver()

    (mail,) = mails.to("ines@example.com")
    proof = urlsplit(link_below(mail, "/prove/"))
    key = proof.path.rsplit("/", 1)[-1]
    assert comment.address is not None
    assert accounts.check_proof(comment.address, key) is accounts.Proof.FITS
    assert parse_qs(proof.query)["next"] == [urlsplit(link_below(mail, "/asked/")).path]


def test_an_address_proven_in_this_browser_gets_no_link_to_prove_it(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    address = make_address("ines@example.com", proven=True)
    with unit_of_work():
        draft = Draft(source="Why does it click?", name="Ines", email="ines@example.com")
        submit(make_article(), None, draft, Writer(proven=frozenset({address.id})))

    deliver()

    (mail,) = mails.to("ines@example.com")
    assert not [link for link in links(mail) if "/prove/" in link]


def test_a_second_browser_gets_a_link_of_its_own(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    address = make_address("ines@example.com", proven=True)
    address.proven_at = infra_clock.now() - timedelta(days=1)
    ask(make_article())

    deliver()

    (mail,) = mails.to("ines@example.com")
    assert [link for link in links(mail) if "/prove/" in link]


def test_a_readers_account_gets_the_same_mail(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    reader = make_account(email="reader@example.com")
    ask(make_article(), account=reader)

    deliver()

    assert len(mails.to("reader@example.com")) == 1


def test_s15_the_first_mail_carries_no_word_of_the_person_who_typed_the_address(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    ask(make_article(), "Buy canary-pills at https://canary.example now?", name="Canary Carl")

    deliver()

    (mail,) = mails.to("ines@example.com")
    assert "canary" not in mail.as_string().casefold()
    assert "canary" not in (text_of(mail) + html_of(mail)).casefold()


def test_s15_texts_typed_with_a_strangers_address_send_five_mails_a_day(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article()
    for number in range(8):
        ask(article, f"Question number {number}: why does it click?")
    deliver()
    assert len(mails.to("ines@example.com")) == 5

    clock.shift(timedelta(days=1))
    ask(article, "And the next day, does it still click?")
    deliver()
    assert len(mails.to("ines@example.com")) == 6


def test_s15_a_flood_is_one_mail_to_each_moderator(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article(author=make_account(Role.AUTHOR, email="author@example.com"))
    make_account(Role.MODERATOR, email="moderator@example.com")
    for number in range(30):
        ask(article, f"Why does hip {number} click?", email=f"reader{number}@example.com")
    deliver()
    assert mails.to("moderator@example.com") == []

    clock.shift(timedelta(minutes=5))
    deliver()
    for address in ("moderator@example.com", "author@example.com"):
        (mail,) = mails.to(address)
        assert subject_of(mail) == "30 texts wait for a moderator"
        assert "And 22 more." in text_of(mail)


def test_the_next_text_after_a_digest_brings_another(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(Role.MODERATOR, email="moderator@example.com")
    article = make_article()
    for text in ("Why does my hip click?", "Why does my knee click?"):
        ask(article, text)
        clock.shift(timedelta(minutes=5))
        deliver()

    assert subjects(mails.to("moderator@example.com")) == [
        "1 text waits for a moderator",
        "2 texts wait for a moderator",
    ]


def test_a_desk_that_is_empty_by_then_gets_no_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR, email="moderator@example.com")
    comment = ask(make_article())
    decide(comment, Verb.SPAM, moderator)

    clock.shift(timedelta(minutes=5))
    deliver()

    assert mails.to("moderator@example.com") == []


def test_p06_each_text_in_a_mail_to_the_desk_has_its_own_links(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(Role.MODERATOR, email="moderator@example.com")
    make_account(Role.MODERATOR, email="other@example.com")
    article = make_article()
    ask(article, "Is this one good?")
    ask(article, "And is that one good?", email="bo@example.com")

    clock.shift(timedelta(minutes=5))
    deliver()

    found = []
    for address in ("moderator@example.com", "other@example.com"):
        (mail,) = mails.to(address)
        mailed = [urlsplit(link) for link in links(mail) if "/from-mail/" in link]
        assert [link.query for link in mailed] == ["act=approve", "act=reject", ""] * 2
        assert all(link.path in html_of(mail) for link in mailed)
        found += [link.path for link in mailed[::3]]
    assert len(set(found)) == 4


def test_a_text_that_still_waits_has_the_same_link_in_the_next_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(Role.MODERATOR, email="moderator@example.com")
    article = make_article()
    for text in ("Why does my hip click?", "Why does my knee click?"):
        ask(article, text)
        clock.shift(timedelta(minutes=5))
        deliver()

    first, second = mails.to("moderator@example.com")
    of_first, of_second = (
        {urlsplit(link).path for link in links(mail) if "/from-mail/" in link}
        for mail in (first, second)
    )
    assert len(of_first) == 1
    assert of_first < of_second


def test_a_digest_lists_what_its_reader_may_decide_on(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    hips = make_tag("hips")
    moderator = make_account(Role.MODERATOR, email="moderator@example.com")
    db.session.add(DeskSection(account_id=moderator.id, tag_id=hips.id))
    ask(make_article("Hips that click", tags=[hips]), "Is this one good?")
    ask(make_article("Knees that click"), "And is that one good?")

    clock.shift(timedelta(minutes=5))
    deliver()

    (mail,) = mails.to("moderator@example.com")
    assert subject_of(mail) == "1 text waits for a moderator"
    assert "Hips that click" in text_of(mail)
    assert "Knees that click" not in text_of(mail)


def _disable(account: Account) -> None:
    accounts.disable(account)


def _demote(account: Account) -> None:
    accounts.change_role(account, Role.READER)


@pytest.mark.parametrize("change", [_disable, _demote])
def test_v08_who_is_no_moderator_any_more_hears_nothing_of_the_desk(
    app: Flask,
    mails: MailServer,
    deliver: Deliver,
    clock: Traveller,
    change: Callable[[Account], None],
) -> None:
    moderator_id = make_account(Role.MODERATOR, email="moderator@example.com").id
    ask(make_article())
    with unit_of_work():
        change(db.session.get_one(Account, moderator_id))

    clock.shift(timedelta(minutes=5))
    deliver()

    assert mails.to("moderator@example.com") == []


def test_v08_what_waits_or_is_spam_or_rejected_is_mailed_to_its_writer_and_the_desk_alone(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR, email="moderator@example.com")
    article = make_article(author=make_account(Role.AUTHOR, email="author@example.com"))
    asker = make_address("asker@example.com", proven=True)
    question = make_question(article=article, address=asker)
    held = ask(article, "Canary, does it click?", parent=question, email="held@example.com")
    spam = ask(article, "Canary pills, want some?", parent=question, email="spam@example.com")
    poor = ask(article, "Canary, who cares?", parent=question, email="poor@example.com")
    decide(spam, Verb.SPAM, moderator)
    decide(poor, Verb.REJECT, moderator, reason="Not kind", tell=True)

    clock.shift(timedelta(hours=1))
    deliver()

    assert held.address is not None
    told = {str(mail["To"]) for mail in mails.messages}
    assert "asker@example.com" not in told
    quoting = {str(mail["To"]) for mail in mails.messages if "anary" in text_of(mail)}
    assert quoting == {"moderator@example.com", "author@example.com"}


def test_a_text_that_its_writer_took_back_at_once_is_not_confirmed(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    comment = ask(make_article())
    decide(comment, Verb.DELETE, make_account(Role.MODERATOR))

    deliver()

    assert mails.messages == []


def test_mail_is_queued_with_its_cause_or_not_at_all(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    article = make_article()

    def fail_halfway() -> None:
        with unit_of_work():
            submit(
                article,
                None,
                Draft(source="Does it click?", name="Ines", email="ines@example.com"),
                Writer(),
            )
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        fail_halfway()

    assert deliver() == 0


def test_an_address_proven_meanwhile_is_not_asked_again(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    comment = ask(make_article())
    prove(comment.address)

    deliver()

    (mail,) = mails.to("ines@example.com")
    assert not [link for link in links(mail) if "/prove/" in link]
