"""What the owner of an address is told, and what an admin sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from time_machine import Traveller

from app.infra.jobs import Job
from app.notifications.replies import listing
from app.notifications.replies.receiving import MOST_BYTES
from app.notifications.replies.states import Outcome
from tests.notifications.replies.steps import (
    MARTA,
    WORDS,
    receive,
    replies,
    rows,
)
from tests.notifications.steps import subjects
from tests.support.mailbox import answer
from tests.support.smtp import MailServer, text_of


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
