"""A mail server that loses its answers at times, and mails to send to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from app.domains.accounts.models import Address
from app.engines.text.names import fold_email
from app.infra import jobs
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.states import Mail
from benchmarks.faults.sites import Site
from tests.support.smtp import MailServer


class Forgetful(MailServer):
    """Takes each mail; of every `loses`-th the sender never hears so. 0: of none."""

    def __init__(self, loses: int = 0) -> None:
        super().__init__()
        self.loses = loses
        self.lost = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        if self.loses and len(self.messages) % self.loses == 0:
            self.lost += 1
            transport: Any = server.transport
            transport.abort()
        return said

    def times(self) -> Counter[str]:
        """How many mails came to each address."""
        return Counter(str(message["To"]) for message in [*self.messages])

    def names(self) -> dict[str, set[str]]:
        """The Message-IDs under which mails came to each address."""
        found: dict[str, set[str]] = {}
        for message in [*self.messages]:
            found.setdefault(str(message["To"]), set()).add(str(message["Message-ID"]))
        return found


@contextmanager
def listening(*, loses: int = 0) -> Iterator[Forgetful]:
    server = Forgetful(loses)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def lay_mails(site: Site, count: int, name: str) -> set[str]:
    """So many mails to as many new addresses, due at once; the addresses."""
    with site.inside(), unit_of_work():
        made = [
            Address(email=email, email_key=fold_email(email))
            for email in (f"{name}{number}@example.com" for number in range(count))
        ]
        db.session.add_all(made)
        db.session.flush()
        for address in made:
            jobs.enqueue(Mail.PROVE, {"address_id": address.id, "why": "ask"})
        return {address.email for address in made}
