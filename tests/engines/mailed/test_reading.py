"""What a mail is taken to say: its letters, its forms, its files, and what shows a program."""

from __future__ import annotations

import contextlib
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.engines.mailed.errors import Unreadable
from app.engines.mailed.from_html import text_of_html
from app.engines.mailed.reading import MOST_BYTES, read, read_header
from tests.support.guard import no_hanging

HEAD = "From: Marta <marta@example.com>\nTo: reply+x@example.org\nMessage-ID: <a@b>\n"


def of(body: str | bytes, *fields: str) -> bytes:
    raw = body if isinstance(body, bytes) else body.encode()
    return "\n".join([HEAD.strip(), *fields, "", ""]).encode() + raw


def words(body: str | bytes, *fields: str) -> str:
    return read(of(body, *fields)).text.strip()


def mixed(*parts: str, kind: str = "mixed") -> bytes:
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return of(f"{inner}--b--\n", f"Content-Type: multipart/{kind}; boundary=b")


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nIt is a tendon."
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>It is <b>a tendon</b>.</p>"
PICTURE = "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n\nxx"
PDF = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nxx"
TNEF = "Content-Type: application/ms-tnef; name=winmail.dat\n\nxx"


def test_a_plain_mail_is_read() -> None:
    mail = read(of("It is a tendon.\r\n"))
    assert (mail.text.strip(), mail.name, mail.files) == ("It is a tendon.", "<a@b>", 0)
    assert mail.senders == ("Marta <marta@example.com>",)
    assert mail.towards == ("reply+x@example.org",)
    assert mail.automatic is None


LETTERS = [
    ("Schöne Grüße".encode("latin-1"), ["Content-Type: text/plain; charset=iso-8859-1"]),
    (b"Sch=F6ne Gr=FC=DFe", ["Content-Transfer-Encoding: quoted-printable"]),
    (b"U2Now7ZuZSBHcsO8w59l", ["Content-Transfer-Encoding: base64"]),
    ("Schöne Grüße".encode("utf-16"), ["Content-Type: text/plain; charset=utf-16"]),
    ("Schöne Grüße".encode(), ["Content-Type: text/plain; charset=us-ascii"]),
    ("Schöne Grüße".encode("cp1252"), []),
    ("Schöne Grüße".encode(), ["Content-Type: text/plain; charset=x-unheard-of"]),
    ("Schöne Grüße".encode(), ["Content-Type: text/plain; charset=rot13"]),
    *[
        ("Schöne Grüße".encode(), [f"Content-Type: text/plain; charset{named}"])
        for named in ("=undefined", "=idna", "*=utf-8''utf-8", "=a\0b", "*=a\0b''utf-8")
    ],
]


def test_letters_are_read_whatever_is_said_of_them() -> None:
    for raw, fields in LETTERS:
        assert words(raw, *fields) == "Schöne Grüße", fields


CHARSETS = ["utf-7", "unicode_escape", "punycode", "zip", "a\x00b", "x" * 900]


def test_no_name_of_a_charset_is_a_fault() -> None:
    for charset in CHARSETS:
        read_ = words(b"+2AA- \\ud800", f"Content-Type: text/plain; charset={charset}")
        assert "\ud800" not in read_, charset


def test_of_several_forms_the_typed_one_counts() -> None:
    for raw in (mixed(PLAIN, HTML, kind="alternative"), mixed(HTML, PLAIN, kind="alternative")):
        assert read(raw).text.strip() == "It is a tendon."
    empty = "Content-Type: text/plain\n\n \n"
    assert read(mixed(empty, HTML, kind="alternative")).text == "It is a tendon."


def test_files_are_counted_and_pictures_within_the_words_are_not() -> None:
    mail = read(mixed(PLAIN, PICTURE, PDF, TNEF, PLAIN))
    assert mail.files == 2
    assert mail.text == "It is a tendon.\n\nIt is a tendon."


def test_folded_lines_are_put_together_again() -> None:
    flowed = "Content-Type: text/plain; format=flowed{}"
    folded = "It is \na tendon.\n> Why \n> this?\n-- \nMarta"
    assert words(folded, flowed.format("")) == "It is a tendon.\n> Why this?\n-- \nMarta"
    assert words("It is a ten \ndon.", flowed.format("; delsp=yes")) == "It is a tendon."


AS_HTML = [
    ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
    ("<style>p{}</style><div>a &lt;b&gt; &amp; c</div><div>d</div>", "a <b> & c\nd"),
    ("<ul><li>one<li>two</ul>", "- one\n- two"),
    ('<a href="https://example.org/x">here</a>', "here (https://example.org/x)"),
    ('<a href="https://example.org/">https://example.org</a>', "https://example.org"),
    ('<a href="javascript:alert(1)">here</a>', "here"),
    ('Own.<div class="gmail_quote"><div>On x</div>old</div>', "Own."),
    ('Own.<hr><div id="divRplyFwdMsg"><b>Von:</b> Bo<br></div><div>old</div>', "Own."),
    ('Own.<div id="mail-editor-reference-message-container">Von: Bo<p>old</p></div>', "Own."),
    ("<table><tr><td>Von:</td><td>Bo</td></tr><tr><td>An:</td></tr></table>", "Von: Bo\nAn:"),
    ("Own.<blockquote>old<blockquote>older</blockquote></blockquote>After.", "Own.\n\nAfter."),
    ("a<!-- <p>b --> c <![if x]>d<script>e</script>", "a c d"),
    ("<o:p>words</o:p>", "words"),
    ("a < b and c > d", "a < b and c > d"),
]


