"""A real SMTP server on a port of its own, which keeps what it is sent."""

from __future__ import annotations

import email
import email.policy
import socket
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """`messages` are the accepted mails, oldest first; `answers` are given to the next recipients
    instead of a yes ("550 no such person"), each once; `recipients` are all that were named."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answers: list[str] = []
        self.recipients: list[str] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def clear(self) -> None:
        self.messages.clear()
        self.answers.clear()
        self.recipients.clear()

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to this address, oldest first."""
        return [message for message in self.messages if address in str(message["To"])]

    def texts(self) -> list[str]:
        return [text_of(message) for message in self.messages]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self.recipients.append(address)
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 kept"


def text_of(message: EmailMessage) -> str:
    """The plain part of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def free_port() -> int:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])
