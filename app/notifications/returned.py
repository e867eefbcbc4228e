"""Mail that came back, or was complained of, stops mail to that address.

A report in a mailbox may be anybody's. It is believed where it quotes the name of a mail that we
sent to the very address (`names`); what the operator says by hand is believed as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import idna

from app.domains.accounts import mail_stops
from app.domains.accounts import queries as accounts
from app.domains.accounts.mail_stops import WHY_LENGTH
from app.domains.accounts.models import Address
from app.domains.accounts.states import Stop
from app.engines import returned_mail
from app.engines.returned_mail import NotAReport, Returned
from app.engines.text.masks import with_emails_masked
from app.infra import audit
from app.infra.language import sentence
from app.infra.refusal import Refusal
from app.notifications.names import is_of_mail_to


class UnreadReport(Refusal):
    public = (
        "This is no report about a mail that came back: neither a delivery status (RFC 3464) nor "
        "a complaint (RFC 5965)."
    )


class NotOurMail(Refusal):
    public = (
        "This report quotes no mail that the site sent to the address it names, so nothing was "
        "stopped."
    )


class NobodysAddress(Refusal):
    public = "The site knows no such address, so there is nothing to stop."
    status = 404


class NotStopped(Refusal):
    public = sentence(
        "Mail to this address is not stopped any more. Reload the page and look again."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Stopped:
    """`is_new` is False where mail to the address was stopped already; `until` None: for good."""

    address: Address
    is_new: bool
    until: datetime | None


def take(report: bytes, *, source: str) -> list[Stopped]:
    """Stop mail by a report, in the caller's transaction. `source` says in the record where it came
    from. Raises UnreadReport, NotOurMail."""
    try:
        found = returned_mail.read(report)
    except NotAReport as other:
        raise UnreadReport from other
    ours = [(address, one) for one in found if (address := _recipient(one)) is not None]
    if found and not ours:
        raise NotOurMail
    return [_stop(address, Stop(one.what.value), one.why, source) for address, one in ours]


def stop_by_hand(email: str, kind: Stop, why: str, *, source: str) -> Stopped:
    """Stop mail to an address because the operator says so. Raises NobodysAddress."""
    address = accounts.find_address(email)
    if address is None:
        raise NobodysAddress
    return _stop(address, kind, why, source)


def refused(email: str, why: str) -> None:
    """Our own mail server said at once that there is no such mailbox: nobody needs to report it."""
    address = accounts.find_address(email)
    if address is not None:
        _stop(address, Stop.HARD, why, "mail server")


def lift(address_id: int, *, by: audit.Person) -> None:
    """An admin knows that mail reaches the address again. Raises NotStopped."""
    stop = mail_stops.in_force(address_id)
    if stop is None:
        raise NotStopped
    audit.write(
        "lift mail stop", "address", address_id, by=by, from_state=stop.kind, reason=stop.why
    )
    mail_stops.lift(address_id)


def _stop(address: Address, kind: Stop, why: str, source: str) -> Stopped:
    line = "".join(sign for sign in " ".join(why.split()) if sign.isprintable())
    why = with_emails_masked(line)[:WHY_LENGTH]
    is_new = mail_stops.stop(address, kind, why)
    if is_new:
        audit.write(
            "stop mail",
            "address",
            address.id,
            by=None,
            actor_name=source,
            to_state=kind,
            reason=why,
        )
    known = mail_stops.in_force(address.id)
    return Stopped(address, is_new, until=known.until if known else None)


def _recipient(returned: Returned) -> Address | None:
    """Whose mail it was: the first that it may be, to whom a mail of a name that it quotes went."""
    for email in returned.addresses:
        for spelling in spellings(email):
            address = accounts.find_address(spelling)
            if address and any(is_of_mail_to(name, address) for name in returned.names):
                return address
    return None


def spellings(email: str) -> Iterator[str]:
    """As it was said, and with the letters that a domain stands for (`xn--…`)."""
    yield email
    box, _, domain = email.rpartition("@")
    if "xn--" in domain.lower():
        try:
            yield f"{box}@{idna.decode(domain)}"
        except idna.IDNAError:
            return
