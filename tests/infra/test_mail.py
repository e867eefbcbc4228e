"""Mail through a real SMTP server: what its headers say, and which refusals are final."""

from __future__ import annotations

import email.policy
import re
import smtplib
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.infra import mail
from app.infra.jobs import PermanentFailure
from app.infra.mail import DeliveryProblem, Letter, compose, one_line, send
from benchmarks.faults import bad_mail
from tests.support.smtp import MailServer, free_port, text_of

pytestmark = pytest.mark.one_database

SETTINGS = Settings(
    mode="demo",
    public_url="https://questions.example.org",
    site_name="Standing Well",
    mail_from="site@example.org",
    mail_backend="smtp",
)
LETTER = Letter(
    key="approved-12-abc",
    to="reader@example.com",
    subject="Your question is up",
    text="Read it here.",
    html="<p>Read it here.</p>",
)
HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


@pytest.fixture
def settings(mail_server: MailServer) -> Settings:
    mail_server.clear()
    return replace(SETTINGS, smtp_port=mail_server.port)


def test_a_letter_arrives_with_both_parts(settings: Settings, mail_server: MailServer) -> None:
    send(LETTER, settings)

    (message,) = mail_server.to("reader@example.com")
    assert message["Subject"] == "Your question is up"
    assert message["From"] == "Standing Well <site@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message).strip() == "Read it here."
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().strip() == "<p>Read it here.</p>"


def test_the_headers_of_one_click_unsubscribe_are_those_of_rfc_8058(
    settings: Settings, mail_server: MailServer
) -> None:
    send(replace(LETTER, unsubscribe_url="https://questions.example.org/u/1"), settings)

    (message,) = mail_server.messages
    assert message["List-Unsubscribe"] == "<https://questions.example.org/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_r11_a_second_try_bears_the_same_message_id(
    settings: Settings, mail_server: MailServer
) -> None:
    send(LETTER, settings)
    send(LETTER, settings)

    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"] == "<approved-12-abc@questions.example.org>"


def test_r10_a_refusal_for_ever_is_permanent(settings: Settings, mail_server: MailServer) -> None:
    mail_server.answers.append("550 no such person")

    with pytest.raises(PermanentFailure, match="550"):
        send(LETTER, settings)

    assert mail_server.messages == []


@pytest.mark.parametrize("refusal", ["451 come back later", "530 5.7.0 sign in first"])
def test_r10_a_refusal_for_now_may_be_tried_again(
    settings: Settings, mail_server: MailServer, refusal: str
) -> None:
    mail_server.answers.append(refusal)
    with pytest.raises(smtplib.SMTPException, match=refusal[:3]):
        send(LETTER, settings)

    send(LETTER, settings)

    assert len(mail_server.messages) == 1


def test_r09_a_server_that_is_away_may_be_tried_again() -> None:
    with pytest.raises(ConnectionRefusedError):
        send(LETTER, replace(SETTINGS, smtp_port=free_port()))


def test_r10_what_a_server_says_of_itself_is_no_refusal_of_the_mail() -> None:
    with (
        bad_mail.bad_server(bad_mail.CLOSED) as server,
        pytest.raises(smtplib.SMTPException, match="554"),
    ):
        send(LETTER, replace(SETTINGS, smtp_port=server.port))


@pytest.mark.parametrize("goodbye", ["421 too late", "500 what"])
def test_r11_a_mail_that_was_taken_is_sent_whatever_comes_after_it(
    settings: Settings, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, goodbye: str
) -> None:
    async def grumble(*_: object) -> str:
        return goodbye

    monkeypatch.setattr(mail_server, "handle_QUIT", grumble, raising=False)

    send(LETTER, settings)

    assert len(mail_server.messages) == 1


def test_r10_a_server_that_drips_its_answer_is_left_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "LONGEST_SECONDS", 0.3)
    monkeypatch.setattr(bad_mail, "DRIP_SECONDS", 0.05)

    for security in ("none", "tls"):
        with bad_mail.bad_server(bad_mail.DRIP) as server, pytest.raises(DeliveryProblem):
            send(LETTER, replace(SETTINGS, smtp_port=server.port, smtp_security=security))


def test_without_a_server_the_letter_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger=mail.__name__)

    send(LETTER, replace(SETTINGS, mail_backend="log"))

    assert "reader@example.com" in caplog.text
    assert "Read it here." in caplog.text


