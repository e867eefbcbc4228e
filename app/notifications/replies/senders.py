"""Whether a mail is from whom it should be: by its field From and, where the site has a mail server
that looks, by what that one found out (RFC 8601)."""

from __future__ import annotations

import re
from email.utils import getaddresses

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Address
from app.engines.mailed.reading import Mail
from app.infra import settings
from app.notifications.replies.addresses import recogniser
from app.notifications.replies.errors import OtherSender, UnprovenSender
from app.notifications.returned import spellings

_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_SIGNED_BY = re.compile(r"\bheader\.(?:d|i)\s*=\s*@?([a-z0-9.-]+)", re.IGNORECASE)


def check(mail: Mail, owner: Address) -> None:
    """Raises OtherSender, UnprovenSender."""
    email = sender_of(mail)
    keys = {accounts.email_key(one) for one in spellings(email)} if email else set()
    if owner.email_key not in keys:
        raise OtherSender
    server = settings.current().mail_authserv_id
    if server and not _is_proven(mail, server.lower(), email.rpartition("@")[2].lower()):
        raise UnprovenSender


def is_this_site(mail: Mail) -> bool:
    """Whether it says that this program sent it."""
    ours = accounts.email_key(settings.current().mail_from)
    return accounts.email_key(sender_of(mail)) == ours or any(map(recogniser(), mail.senders))


def sender_of(mail: Mail) -> str:
    """The one address that it says it is from; empty where it names none, or several, or where the
    library may take another for it than a mail server does."""
    if len(mail.senders) != 1:
        return ""
    (said,) = mail.senders
    found = [email for _, email in getaddresses([said])]
    if len(found) != 1 or "@" not in found[0]:
        return ""
    (email,) = found
    return email if said == email or said.endswith(f"<{email}>") else ""


def _is_proven(mail: Mail, server: str, domain: str) -> bool:
    """By the first result that bears the server's name, which is the newest: what the mail brought
    with it stands below. DMARC decides where it was asked, else a signature of the sender's own
    domain."""
    named = (one for one in mail.results if _server_of(one) == server)
    said = next(named, None)
    if said is None:
        return False
    pieces = _bare(said).split(";")[1:]
    results = [(one, found) for one in pieces if (found := _RESULT.match(one))]
    dmarc = [found[2].lower() for _, found in results if found[1].lower() == "dmarc"]
    if dmarc:
        return dmarc == ["pass"]
    return any(
        found[1].lower() == "dkim" and found[2].lower() == "pass" and _is_of(one, domain)
        for one, found in results
    )


def _bare(said: str) -> str:
    """Without comments, which stand in each other, and quoted words: in both a sender's own may be.
    Of what never ends nothing is left."""
    kept: list[str] = []
    depth, is_quoted = 0, False
    signs = iter(said)
    for sign in signs:
        if sign == "\\" and (depth or is_quoted):
            next(signs, "")
        elif is_quoted:
            is_quoted = sign != '"'
        elif sign == '"' and not depth:
            is_quoted = True
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif not depth:
            kept.append(sign)
    return "".join(kept)


def _server_of(result: str) -> str:
    words = result.partition(";")[0].split()
    return words[0].lower() if words else ""


def _is_of(result: str, domain: str) -> bool:
    """Whether the signature is the domain's, or one above it that is no bare ending."""
    signed = _SIGNED_BY.search(result)
    if signed is None:
        return False
    by = signed[1].lower().strip(".")
    return by == domain or ("." in by and domain.endswith(f".{by}"))
