"""How the headers of our mails are written: on one line where they must be whole, and in ASCII."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader
from email.policy import EmailPolicy, default
from email.utils import formataddr

LONGEST_WORD = 75
"""Signs of an encoded word (RFC 2047)."""


class _Unfolded(UniqueUnstructuredHeader):
    """A header that stays one line however long: an address that is cut up or encoded is no
    address to a mail program (RFC 8058 wants it whole)."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"List-Unsubscribe: {self}{policy.linesep}"


class _Subject(UniqueUnstructuredHeader):
    def fold(self, *, policy: EmailPolicy) -> str:
        return f"Subject: {_in_ascii(str(self), 'Subject', policy)}{policy.linesep}"


class _Sender(UniqueAddressHeader):
    """A name, which may be encoded, and an address, which stays whole whatever the name is."""

    name: str
    """Of the header."""

    def fold(self, *, policy: EmailPolicy) -> str:
        (sender,) = self.addresses
        name = _in_ascii(sender.display_name, self.name, policy)
        if name == sender.display_name:
            named = formataddr((name, sender.addr_spec))
        else:
            named = f"{name}{policy.linesep} <{sender.addr_spec}>"
        return f"{self.name}: {named}{policy.linesep}"


def _in_ascii(text: str, header: str, policy: EmailPolicy) -> str:
    """In encoded words, where it needs any. The package's own folding makes longer ones where lines
    may be longer, and loses spaces between them."""
    if text.isascii() and text.isprintable():
        return text
    encoded = Header(text, "utf-8", maxlinelen=LONGEST_WORD, header_name=header)
    return encoded.encode(linesep=policy.linesep)


_headers = HeaderRegistry()
for _name, _kind in (
    ("list-unsubscribe", _Unfolded),
    ("subject", _Subject),
    ("from", _Sender),
    ("reply-to", _Sender),
):
    _headers.map_to_type(_name, _kind)  # type: ignore[arg-type]  # (mix-ins)
POLICY = default.clone(header_factory=_headers, max_line_length=200, cte_type="7bit")
"""Lines of at most 200 (RFC 5322 allows 998). Words beyond ASCII are encoded, since a server on the
way that takes no eight bits would encode them and so break the signature of the one before it."""
