"""The only door for mail: a letter goes to SMTP, or to the log where no server is set."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

import idna

from app.config import Settings
from app.engines.returned_mail import is_about_no_mailbox
from app.engines.text.masks import masked_email, with_emails_masked
from app.infra import clock
from app.infra.http import metrics
from app.infra.jobs import PermanentFailure
from app.infra.mail_headers import POLICY
from app.infra.outside.connections import Watch

logger = logging.getLogger(__name__)
DeliveryProblem = (OSError, smtplib.SMTPException)
"""What a mail server that is away, or that refuses, raises."""
TIMEOUT_SECONDS = 15
"""For each answer of the mail server."""
SIGN_IN_FIRST = 530
"""What a server answers to any mail where its password is missing in the settings (RFC 4954)."""
LONGEST_SECONDS = 30
"""For a whole mail: a server that drips its answers byte by byte begins each of those anew."""
NOT_IN_A_BOX = re.compile(r'[\s\x00-\x1f\x7f"(),:;<>@\[\]\\]')
"""What no name of a mailbox has that is not quoted (RFC 5322, RFC 6531)."""
NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that change the side from which letters are read."""
ENCODED_WORD = re.compile(r"=\?(?=[^?]*\?[bq]\?)", re.IGNORECASE)


class RefusedForNow(smtplib.SMTPException):
    """The server said no, and that trying again may help."""


class NoSuchMailbox(PermanentFailure):
    """The server said that there is no mailbox of this name, and never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `key` names the letter for ever, so that a second try after a lost
    answer bears the same Message-ID. `unsubscribe_url` brings the headers of RFC 8058. `reply_to`
    is where its reader answers; Exchange is asked to let no answering machine do so."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    reply_to: str | None = None


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """The letter as a message. Raises PermanentFailure for an address that cannot be one."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = one_line(letter.subject)
    message["From"] = Address(one_line(settings.site_name), addr_spec=settings.mail_from)
    try:
        message["To"] = _recipient(letter.to)
    except (ValueError, IndexError, HeaderParseError) as wrong:
        raise PermanentFailure(f"not an address: {masked_email(letter.to)!r}") from wrong
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.key}@{urlsplit(settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.reply_to:
        message["Reply-To"] = Address(one_line(settings.site_name), addr_spec=letter.reply_to)
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # not "All": bounces are wanted
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _recipient(address: str) -> Address:
    """One address, its domain as every mail server knows it (`xn--…`). A box with letters beyond
    ASCII stays as it is: a server must speak SMTPUTF8 for it, and the email package reads none.
    Raises ValueError, IndexError or HeaderParseError for what is no address."""
    box, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    if box.isascii():
        return Address(addr_spec=f"{box}@{domain}")
    if NOT_IN_A_BOX.search(box):
        raise ValueError(box)
    return Address(username=box, domain=Address(addr_spec=f"a@{domain}").domain)


def one_line(text: str) -> str:
    """Text that cannot begin a header of its own, nor turn what stands beside it around.

    What looks like an encoded word is taken apart: the email package would decode it, line ends
    inside it included."""
    shown = NOT_SHOWN.sub("", " ".join(text.split()))
    return ENCODED_WORD.sub("= ?", " ".join(shown.split()))[:200]


def send(letter: Letter, settings: Settings) -> None:
    """Send the letter now. Raises PermanentFailure when the server says no for ever, NoSuchMailbox
    where it says why, and smtplib's or the socket's error when trying again may help."""
    message = compose(letter, settings)
    if settings.mail_backend == "log":
        _show(letter, message["Subject"], settings)
        return
    try:
        _hand_over(message, settings)
    except PermanentFailure:
        metrics.mails.labels("refused").inc()
        raise
    except (OSError, smtplib.SMTPException):
        metrics.mails.labels("again").inc()
        raise
    metrics.mails.labels("sent").inc()


def _hand_over(message: EmailMessage, settings: Settings) -> None:
    try:
        with _connection(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            _send_to(server, message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        if is_about_no_mailbox(_said(code, words)):
            raise NoSuchMailbox(_said(code, words)) from refused
        if _is_for_ever(code):
            raise PermanentFailure(_said(code, words)) from refused
        raise RefusedForNow(_said(code, words)) from refused
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        if _is_for_ever(refused.smtp_code):
            raise PermanentFailure(_said(refused.smtp_code, refused.smtp_error)) from refused
        raise RefusedForNow(_said(refused.smtp_code, refused.smtp_error)) from refused
    except smtplib.SMTPResponseException as refused:  # said of the server itself, not of the mail
        raise RefusedForNow(_said(refused.smtp_code, refused.smtp_error)) from refused


def _is_for_ever(code: int) -> bool:
    return code >= 500 and code != SIGN_IN_FIRST


def _send_to(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPNotSupportedError as wrong:
        raise PermanentFailure(
            "the mail server takes no address with letters beyond ASCII (it offers no SMTPUTF8)"
        ) from wrong


def _said(code: int, words: bytes | str) -> str:
    """What the server answered, as it can be read and logged."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return with_emails_masked(f"{code} {' '.join(text.split())}")


def greet(settings: Settings) -> None:
    """Connect as for a mail, say EHLO, sign in, and send nothing. Raises what smtplib raises."""
    with _connection(settings) as server:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)


def _show(letter: Letter, subject: str, settings: Settings) -> None:
    """In the demo the log shows the whole mail. Elsewhere its links are doors and stay out."""
    if settings.is_demo:
        told = f"mail to {letter.to}: {subject}\n{letter.text}"
        logger.info("%s", told, extra={"is_letter": True})
        return
    logger.warning(
        "a mail was not sent, since MAIL_BACKEND is log: %s to %s",
        subject,
        masked_email(letter.to),
    )


@contextmanager
def _connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection that ends in time, whatever the server does."""
    with Watch(LONGEST_SECONDS) as watch, _connected(settings, watch) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        yield server


def _connected(settings: Settings, watch: Watch) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return _WatchedTls(host, port, watch=watch)
    return _Watched(host, port, watch=watch)


class _Watched(smtplib.SMTP):
    def __init__(self, host: str, port: int, *, watch: Watch) -> None:
        self._watch = watch
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)

    def __exit__(self, *_wrong: object) -> None:
        """Say goodbye. What the server says to that is nothing to go by: a mail that it took is
        sent, and would be sent twice."""
        try:
            self.quit()
        except DeliveryProblem as problem:
            logger.info("the mail server did not say goodbye: %s", problem)
        finally:
            self.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._watch.over(super()._get_socket(host, port, timeout))  # type: ignore[misc]


class _WatchedTls(smtplib.SMTP_SSL, _Watched):
    """Watched below TLS, so that a handshake ends in time as well."""

    def __init__(self, host: str, port: int, *, watch: Watch) -> None:
        self._watch = watch
        smtplib.SMTP_SSL.__init__(
            self, host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
