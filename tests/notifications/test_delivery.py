"""What happens between a job row and a mailbox: refusals, failures, two workers, hostile words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update
from time_machine import Traveller

from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.moderation.services import Verb
from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import services
from app.notifications.states import Topic
from tests.factories import make_account, make_address, make_article, make_comment
from tests.notifications.steps import (
    HREF,
    ask,
    asked_and_approved,
    decide,
    html_of,
    links,
    subject_of,
)
from tests.support.client import Browser
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, free_port, text_of

Deliver = Callable[[], int]
UNDO = timedelta(seconds=30)
INES = "ines@example.com"
USUAL_HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip
ONE_CLICK_HEADERS = {"List-Unsubscribe", "List-Unsubscribe-Post"}
HOSTILE = (
    "Hips\r\nBcc: victim@example.org",
    "Hips\nBcc: victim@example.org",
    "Hips\u2028Bcc: victim@example.org",
    "Hips%0d%0aBcc: victim@example.org",
    "=?utf-8?q?Hips=0d=0aBcc:_victim@example.org?=",
    "Hips \x00\x0bBcc: victim@example.org",
    "Ü" * 200,
)


def _approval(mails: MailServer) -> EmailMessage:
    (mail,) = [one for one in mails.to(INES) if "published" in subject_of(one)]
    return mail


def test_one_click_on_a_mail_ends_the_mails_of_its_topic(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller, client: Browser
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    clock.shift(UNDO)
    deliver()
    address = str(_approval(mails)["List-Unsubscribe"]).strip("<>")
    assert _approval(mails)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    answer = client.post(urlsplit(address).path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    mails.clear()
    ask(article, "A tendon.", account=article.author, parent=question, kind=None)
    clock.shift(UNDO)
    deliver()
    assert mails.to(INES) == []


def test_r11_who_unsubscribed_after_a_mail_was_queued_does_not_get_it(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = asked_and_approved(make_article(), make_account(Role.MODERATOR))
    address_id = question.address_id
    assert address_id is not None
    with unit_of_work():
        services.unsubscribe(address_id, Topic.REPLIES)

    clock.shift(UNDO)
    deliver()

    assert mails.to(INES) == []


def test_unsubscribing_twice_is_fine(app: Flask) -> None:
    address_id = make_address(INES).id
    for _ in range(2):
        with unit_of_work():
            services.unsubscribe(address_id, Topic.DESK)


def test_v08_every_recipients_link_to_unsubscribe_is_their_own(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    for number in range(3):
        make_account(Role.MODERATOR, email=f"moderator{number}@example.com")
    ask(make_article(author=make_account(Role.AUTHOR, email="author@example.com")))

    clock.shift(timedelta(minutes=5))
    deliver()

    digests = [mail for mail in mails.messages if "waits for a moderator" in subject_of(mail)]
    assert len({str(mail["List-Unsubscribe"]) for mail in digests}) == len(digests) == 4
    for mail in digests:
        others = {str(other["List-Unsubscribe"]) for other in digests if other is not mail}
        assert not [link for link in links(mail) if f"<{link}>" in others]


def test_r11_two_workers_send_each_mail_once(
    app: Flask, mails: MailServer, clock: Traveller
) -> None:
    article = make_article()
    for number in range(12):
        ask(article, f"Why does hip {number} click?", email=f"reader{number}@example.com")
    db.session.commit()

    def work() -> None:
        with app.app_context():
            jobs.run_due(app.extensions["jobs"])

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    names = [str(mail["Message-ID"]) for mail in mails.messages]
    assert len(names) == len(set(names)) == 12


def test_r09_mail_that_found_no_server_is_sent_when_there_is_one(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    change_settings(app, smtp_port=free_port())
    ask(make_article())
    deliver()
    assert mails.messages == []

    change_settings(app, smtp_port=mails.port)
    clock.shift(jobs.LONGEST_PAUSES[0])
    deliver()
    assert len(mails.to(INES)) == 1


def test_r09_after_a_silence_of_the_server_each_moderator_gets_one_digest(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(Role.MODERATOR, email="moderator@example.com")
    article = make_article()
    change_settings(app, smtp_port=free_port())
    for number in range(4):
        ask(article, f"Why does hip {number} click?", email=f"reader{number}@example.com")
        clock.shift(timedelta(minutes=6))
        deliver()

    change_settings(app, smtp_port=mails.port)
    for _ in range(4):
        clock.shift(timedelta(minutes=30))
        deliver()

    assert len(mails.to("moderator@example.com")) == 1


def test_r11_a_mail_whose_acknowledgement_was_lost_comes_again_under_the_same_name(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    ask(make_article())
    deliver()
    with unit_of_work():  # the worker died before it could write that the mail was sent
        db.session.execute(update(Job).where(Job.kind == "mail.received").values(done_at=None))
    clock.shift(jobs.CLAIM + timedelta(seconds=1))
    deliver()

    first, second = mails.to(INES)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.one_database
def test_two_jobs_never_share_a_message_id_though_a_row_number_comes_again(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article()
    for words in ("Why does my hip click?", "Why does my knee click?"):
        ask(article, words)
        deliver()
        with unit_of_work():
            for job in db.session.scalars(select(Job)):
                db.session.delete(job)
        clock.shift(1)

    assert len({str(mail["Message-ID"]) for mail in mails.to(INES)}) == 2


def test_r10_one_refused_recipient_holds_up_nobody(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article()
    ask(article, "Why does my hip click?", email="gone@example.com")
    ask(article, "Why does my knee click?", email="here@example.com")
    mails.answers.append("550 no such person")

    deliver()

    assert len(mails.to("here@example.com")) == 1
    assert jobs.waiting()[2] == 1


@pytest.mark.one_database
@pytest.mark.parametrize("words", HOSTILE)
def test_i02_no_title_and_no_name_adds_a_header_or_a_recipient(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller, words: str
) -> None:
    article, moderator = make_article(words[:200]), make_account(Role.MODERATOR)
    above = make_comment("Mine clicks.", article=article, address=make_address(INES, proven=True))
    question = ask(article, "Does yours click?", parent=above, email="tom@example.com")
    question.author_name, question.title = words[:60], words[:120]
    db.session.commit()
    clock.shift(timedelta(minutes=5))
    deliver()
    decide(question, Verb.APPROVE, moderator)
    clock.shift(timedelta(minutes=10))
    deliver()

    kinds = {str(mail["Message-ID"]).split(".")[0] for mail in mails.messages}
    assert kinds == {"<received", "<desk", "<approved", "<replied", "<inbox"}
    for mail in mails.messages:
        assert set(mail.keys()) - ONE_CLICK_HEADERS == USUAL_HEADERS
    assert "victim@example.org" not in mails.recipients


@pytest.mark.parametrize("email", ["ines@example.com,victim@example.org", "ines@example.com\nx"])
def test_i03_an_address_that_is_two_goes_to_nobody(
    app: Flask, mails: MailServer, deliver: Deliver, email: str
) -> None:
    ask(make_article())
    address = make_address("other@example.com")
    with unit_of_work():
        db.session.execute(
            update(Job).where(Job.kind == "mail.received").values(done_at=jobs.clock.now())
        )
    address.email = email
    db.session.commit()
    with unit_of_work():
        jobs.enqueue("mail.prove", {"address_id": address.id, "why": "question"})

    deliver()

    assert mails.recipients == []


@pytest.mark.one_database
def test_c06_links_in_mail_are_the_configured_sites_whatever_a_request_claims(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    hostile = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    with app.test_request_context(base_url="http://evil.example", headers=hostile):
        asked_and_approved(make_article(), make_account(Role.MODERATOR))
        clock.shift(UNDO)
        jobs.run_due(app.extensions["jobs"])

    found = [link for mail in mails.messages for link in links(mail)]
    assert {urlsplit(link).netloc for link in found} == {"questions.example.org"}


def test_x08_the_html_part_escapes_and_the_plain_part_has_no_tags_of_ours(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article("Hips <b>& knees</b>"), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    clock.shift(UNDO)
    deliver()
    mails.clear()
    answer = (
        '<script>alert(1)</script> <img src=x onerror="alert(2)"> **rest** [here](https://e.org)'
    )
    ask(article, answer, account=article.author, parent=question, kind=None)
    clock.shift(UNDO)
    deliver()

    (mail,) = mails.to(INES)
    assert "<script" not in html_of(mail)
    assert "<img" not in html_of(mail)
    assert "Hips &lt;b&gt;&amp; knees&lt;/b&gt;" in html_of(mail)
    assert "<strong>" not in text_of(mail)
    assert "rest here" in text_of(mail)


def test_both_parts_of_every_mail_lead_to_the_same_places(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = ask(article)
    poor = ask(article, "What is this good for?", email="poor@example.com")
    deliver()
    decide(question, Verb.APPROVE, moderator)
    decide(poor, Verb.REJECT, moderator, reason="Off the subject", tell=True)
    clock.shift(timedelta(minutes=10))
    deliver()
    reply = ask(article, "Mine.", account=article.author, parent=question, kind=None)
    ask(article, "Thanks.", account=moderator, parent=reply, kind=None)
    ask(article, "Is there more?", email="tom@example.com")
    clock.shift(timedelta(minutes=10))
    deliver()

    assert len({subject_of(mail).split(":", 1)[0] for mail in mails.messages}) >= 6
    for mail in mails.messages:
        written = [link.replace("&amp;", "&") for link in HREF.findall(html_of(mail))]
        assert set(written) == set(links(mail)), subject_of(mail)


@pytest.mark.one_database("postgresql")
def test_a_digest_that_another_transaction_queues_in_the_same_moment_refuses_nobody(
    app: Flask, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR)
    article_id = make_article(author=moderator).id
    key = f"mail.desk:{moderator.id}"
    asked: list[int] = []

    def post() -> None:
        with app.app_context():
            asked.append(ask(db.session.get_one(Article, article_id)).id)

    reader = threading.Thread(target=post)
    with db.engine.connect() as elsewhere, db.engine.connect() as watcher:
        elsewhere.execute(insert(Job).values(kind="mail.desk", payload={}, unique_key=key))
        reader.start()
        while not asked and not watcher.scalar(
            text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        ):
            assert reader.is_alive()
        elsewhere.commit()
    reader.join(30)

    assert len(asked) == 1
    assert db.session.scalar(select(func.count()).where(Job.unique_key == key)) == 1
