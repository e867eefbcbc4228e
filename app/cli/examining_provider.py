"""The OpenID provider, as the doctor sees it."""

from __future__ import annotations

from collections.abc import Iterator

from app.cli.findings import Finding, well, wrong
from app.infra import letters
from app.infra.outside import provider
from app.infra.outside.provider import Provider
from app.infra.outside.questions import NoAnswer


def openid() -> Iterator[Finding]:
    """Ask it for its description and its keys, and show it our secret, as signing in does; nobody
    is signed in."""
    asked = provider.chosen()
    if asked is None:
        yield well("openid", "No provider is set, so nobody is called to sign people in.")
        return
    try:
        asked.doors()
        keys = asked.keys()
    except NoAnswer as none:
        yield wrong(
            "openid",
            f"{asked.issuer} cannot be used: {none}.",
            "See OPENID_ISSUER, and that this machine reaches it over https.",
        )
        return
    if not keys:
        yield wrong(
            "openid",
            f"{asked.issuer} names no key, so nothing that it says could be believed.",
            "See its own settings for signing ID tokens.",
        )
        return
    yield _client(asked)


def _client(asked: Provider) -> Finding:
    """Whether it knows us, tried with a code that nobody has."""
    back = letters.link_to("accounts.openid_back")
    try:
        takes_us = asked.takes_client(back)
    except NoAnswer as none:
        return wrong(
            "openid",
            f"{asked.issuer} gives no tokens: {none}.",
            "See whether the address that it names for tokens can be reached from here.",
        )
    if takes_us is False:
        return wrong(
            "openid",
            f"{asked.issuer} does not take OPENID_CLIENT_ID with OPENID_CLIENT_SECRET, so nobody "
            "could sign in with it.",
            "Copy both from its settings once more; a secret that has ended is made anew there.",
        )
    known = "answers" if takes_us is None else "answers and knows this site"
    return well("openid", f"{asked.issuer} {known}. It must know this address of ours: {back}")
