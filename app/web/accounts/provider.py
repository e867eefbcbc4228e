"""The way to the site's OpenID provider and back: begun here, kept in this browser's session, good
for one return within ten minutes."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask import abort, request, session, url_for

from app.domains.accounts import identities
from app.infra import clock, tokens
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.language import _
from app.infra.outside import provider
from app.infra.outside.provider import CodeRefused, NotBelieved, Provider, Request
from app.infra.outside.questions import NoAnswer
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from app.engines.id_tokens import Claims

logger = logging.getLogger(__name__)

WAY = "openid_way"
WAY_SECONDS = 600
"""As long as somebody may take at the provider."""
LONGEST_NEXT = 1000
"""Of the path to go to afterwards; browsers drop a cookie of more than 4 kB."""


class ProviderAway(Refusal):
    """It gave no answer, or none that can be used."""

    status = 503

    def __init__(self, called: str) -> None:
        super().__init__(
            _(
                "%(provider)s did not answer as it should, so nobody could be signed in with it. "
                "Try again in a few minutes, or sign in another way.",
                provider=called,
            )
        )


class ProviderRefused(Refusal):
    """Somebody turned back there, or it does not let them in here."""

    status = 403

    def __init__(self, called: str) -> None:
        super().__init__(
            _(
                "%(provider)s did not confirm who you are, or you stopped there. Nothing was done.",
                provider=called,
            )
        )


class WayLost(Refusal):
    """Whoever came back did not set out in this browser, or did so long ago, or is back already."""

    status = 400

    def __init__(self, called: str) -> None:
        super().__init__(
            _(
                "This way back from %(provider)s was used already, is too old, or was begun in "
                "another window. Begin again here.",
                provider=called,
            )
        )


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of somebody who is on their way. `links` is the account that they want to link;
    None where they want to sign in. `at` is when they set out, in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    next: str
    links: int | None
    at: int

    @property
    def request(self) -> Request:
        return Request(
            self.state, self.nonce, self.verifier, absolute(url_for("accounts.openid_back"))
        )


def the_provider() -> Provider:
    """The site's provider; where it has none its pages are not there."""
    found = provider.chosen()
    if found is None:
        abort(404)
    return found


def set_out(wanted: str, *, links: int | None = None) -> str:
    """Begin a way, and return the address at the provider. A way that was begun before in this
    browser is forgotten. Raises ProviderAway."""
    asked = the_provider()
    way = Way(
        state=tokens.new_nonce(),
        nonce=tokens.new_nonce(),
        verifier=tokens.new_secret(),
        next=wanted if len(wanted) <= LONGEST_NEXT else "",
        links=links,
        at=_now(),
    )
    db.session.rollback()  # nothing is held while somebody outside is waited for
    try:
        address = asked.way_to(way.request)
    except NoAnswer as none:
        raise _away(asked, none) from none
    session[WAY] = asdict(way)
    return address


def way_back() -> Way:
    """The way on which this request leads back, which is over by that. Raises WayLost."""
    way = _way()
    asked = the_provider()
    if way is None or not tokens.same(request.args.get("state", ""), way.state):
        raise WayLost(asked.called)
    session.pop(WAY)
    with unit_of_work():
        is_first = identities.take_way_back(way.state)
    if not is_first or not 0 <= _now() - way.at + _SLACK <= WAY_SECONDS + 2 * _SLACK:
        raise WayLost(asked.called)
    return way


_SLACK = 5
"""Seconds by which the clocks of two machines of one site may differ here."""


def who_came(way: Way) -> Claims:
    """What the provider says of whoever came back. Raises ProviderRefused, ProviderAway,
    WayLost."""
    asked = the_provider()
    db.session.rollback()  # nothing is held while somebody outside is waited for
    try:
        if not _is_its_answer(asked):
            raise NotBelieved("the answer bears another provider's name")
        code = request.args.get("code", "")
        if "error" in request.args or not code:
            logger.info("the provider let nobody in: %s", request.args.get("error", "")[:40])
            raise ProviderRefused(asked.called)
        return asked.identify(code, way.request)
    except CodeRefused as refused:
        logger.info("the provider: %s", refused)
        raise WayLost(asked.called) from refused
    except NoAnswer as none:
        raise _away(asked, none) from none


def _is_its_answer(asked: Provider) -> bool:
    """Whether nothing says that another provider sent the browser back (RFC 9207)."""
    named = request.args.get("iss")
    if named is None:
        return not asked.doors().names_itself
    return named == asked.issuer


def _away(asked: Provider, none: NoAnswer) -> ProviderAway:
    logger.warning("the OpenID provider cannot be used: %s", none)
    return ProviderAway(asked.called)


def _way() -> Way | None:
    """The way that was begun in this browser. A HEAD does nothing, so it ends none either."""
    kept = session.get(WAY)
    if request.method != "GET" or not isinstance(kept, dict):
        return None
    return Way(**kept)


def _now() -> int:
    return int(clock.now().timestamp())
