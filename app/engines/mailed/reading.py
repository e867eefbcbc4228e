"""A mail from its bytes: who says they sent it, where to, by hand or not, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from itertools import islice

from app.engines.mailed.automatic import shown_by
from app.engines.mailed.errors import Fault, Unreadable
from app.engines.mailed.parts import words_of

MOST_BYTES = 1024 * 1024
MOST_NESTED = 16
"""Parts that hold others. The library asks at every line for the end of each that is open."""
LONGEST_FIELD = 2_000
"""Characters of a field that are read, and bytes of one that says what a part is: to find the ends
of such a field's pieces costs the library the square of its length."""
MOST_FIELDS = 5
"""Of one name."""
_TOWARDS = (
    *("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To"),
    *("To", "Cc"),
)
"""Where a mail server, or the writer's program, names whom a mail is for."""
_HOLDS_OTHERS = re.compile(
    rb"boundary\*?[0-9]*\*?[ \t]*=|content-type:[ \t\n]*message/", re.IGNORECASE
)
_ABOUT_A_PART = re.compile(
    rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")


@dataclass(frozen=True, slots=True)
class Mail:
    """`name` is its Message-ID, empty without one. `senders` are the fields From as they came,
    `towards` those that name recipients, `results` what mail servers found out about the sender
    (RFC 8601), the last one's first. `automatic` names the field that shows that no person wrote
    it. `files`
    is how many attachments it has; none of them is kept."""

    name: str
    senders: tuple[str, ...]
    towards: tuple[str, ...]
    results: tuple[str, ...]
    automatic: str | None
    text: str
    files: int


def read(raw: bytes) -> Mail:
    """Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(Fault.LARGE)
    if not raw.strip():
        raise Unreadable(Fault.EMPTY)
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    _refuse_maze(raw)
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        text, files = words_of(message)
    except RecursionError as nested:
        raise Unreadable(Fault.MAZE) from nested
    if not message.keys():
        raise Unreadable(Fault.HEADERLESS)
    return _mail(message, text, files)


def read_header(raw: bytes) -> Mail:
    """The same of a mail of whose body nothing can be used: it has no text. Raises Unreadable."""
    head = raw[:MOST_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return read(head + b"\n\n")


def _mail(message: Message, text: str, files: int) -> Mail:
    name = _MESSAGE_ID.search(next(fields(message, "Message-ID"), ""))
    return Mail(
        name=name[0] if name else "",
        senders=tuple(fields(message, "From")),
        towards=tuple(one for towards in _TOWARDS for one in fields(message, towards)),
        results=tuple(fields(message, "Authentication-Results")),
        automatic=shown_by(lambda wanted: list(fields(message, wanted)), message),
        text=text,
        files=files,
    )


def _refuse_maze(raw: bytes) -> None:
    """What would cost more to take apart than any honest mail."""
    if sum(1 for _ in islice(_HOLDS_OTHERS.finditer(raw), MOST_NESTED + 1)) > MOST_NESTED:
        raise Unreadable(Fault.MAZE)
    if any(len(found[0]) > LONGEST_FIELD for found in _ABOUT_A_PART.finditer(raw)):
        raise Unreadable(Fault.MAZE)


def fields(message: Message, name: str) -> Iterator[str]:
    """The fields of this name as one line each, the first `MOST_FIELDS`. The library would put
    question marks for letters beyond ASCII, which today are UTF-8."""
    found = (value for known, value in message.raw_items() if known.lower() == name.lower())
    for value in islice(found, MOST_FIELDS):
        said = str(value)[:LONGEST_FIELD].encode(errors="surrogateescape").decode(errors="replace")
        yield " ".join(said.split())
