"""What reports about mails that came back are taken to say, and what is none."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.engines.returned_mail import MOST_BYTES, NotAReport, What, read
from tests.support.reports import NAME, complaint, delivery_status

BO = "bo@example.com"


def test_a_mailbox_that_is_not_there_is_a_hard_bounce_in_the_servers_words() -> None:
    (found,) = read(delivery_status(BO))
    assert (found.what, found.addresses, found.names) == (What.HARD, (BO,), (NAME,))
    assert found.why == "550 5.1.1 no such person"


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("5.1.1", What.HARD),
        ("5.1.10", What.HARD),
        ("5.1.2 (no such domain)", What.HARD),
        ("5.1.8", What.SOFT),
        ("5.2.2", What.SOFT),
        ("5.7.1", What.SOFT),
        ("5.0.0", What.SOFT),
        ("4.4.7", What.SOFT),
        ("4.1.1", What.SOFT),
        ("nonsense", What.SOFT),
        ("", What.SOFT),
    ],
)
def test_only_what_says_that_there_is_no_such_mailbox_is_hard(status: str, what: What) -> None:
    (found,) = read(delivery_status(BO, status=status))
    assert found.what is what


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_a_mail_that_is_late_or_arrived_has_not_come_back(action: str) -> None:
    assert read(delivery_status(BO, action=action)) == []


def test_of_a_mail_that_was_forwarded_the_first_mailbox_comes_first() -> None:
    (found,) = read(delivery_status(BO, final="bo@elsewhere.example"))
    assert found.addresses == (BO, "bo@elsewhere.example")


def test_a_report_may_quote_the_whole_mail_or_its_headers() -> None:
    (whole,) = read(delivery_status(BO, quoted="message/rfc822"))
    assert whole.names == (NAME,)


@pytest.mark.parametrize("kind", ["abuse", "fraud", "virus", "opt-out"])
def test_a_complaint_names_whom_the_quoted_mail_was_for(kind: str) -> None:
    (found,) = read(complaint(BO, kind=kind))
    assert (found.what, found.addresses) == (What.COMPLAINT, (BO,))


def test_a_report_that_a_mail_was_wanted_is_no_complaint() -> None:
    assert read(complaint(BO, kind="not-spam")) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Hello\n\nIs anybody there?",
        b"Content-Type: multipart/report; boundary=x\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n\nwords\n--x--",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nwords\n--x--",
    ],
)
def test_any_other_mail_is_no_report(raw: bytes) -> None:
    with pytest.raises(NotAReport):
        read(raw)


def test_i13_what_the_server_said_is_one_line_that_can_be_shown() -> None:
    (found,) = read(delivery_status(BO, said="550 \x1b[2Jgone\t \x07now"))
    assert found.why == "550 [2Jgone now"


def test_a_report_that_is_nested_without_end_is_none() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    with pytest.raises(NotAReport):
        read(deep.encode())


def test_of_a_long_report_the_beginning_is_read() -> None:
    report = delivery_status(BO, quoted="message/rfc822")
    (found,) = read(report.replace(b"--b1--", b"x" * 2 * MOST_BYTES + b"\n--b1--"))
    assert found.addresses == (BO,)


@given(some.binary(max_size=400), some.integers(0, 900), some.integers(0, 60))
def test_no_garbled_report_is_a_fault(garbage: bytes, place: int, cut: int) -> None:
    report = delivery_status(BO)
    with contextlib.suppress(NotAReport):
        for found in read(report[:place] + garbage + report[place + cut :]):
            assert all("@" in one for one in found.addresses)
            assert found.why.isprintable()


@pytest.mark.parametrize("named", ["=undefined", "=idna", "*=utf-8''utf-8", "=a\0b"])
def test_words_of_a_report_may_bear_any_name(named: str) -> None:
    words = f"Content-Type: text/plain; charset{named}\n\nUnzustellbar, schöne Grüße\n"
    raw = f"Content-Type: multipart/report; boundary=b\n\n--b\n{words}--b--\n".encode()
    with pytest.raises(NotAReport, match="no part of it says"):
        read(raw)
