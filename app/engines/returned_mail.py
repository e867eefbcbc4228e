"""What a report about a mail says: that it came back (RFC 3464), or was called unwanted (RFC 5965).

Anybody can write such a report, so what it says is a claim. The names of the mails that it quotes
go with it, for whoever knows which mails were sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from enum import StrEnum
from itertools import islice
from typing import Any

MOST_BYTES = 256 * 1024
"""Of a report; what is wanted stands at its beginning."""
MOST_RECIPIENTS = 20
LONGEST_FIELD = 500
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
_OF_THE_SENDER = frozenset({"7", "8"})
"""5.1.7 and 5.1.8 find fault with who sent the mail."""
_NO_SUCH_MAILBOX = re.compile(r"5[0-9]{2} #?5\.1\.(?:1|2|3|6|10)\b")
"""No such mailbox, no such domain, no such address, moved and nobody knows whither, and a domain
that takes no mail (RFC 3463, RFC 7505). What else a server says may find fault with the sender."""
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "other", "virus"})


class NotAReport(Exception):
    """It is some other mail, or none at all."""


class What(StrEnum):
    """`hard`: there is no such mailbox; `soft`: it took nothing, for whatever other reason;
    `complaint`: its owner called the mail unwanted."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Returned:
    """`addresses` are those that the mail may have been for, the likeliest first; `names` the
    Message-IDs that the report quotes."""

    what: What
    addresses: tuple[str, ...]
    why: str
    names: tuple[str, ...]


def read(raw: bytes) -> list[Returned]:
    """What came back by this report; nothing for one that only says that a mail is late, arrived,
    or was called wanted. Raises NotAReport."""
    try:
        report = BytesParser(policy=compat32).parsebytes(raw[:MOST_BYTES])
        parts = _inner(report)
    except RecursionError as nested:
        raise NotAReport("its parts are nested too deeply") from nested
    if report.get_content_type() != "multipart/report" or parts is None:
        raise NotAReport("it is no multipart/report")
    original = next(_quoted(parts), None)
    for part in parts:
        blocks = _inner(part)
        if not blocks:
            continue
        if part.get_content_type() == "message/delivery-status":
            return list(_failures(blocks, original))
        if part.get_content_type() == "message/feedback-report":
            return list(_complaints(blocks[0], original))
    raise NotAReport("no part of it says what became of a mail")


def is_about_no_mailbox(answer: str) -> bool:
    """Whether a mail server's answer to the name of a recipient, its number first, says that no
    mail will ever get there."""
    return _NO_SUCH_MAILBOX.match(answer) is not None


def _failures(blocks: Sequence[Any], original: Message | None) -> Iterator[Returned]:
    """The first block is about the whole mail, each other about one recipient."""
    for block in blocks[1 : 1 + MOST_RECIPIENTS]:
        if _field(block, "Action").lower() != "failed":
            continue
        status, said = _field(block, "Status"), _after_type(_field(block, "Diagnostic-Code"))
        named = [_field(block, "Original-Recipient"), _field(block, "Final-Recipient")]
        yield Returned(
            what=_how_bad(status),
            addresses=_addresses([_after_type(one) for one in named], original),
            why=said or f"status {status}",
            names=_names(original),
        )


def _complaints(block: Message, original: Message | None) -> Iterator[Returned]:
    kind = _field(block, "Feedback-Type").lower()
    if kind in _COMPLAINTS:
        named = list(islice(_values(block, "Original-Rcpt-To"), MOST_RECIPIENTS))
        yield Returned(
            what=What.COMPLAINT,
            addresses=_addresses(named, original),
            why=f"a complaint ({kind})",
            names=_names(original),
        )


def _how_bad(status: str) -> What:
    """Only what says that there is no such mailbox is for good: a full one is emptied, and what a
    server holds against the sender says nothing about the person."""
    found = _STATUS.search(status)
    if found is None:
        return What.SOFT
    level, subject, detail = found.groups()
    is_address = subject == "1" and detail not in _OF_THE_SENDER
    return What.HARD if level == "5" and is_address else What.SOFT


def _inner(part: Message) -> list[Any] | None:
    """The parts in it. Of words nothing is asked: the library would decode them by whatever name
    they bear, and raise for some."""
    several: Any = part.get_payload() if part.is_multipart() else None
    return several if isinstance(several, list) else None


def _quoted(parts: Sequence[Any]) -> Iterator[Message]:
    """The mail that the report is about, or its headers."""
    for part in parts:
        kind, inner = part.get_content_type(), _inner(part)
        if kind == "message/rfc822" and inner:
            yield inner[0]
        elif kind == "text/rfc822-headers":
            yield BytesParser(policy=compat32).parsebytes(part.get_payload(decode=True) or b"")


def _addresses(named: Sequence[str], original: Message | None) -> tuple[str, ...]:
    if original is not None:
        named = [*named, _field(original, "To")]
    found = (parseaddr(one)[1] for one in named)
    return tuple(dict.fromkeys(one for one in found if "@" in one))


def _names(original: Message | None) -> tuple[str, ...]:
    name = _field(original, "Message-ID") if original is not None else ""
    return (name,) if name else ()


def _field(block: Message, name: str) -> str:
    """One line, without what no terminal or page could show."""
    words = " ".join(next(_values(block, name), "").split())
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_FIELD]


def _values(block: Message, name: str) -> Iterator[str]:
    """The library would put question marks for letters beyond ASCII, which today are UTF-8."""
    for known, value in block.raw_items():
        if known.lower() == name.lower():
            yield str(value).encode(errors="surrogateescape").decode(errors="replace")


def _after_type(field: str) -> str:
    """ "rfc822; bo@example.com" and "smtp; 550 no such person" without their first word."""
    return field.partition(";")[2].strip() if ";" in field else field
