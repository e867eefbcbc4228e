"""The parts of a mail: which of them are words, in which letters, and how many are files."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any, cast

from app.engines.mailed.errors import Fault, Unreadable
from app.engines.mailed.flowed import unflowed
from app.engines.mailed.from_html import text_of_html

MOST_PARTS = 200
LONGEST_TEXT = 200_000
"""Characters of one part that are looked at. Twenty times what a text may have: the rest of a mail
is what it quotes."""
_CHARSETS = re.compile(
    r"ascii|utf-?(?:8|16|32)(?:-?[bl]e)?|iso8859-\d{1,2}|cp\d{3,5}|koi8-[rtu]|gb(?:2312|18030|k)"
    r"|hz|big5(?:hkscs)?|shift_jis(?:x0213|_2004)?|euc_(?:jp|kr|jis_2004|jisx0213)"
    r"|iso2022_(?:jp|kr)(?:_\w+)?|johab|tis-620|mac-\w+"
)
"""Names that Python gives to letters of people. Other codecs of its are none, and UTF-7 would bring
halves of characters."""
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature"})
_SEALED = frozenset({"application/x-pkcs7-signature", "application/pgp-encrypted"})
_NO_FILES = _SIGNATURES | _SEALED


@dataclass(slots=True)
class _Found:
    text: str = ""
    files: int = 0
    is_html: bool = False


def words_of(message: Message) -> tuple[str, int]:
    """What is said in a mail, as plain text, and how many files came with it. Raises Unreadable."""
    for number, _ in enumerate(message.walk()):
        if number >= MOST_PARTS:
            raise Unreadable(Fault.MAZE)
    found = _look(message)
    return found.text, found.files


def _look(part: Message) -> _Found:
    kind, inner = part.get_content_type(), _inner(part)
    if inner is not None and part.get_content_maintype() == "multipart":
        several = [_look(one) for one in inner]
        return _best(several) if kind == "multipart/alternative" else _joined(several)
    if _is_file(part, kind):
        return _Found(files=1)
    if kind == "text/html":
        return _Found(text_of_html(_decoded(part)), is_html=True)
    if kind == "text/plain":
        return _Found(_plain(part))
    return _Found()


def _inner(part: Message) -> Sequence[Message] | None:
    if not part.is_multipart():  # the library would decode words by whatever name they bear
        return None
    several: Any = part.get_payload()
    return cast("Sequence[Message]", several)


def _best(several: Sequence[_Found]) -> _Found:
    """Of the same words in several forms those that were typed; files of each count."""
    said = [one for one in several if one.text.strip()]
    plain = [one for one in said if not one.is_html]
    chosen = next(iter(plain or said), _Found())
    return _Found(chosen.text, sum(one.files for one in several), chosen.is_html)


def _joined(several: Sequence[_Found]) -> _Found:
    """One after the other, as around a picture. A footer that a mail server added as a part of HTML
    behind plain words is theirs, not the writer's."""
    said = [one for one in several if one.text.strip()]
    plain = [one for one in said if not one.is_html]
    text = "\n\n".join(one.text.strip("\n") for one in plain or said)
    return _Found(text, sum(one.files for one in several), bool(said) and not plain)


def _is_file(part: Message, kind: str) -> bool:
    """What its writer attached. A picture within the words is none, nor is a signature."""
    where = part.get_content_disposition()
    if where == "attachment":
        return kind not in _NO_FILES
    if kind in ("text/plain", "text/html") or kind in _NO_FILES:
        return False
    return part.get("Content-ID") is None


def _plain(part: Message) -> str:
    text = _decoded(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflowed(text, joins_words=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _decoded(part: Message) -> str:
    payload: Any = part.get_payload(decode=True)
    raw: bytes = payload if isinstance(payload, bytes) else b""
    text = _in_letters(raw[: 4 * LONGEST_TEXT], _charset(part))
    return text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except ValueError:  # with a NUL in the name of its own letters (RFC 2231)
        return "utf-8"


def _in_letters(raw: bytes, charset: str) -> str:
    """What a sender says of the letters is often wrong, and nothing is lost by it but letters."""
    known = _known(charset)
    for name in dict.fromkeys([*([known] if known and known != "ascii" else []), "utf-8"]):
        try:
            return raw.decode(name)
        except UnicodeError:
            continue
    if known and known not in ("ascii", "utf-8"):
        return raw.decode(known, "replace")
    return raw.decode("cp1252", "replace")


def _known(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):  # unknown, or with a NUL in its name
        return None
    return name if _CHARSETS.fullmatch(name) else None