def test_words_in_html_are_as_one_would_have_typed_them() -> None:
    for html, text in AS_HTML:
        assert text_of_html(html) == text


OF_PROGRAMS = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; x=y",
    "Precedence: bulk",
    "X-Autoreply: yes",
    "Return-Path: <>",
    "List-Id: <friends.example.org>",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "Subject: Automatic reply: One question waits",
    "Subject: =?utf-8?q?Automatische_Antwort=3A_ich_bin_weg?=",
    "Subject: Respuesta automática: estoy fuera",
    "From: MAILER-DAEMON@mx.example.org",
]


def test_what_a_program_wrote_is_known() -> None:
    for field in OF_PROGRAMS:
        assert read(of("I am away.", field)).automatic, field


OF_PEOPLE = ["Auto-Submitted: no", "Return-Path: <marta@example.com>", "Subject: Re: Out of office"]


def test_what_a_person_wrote_is_no_programs() -> None:
    for field in OF_PEOPLE:
        assert read(of("It is a tendon.", field)).automatic is None, field


def nested(depth: int) -> bytes:
    parts = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return ("From: a@b.example\n" + "".join(parts)).encode()


def rfc822(depth: int) -> bytes:
    return b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * depth


HOSTILE = {
    "empty": b"",
    "no header": b"words\n\nwords",
    "too large": b"a" * (MOST_BYTES + 1),
    "10,000 parts": mixed(*["Content-Type: text/plain\n\nx"] * 10_000),
    "nested": nested(3000),
    "mails in mails": rfc822(3000),
    "field without end": of("x", "Content-Type: text/plain" + "; a=b" * 100_000),
    "folded field without end": of("x", "Content-Disposition: a" + ";\r\n\ta=b" * 90_000),
    "bare returns": of("x\rContent-Type: text/plain" + "; a=b" * 100_000, "X: y"),
    "one line of 1 MB": of("x" * (MOST_BYTES - 300)),
    "empty lines": nested(16) + b"\n" * (MOST_BYTES - 5000),
    "10,000 fields": of("x", *["From: a@b.example"] * 10_000),
    "field of 1 MB": of("x", "From: " + "<a@b.example>," * 70_000),
    "angles": of("<" * 900_000, "Content-Type: text/html"),
    "open tags": of("<a href=" * 110_000, "Content-Type: text/html"),
    "ends": of("x</a>" * 150_000, "Content-Type: text/html"),
    "entities": of("&" * 900_000, "Content-Type: text/html"),
    "quoted subject": of("x", "Subject: " + "=?utf-8?q?" * 90_000),
    "encoded words": of("x", "Subject: " + "=?utf-8?q?a?= " * 70_000),
}


def test_s10_s12_no_mail_takes_long_or_fails_otherwise() -> None:
    for raw in HOSTILE.values():
        with no_hanging():
            with contextlib.suppress(Unreadable):
                read(raw)
            with contextlib.suppress(Unreadable):
                read_header(raw)


def test_of_a_mail_that_is_too_large_the_header_is_read() -> None:
    raw = of("x" * 2 * MOST_BYTES)
    with pytest.raises(Unreadable):
        read(raw)
    assert (read_header(raw).name, read_header(raw).text.strip()) == ("<a@b>", "")


ODD_SENDERS = [
    "From: a@b.example\x00",
    "From: \u202ea@b.example",
    "From: =?utf-8?b?=0d=0a?=",
    "From: \udc80",
]


def test_i02_a_field_is_one_line_whatever_stands_in_it() -> None:
    for field in ODD_SENDERS:
        raw = f"{field}\n Bcc: x\n\nwords".encode(errors="surrogateescape")
        (sender,) = read(raw).senders
        assert "\n" not in sender
        assert not any("\ud800" <= sign <= "\udfff" for sign in sender)


@given(some.binary(max_size=300), some.integers(0, 500), some.integers(0, 50))
def test_no_garbled_mail_is_a_fault(garbage: bytes, place: int, cut: int) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "a@b.example", "c@d.example", "<x@y>"
    mail.set_content("It is a tendon.")
    mail.add_alternative("<p>It is a tendon.</p>", subtype="html")
    mail.add_attachment(b"xx", maintype="application", subtype="pdf", filename="ü.pdf")
    raw = mail.as_bytes()
    with contextlib.suppress(Unreadable):
        found = read(raw[:place] + garbage + raw[place + cut :])
        assert not any("\ud800" <= sign <= "\udfff" for sign in found.text)
