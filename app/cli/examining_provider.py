"""The OpenID provider, as the doctor sees it."""

from __future__ import annotations

from collections.abc import Iterator

from app.cli.findings import Finding, well, wrong
from app.infra import letters
from app.infra.outside import provider
from app.infra.outside.questions import NoAnswer


def openid() -> Iterator[Finding]:
    """Ask it for its description and its keys, as signing in does; nobody is signed in."""
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
    back = letters.link_to("accounts.openid_back")
    yield well("openid", f"{asked.issuer} answers. It must know this address of ours: {back}")
