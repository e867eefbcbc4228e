"""Answers by mail: from a question to the answer in the thread, and all that is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.comments import services as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.measures import services as measures
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies import listing, placing, policy, receiving
from app.notifications.replies.addresses import LONGEST_BOX
from app.notifications.replies.models import MailedReply
from app.notifications.replies.receiving import MOST_BYTES
from app.notifications.replies.states import Outcome
from tests.factories import make_account, make_article
from tests.notifications.followers import follows
from tests.notifications.steps import asked_and_approved, html_of, prove, subjects
from tests.support.mailbox import answer, reply_box
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of

MARTA, INES = "marta@example.com", "ines@example.com"
WORDS = "It is a tendon. **Let it be** while it does not hurt."
Pass = Callable[..., None]


@pytest.fixture
def app(app: Flask) -> Flask:
    change_settings(app, mail_reply_address="reply+{token}@in.example.org")
    return app


@pytest.fixture
def marta(app: Flask) -> Account:
    return make_account(Role.AUTHOR, name="Marta", email=MARTA)


@pytest.fixture
def question(marta: Account) -> Comment:
    return asked_and_approved(make_article(author=marta), make_account(Role.MODERATOR), email=INES)


@pytest.fixture
def mail(question: Comment, mails: MailServer, pass_time: Pass) -> EmailMessage:
    """What the author got about the one question that waits for her."""
    pass_time(timedelta(minutes=11))
    (found,) = mails.to(MARTA)
    mails.clear()
    return found


def receive(mail: EmailMessage | bytes, **given: str) -> Outcome:
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    db.session.rollback()
    return receiving.take(raw, **given).outcome


def replies() -> list[Comment]:
    db.session.rollback()
    below = Comment.parent_id.is_not(None)
    return list(db.session.scalars(select(Comment).where(below).order_by(Comment.id)))


def rows() -> list[MailedReply]:
    db.session.rollback()
    return list(db.session.scalars(select(MailedReply).order_by(MailedReply.id)))


def let_readers_answer() -> None:
    admin_id = make_account(Role.ADMIN).id
    with unit_of_work():
        admin = db.session.get_one(Account, admin_id)
        policy.switch(readers=True, seen=policy.with_version()[1], by=admin)


def answered_by_marta(
    mails: MailServer, mail: EmailMessage, pass_time: Pass, *, told: str = INES
) -> EmailMessage:
    """What the asker, or whoever is named, got when the author had answered by mail."""
    assert receive(answer(mail, WORDS)) == Outcome.PUBLISHED
    pass_time()
    (found,) = mails.to(told)
    return found


def test_a_question_is_answered_from_the_mailbox_alone(
    app: Flask, mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """Of all that the author sends the thread shows what she wrote, once, as her answer; brought as
    a mail server does it, by the command."""
    assert "Why does my hip click" in text_of(mail)
    assert "You can answer this mail" in text_of(mail)
    sent = answer(mail, f"{WORDS}\n\n-- \nMarta\n+49 30 1234", quotes=True)

    for _ in range(2):
        runner = app.test_cli_runner()
        ended = runner.invoke(args=["mail", "received", reply_box(mail)], input=sent.as_bytes())
        assert ended.exit_code == 0, ended.output

    (reply,) = replies()
    assert (reply.source, reply.parent_id) == (WORDS, question.id)
    assert (reply.by_author, reply.status, reply.kind) == (True, Status.APPROVED, Kind.COMMENT)
    assert "<strong>Let it be</strong>" in reply.html
    pass_time(timedelta(minutes=1))
    (told,) = mails.to(INES)
    assert subjects([told])[0].startswith("Marta answered")
    assert mails.to(MARTA) == []
    assert told["Reply-To"] is None  # readers answer on the page, unless the site wants it


def test_an_address_to_answer_to_fits_a_mailbox_and_holds_in_any_case(
    mail: EmailMessage,
) -> None:
    box = reply_box(mail).partition("@")[0]
    assert len(box) <= LONGEST_BOX
    assert re.fullmatch(r"reply\+[a-z2-7]{48}", box)
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    loud = answer(mail, WORDS, To=f"<{reply_box(mail).upper()}>")
    assert receive(loud) == Outcome.PUBLISHED


def test_the_address_that_the_mail_server_names_counts_too(mail: EmailMessage) -> None:
    hidden = answer(mail, WORDS, To="undisclosed-recipients:;")
    assert receive(hidden, recipient=reply_box(mail)) == Outcome.PUBLISHED


def test_several_questions_have_an_address_each(
    marta: Account, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    second = asked_and_approved(
        question.article, make_account(Role.MODERATOR), text="Why is my knee stiff at night?"
    )
    pass_time(timedelta(minutes=11))
    (mail,) = mails.to(MARTA)
    assert mail["Reply-To"] is None
    boxes = re.findall(r"reply\+[a-z2-7]{48}@in\.example\.org", text_of(mail))
    assert re.findall(r"mailto:([^\"]+)", html_of(mail)) == boxes

    assert receive(answer(mail, WORDS, To=boxes[1])) == Outcome.PUBLISHED

    assert [reply.parent_id for reply in replies()] == [second.id]


def test_where_it_is_off_no_mail_can_be_answered(
    app: Flask, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    change_settings(app, mail_reply_address="")
    pass_time(timedelta(minutes=11))
    (mail,) = mails.to(MARTA)
    assert mail["Reply-To"] is None
    assert "answer this mail" not in text_of(mail)
    with pytest.raises(receiving.NotSetUp):
        receive(b"From: a@b.example\n\nwords")


def test_a_forged_sender_gets_nowhere(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """The forger knows the signed address; whoever it belongs to hears of it, a few times a day,
    and the address that the forger gives never."""
    for number in range(14):
        forged = answer(mail, f"Buy this, {number}.", sender="mallory@example.net")
        assert receive(forged) == Outcome.OTHER_SENDER
    for senders in (
        f"mallory@example.net, {MARTA}",
        f"{MARTA}, mallory@example.net",
        f"{MARTA})mallory@example.net",
        f"{MARTA} <mallory@example.net>",
        f'"{MARTA}" <mallory@example.net>',
        f"{MARTA}@example.net",
        "<>",
        "",
    ):
        plain = answer(mail, WORDS).as_bytes()
        sent = plain.replace(f"From: {MARTA}".encode(), f"From: {senders}".encode())
        assert receive(sent) == Outcome.OTHER_SENDER, senders
    twice = answer(mail, WORDS).as_bytes() + b""
    assert receive(b"From: mallory@example.net\r\n" + twice) == Outcome.OTHER_SENDER
    deliver()

    assert replies() == []
    assert len(mails.to(MARTA)) == 10
    assert "not sent from your address" in text_of(mails.messages[0])
    assert mails.to("mallory@example.net") == []


def test_a_forged_address_gets_nowhere(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """Every part of it is signed, and so is what it stands for."""
    box = reply_box(mail).partition("+")[2].partition("@")[0]
    for place in (0, 7, 12, 15, 20, 47):
        letter = "a" if box[place] != "a" else "b"
        forged = f"reply+{box[:place]}{letter}{box[place + 1 :]}@in.example.org"
        assert receive(answer(mail, WORDS, To=forged)) == Outcome.UNKNOWN
    assert receive(answer(mail, WORDS, To="threshold@example.com")) == Outcome.UNKNOWN
    deliver()
    assert (replies(), mails.messages) == ([], [])
    assert {row.address_id for row in rows()} == {None}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("late", Outcome.LATE),
        ("password", Outcome.UNKNOWN),
        ("role", Outcome.UNKNOWN),
        ("disabled", Outcome.UNKNOWN),
        ("hidden", Outcome.REFUSED),
        ("closed for readers", Outcome.PUBLISHED),
        ("other secret", Outcome.UNKNOWN),
        ("rotated secret", Outcome.PUBLISHED),
    ],
)
def test_what_ends_an_address_to_answer_to(
    app: Flask,
    mail: EmailMessage,
    question: Comment,
    clock: Traveller,
    change: str,
    outcome: Outcome,
) -> None:
    marta, old = question.article.author, app.config["SECRET_KEY"]
    match change:
        case "late":
            clock.shift(timedelta(days=30))
        case "password":
            marta.device_nonce = "another"
        case "role":
            marta.role = Role.READER
        case "disabled":
            marta.disabled_at = question.created_at
        case "hidden":
            question.status = Status.REJECTED
        case "closed for readers":
            question.article.comments_open = False
        case _:
            app.config["SECRET_KEY"] = "another secret of thirty-two letters"
            app.config["SECRET_KEY_FALLBACKS"] = [old] if change == "rotated secret" else []
    db.session.commit()

    assert receive(answer(mail, WORDS)) == outcome
    assert len(replies()) == (outcome == Outcome.PUBLISHED)


def test_what_a_program_answers_goes_nowhere_and_nobody_is_told(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """Also our own mail, when it comes back to us."""
    away = answer(mail, "I am away until Monday.", Auto_Submitted="auto-replied")
    looping = mail.as_bytes().replace(b"Auto-Submitted: auto-generated", b"X-Was: away")
    looping = looping.replace(b"Message-ID: <", b"Message-ID: <again.")
    looping = looping.replace(b"List-Unsubscribe", b"X-Was")
    for one in (away.as_bytes(), mail.as_bytes(), looping):
        assert receive(one, recipient=reply_box(mail)) == Outcome.AUTOMATIC
    deliver()
    assert (replies(), mails.messages) == ([], [])
    assert [row.why for row in rows()] == ["Auto-Submitted", "Auto-Submitted", "From"]


def test_the_mail_server_may_vouch_for_the_sender(app: Flask, mail: EmailMessage) -> None:
    """By its own newest result alone: what the mail brought along counts for nothing."""
    change_settings(app, mail_authserv_id="mx.example.org")
    ours, theirs = "mx.example.org; ", "mx.evil.example; "
    cases: list[tuple[list[str], Outcome]] = [
        ([], Outcome.UNPROVEN),
        ([f"{theirs}dmarc=pass"], Outcome.UNPROVEN),
        ([f"{ours}dmarc=fail", f"{ours}dmarc=pass"], Outcome.UNPROVEN),
        ([f"{ours}spf=pass; dkim=pass header.d=evil.example"], Outcome.UNPROVEN),
        ([f"{ours}dkim=pass header.d=com"], Outcome.UNPROVEN),
        ([f'{ours}spf=fail smtp.mailfrom="; dmarc=pass;"@x (a; dmarc=pass)'], Outcome.UNPROVEN),
        ([f"{ours}dkim=pass header.d=example.com"], Outcome.PUBLISHED),
        ([f"{theirs}dmarc=fail", f"{ours}spf=none; dmarc=pass"], Outcome.PUBLISHED),
    ]
    for number, (results, outcome) in enumerate(cases):
        made = answer(mail, f"Answer number {number} says: let it be.").as_bytes()
        head = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode()
        assert receive(head + made) == outcome, results


def test_what_cannot_be_taken_is_told_to_the_owner_of_the_address(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    large = answer(mail, "x" * MOST_BYTES)
    nul = answer(mail, "It is\x01a tendon.")
    for sent, outcome, words in (
        (answer(mail, ""), Outcome.EMPTY, "nothing in it but quoted text"),
        (answer(mail, "x" * 10_001), Outcome.REFUSED, "at most 10,000 fit"),
        (large, Outcome.UNREADABLE, "larger than 1 MB"),
        (nul, Outcome.REFUSED, "control characters"),
    ):
        assert receive(sent) == outcome
        deliver()
        (told,) = mails.to(MARTA)
        assert words in " ".join(text_of(told).split())
        assert told["Reply-To"] is None
        mails.clear()
    assert replies() == []


def test_attachments_are_dropped_and_the_writer_is_told(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    sent = answer(mail, WORDS)
    sent.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="hip.pdf")
    assert receive(sent) == Outcome.PUBLISHED
    deliver()
    (told,) = mails.to(MARTA)
    assert subjects([told]) == ["Your answer by mail has arrived without its attachment"]
    assert "with an attachment" in " ".join(text_of(told).split())
    assert [reply.source for reply in replies()] == [WORDS]


def test_the_same_words_in_another_mail_stand_once(mail: EmailMessage) -> None:
    assert receive(answer(mail, WORDS)) == Outcome.PUBLISHED
    again = answer(mail, f"{WORDS.upper()}\n", Message_ID="")
    assert receive(again) == Outcome.REPEATED
    assert len(replies()) == 1


def test_what_dies_half_way_is_as_if_it_never_came(
    mail: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text and the row by which the mail is known are one transaction; the mail server brings
    the mail again."""
    submit = comments.submit

    def dying(*args: object) -> Comment:
        submit(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    sent = answer(mail, WORDS)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(placing.services, "submit", dying)
        receive(sent)
    assert (replies(), rows()) == ([], [])

    assert receive(sent) == Outcome.PUBLISHED


def test_readers_answer_where_the_site_wants_it_and_are_screened(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """A guest writes under the name of before; what comes in waits like any other text."""
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    assert INES in str(told["To"])

    mails.clear()

    assert receive(answer(told, "Thank you. It still hurts at night.")) == Outcome.WAITS

    reply = replies()[-1]
    assert (reply.author_name, reply.address_id) == (question.author_name, question.address_id)
    assert (reply.status, reply.by_author, reply.by_proven) == (Status.PENDING, False, True)
    pass_time(timedelta(minutes=1))
    assert subjects(mails.to(INES))[0].startswith("Your comment arrived")


def test_a_reader_who_may_not_write_any_more_is_told_why(
    app: Flask, mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    question.article.comments_open = False
    db.session.commit()
    mails.clear()
    assert receive(answer(told, "And at night?")) == Outcome.REFUSED
    pass_time(timedelta(minutes=1))
    (refusal,) = mails.to(INES)
    assert "takes no more comments" in " ".join(text_of(refusal).split())


def test_followers_answer_what_they_were_told_of(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """One with an account does; a guest who has no name in the thread is given no address."""
    let_readers_answer()
    make_account(name="Bo", email="bo@example.com")
    for email in ("bo@example.com", "guest@example.com"):
        follows(question, email)
    answered_by_marta(mails, mail, pass_time, told="bo@example.com")
    (to_bo,), (to_guest,) = mails.to("bo@example.com"), mails.to("guest@example.com")
    assert to_guest["Reply-To"] is None

    assert receive(answer(to_bo, "Mine clicks too, on the left.")) == Outcome.WAITS

    by_marta, by_bo = replies()
    assert (by_bo.author_name, by_bo.parent_id) == ("Bo", by_marta.id)


def test_who_is_shut_out_is_told_so_and_writes_nothing(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    by_id, address_id = make_account(Role.MODERATOR).id, question.address_id
    with unit_of_work():
        about = About(address=db.session.get(Address, address_id))
        by = db.session.get_one(Account, by_id)
        measures.take(MeasureKind.BAN, about, reason="Advertising", until=None, by=by)
    mails.clear()
    assert receive(answer(told, "And at night?")) == Outcome.REFUSED
    assert len(replies()) == 1
    assert "Advertising" in rows()[-1].why


def test_who_only_typed_an_address_cannot_answer_by_mail(
    mail: EmailMessage, mails: MailServer, pass_time: Pass
) -> None:
    let_readers_answer()
    assert answered_by_marta(mails, mail, pass_time)["Reply-To"] is None


def test_x01_i03_what_is_mailed_goes_through_the_same_door_as_what_is_typed(
    mail: EmailMessage,
) -> None:
    hostile = answer(mail, "<script>alert(1)</script> [x](javascript:alert(1)) {{7*7}}")
    assert receive(hostile) == Outcome.PUBLISHED
    (reply,) = replies()
    assert "<script" not in reply.html
    assert "href" not in reply.html
    assert "{{7*7}}" in reply.html


def test_what_came_in_is_listed_without_a_word_of_it_and_forgotten(
    mail: EmailMessage, clock: Traveller
) -> None:
    receive(answer(mail, WORDS, sender=f"\u202e\x07Mallory <{MARTA}>"))
    receive(answer(mail, "Other words.", sender="Mallory <mallory@example.net>"))
    found, _ = listing.lately(size=10)
    assert [row.outcome for row in found] == [Outcome.OTHER_SENDER, Outcome.PUBLISHED]
    assert found[0].sender == "Mallory <m•••@example.net>"
    assert MARTA not in found[1].sender
    clock.shift(listing.KEPT + timedelta(minutes=1))

    listing.forget(Job())

    assert rows() == []
    assert len(replies()) == 1


def test_of_mails_from_strangers_the_newest_are_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_OF_STRANGERS", 3)
    for number in range(5):
        receive(f"From: a@b.example\nMessage-ID: <{number}@b>\n\nwords".encode())
    listing.forget(Job())
    assert [row.id for row in rows()] == [3, 4, 5]


def test_of_two_deliveries_at_once_one_counts(app: Flask, mail: EmailMessage) -> None:
    """A mail server that lost our answer brings the mail again while the first is still at work."""
    raw, barrier = answer(mail, WORDS).as_bytes(), Barrier(3, timeout=20)
    db.session.remove()

    def bring(_: int) -> Outcome:
        with app.app_context():
            barrier.wait()
            return receiving.take(raw).outcome

    with ThreadPoolExecutor(3) as threads:
        outcomes = sorted(threads.map(bring, range(3)))
    assert outcomes == [Outcome.PUBLISHED, Outcome.REPEATED, Outcome.REPEATED]
    assert len(replies()) == 1