@pytest.mark.parametrize(
    "hostile",
    [
        "Hip\r\nBcc: everyone@example.com",
        "Hip\nX-Evil: 1",
        "Hip\rX-Evil: 1",
        "Hip\u2028X-Evil: 1",
        "Hip\u0085X-Evil: 1",
        "Hip%0aBcc: everyone@example.com",
        "=?utf-8?q?Hip=0d=0aBcc:_everyone@example.com?=",
        "\x0bHip\x0c\x1c\x00\x1b[31m",
        "n" * 5000,
    ],
)
def test_i02_no_name_or_title_adds_a_header_or_a_recipient(
    settings: Settings, mail_server: MailServer, hostile: str
) -> None:
    settings = replace(settings, site_name=hostile)

    send(replace(LETTER, subject=hostile, text=hostile), settings)

    (message,) = mail_server.messages
    assert set(message.keys()) == HEADERS
    assert message["To"] == "reader@example.com"
    assert mail_server.recipients == ["reader@example.com"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_i02_any_text_makes_a_message_with_only_the_expected_headers(text: str) -> None:
    letter = replace(LETTER, subject=text)

    head = re.split(rb"\r?\n\r?\n", compose(letter, SETTINGS).as_bytes(), maxsplit=1)[0]
    lines = head.splitlines()

    names = {line.split(b":", 1)[0].decode() for line in lines if line[:1] not in b" \t"}
    assert names == HEADERS


def test_no_title_turns_the_words_beside_it_around() -> None:
    turned = replace(LETTER, subject="New: \u202egpj.exe\u2067\u200f\x00 and more")
    assert compose(turned, SETTINGS)["Subject"] == "New: gpj.exe\u200f and more"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_words_of_any_letters_are_sent_in_ascii_and_read_as_they_were_written(words: str) -> None:
    settings = replace(SETTINGS, site_name=f"Ä {words}", mail_from="a" * 60 + "@example.org")
    letter = replace(LETTER, subject=words, text=f"{words}\nä", reply_to=settings.mail_from)

    raw = compose(letter, settings).as_bytes()

    assert raw.isascii()
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", raw))
    read = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert str(make_header(decode_header(read["Subject"]))) == one_line(words)
    for header in (read["From"], read["Reply-To"]):
        name, address = parseaddr("".join(header.splitlines()))
        assert str(make_header(decode_header(name))) == one_line(settings.site_name)
        assert address == settings.mail_from


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "@", "a@", "@b.example", "a@b.example,c@d.example", "a@b.example c@d.example",
        "a b@c.example", "a@b.example\r\nBcc: c@d.example", "a@b.example;c@d.example",
        "<a@b.example>", "a@b.example (and more", '"a@b.example', "ü b@c.example",
        "ü@b.example\r\nBcc: c@d.example", "ü\r\nBcc: c@d.example@b.example", "ü,a@b.example",
    ],
)  # fmt: skip
def test_i03_what_is_not_one_address_is_never_sent_to(address: str) -> None:
    with pytest.raises(PermanentFailure, match="not an address") as refused:
        compose(replace(LETTER, to=address), SETTINGS)
    assert not address or repr(address) not in str(refused.value)  # it is kept, and logged


def test_i03_a_quoted_address_reaches_one_person(
    settings: Settings, mail_server: MailServer
) -> None:
    send(replace(LETTER, to='"a,b"@example.com'), settings)

    assert mail_server.recipients == ['"a,b"@example.com']


def test_i03_a_box_in_other_letters_is_reached_where_the_server_carries_them(
    settings: Settings, mail_server: MailServer
) -> None:
    send(replace(LETTER, to="jürgen@bücher.example"), settings)

    assert mail_server.recipients == ["jürgen@xn--bcher-kva.example"]


def test_i03_an_address_that_the_mail_server_cannot_carry_is_permanent(
    settings: Settings, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda _server, name: name != "smtputf8")
    with pytest.raises(PermanentFailure, match="SMTPUTF8"):
        send(replace(LETTER, to="jürgen@example.com"), settings)
    assert mail_server.recipients == []


def test_a_long_unsubscribe_link_is_sent_whole_on_one_line() -> None:
    link = "https://questions.example.org/unsubscribe/" + "a" * 300
    raw = compose(replace(LETTER, unsubscribe_url=link), SETTINGS).as_bytes()
    assert f"List-Unsubscribe: <{link}>\n".encode() in raw


def test_i03_a_domain_in_other_letters_is_sent_as_mail_servers_know_it() -> None:
    message = compose(replace(LETTER, to="anna@bücher.example"), SETTINGS)
    assert message["To"] == "anna@xn--bcher-kva.example"


def test_a_subject_begins_on_the_line_of_its_name() -> None:
    subject = "Somebody answered your question about the hip that clicks when you swing the leg"
    raw = compose(replace(LETTER, subject=subject), SETTINGS).as_bytes()
    assert f"Subject: {subject}\n".encode() in raw
