"""How often: counted by person where one is known and by network where not, in Redis where one is
set and in memory where not.

A person is an account or a proven address: whoever moves between networks stays one, and members
behind one network do not use up each other's turns. What one network may do in all has a ceiling
of its own where it matters (`count_network`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit, RouteLimit

from app.config import Settings
from app.infra import clock, redis_site, shared
from app.infra.http import metrics
from app.infra.http.hosts import client_network
from app.infra.language import _, ngettext

if TYPE_CHECKING:
    from flask_limiter._limits import RuntimeLimit

logger = logging.getLogger(__name__)

HOUSEHOLD = 5
"""How many times as often as one person a whole network may do something."""
WRITE = "1 per 5 seconds; 2 per minute; 20 per hour"
"""What a guest may post (security.md S01)."""
PREVIEW = "40 per minute"
SEARCH = "60 per minute"
SIGN_IN = "30 per 5 minutes"
"""A ceiling a network; the lock an account is counted in the database (accounts.services)."""
MAILS = "5 per hour; 10 per day"
"""Requests that make the site send a mail to an address somebody typed."""
BACK_SECONDS = 2.0
"""A clock that is set right goes back by less."""
MINUTES_TOLD = 90
"""Longer waits are told in hours."""
_PERSON = "who is limited"

Who = Callable[[], str | None]


def whose() -> str:
    """The bucket of whoever asks: the person's, or the network's where nobody is known."""
    find: Who | None = current_app.extensions.get(_PERSON)
    person = find() if find is not None else None
    return f"person {person}" if person else client_network()


def know_people(app: Flask, find: Who) -> None:
    """Let `find` say who asks: a name for an account or a proven address, None for a stranger."""
    app.extensions[_PERSON] = find


def count(limits: str, *, key: str | None = None, scope: str = "") -> None:
    """Count one act inside a view, of whoever asks where no `key` says of whom; acts of one view
    that are counted apart have a `scope`. Raises RateLimitExceeded.

    The library's own way, `with limiter.limit(...)`, keeps the limit under its line of source:
    of two threads on one line, each may be measured by the other's.
    """
    limiter.count(limits, key or whose(), scope)


def count_network(limits: str) -> None:
    """Count against what a network may do in all of what each person in it may do so often;
    beside the limit a person. Raises RateLimitExceeded."""
    count(
        "; ".join(_wider(one) for one in limits.split(";")),
        key=f"all of {client_network()}",
        scope="network",
    )


def count_mail() -> None:
    """Count a mail that the site is about to send to an address somebody typed, of the network
    alone. Called where the mail is asked for, so that forms sent with a slip of the finger cost
    nobody a mail. Raises RateLimitExceeded."""
    count(MAILS, key=client_network())


def when_again() -> str:
    """The sentence that says when to come back, for an answer that a limit refused."""
    told = limiter.current_limit
    if told is None:
        return _("Wait a while and send it again.")
    minutes = ceil((told.reset_at - clock.now().timestamp()) / 60)
    if minutes <= 1:
        return _("Wait a minute and send it again.")
    if minutes < MINUTES_TOLD:
        return ngettext(
            "Send it again in %(num)s minute.", "Send it again in %(num)s minutes.", minutes
        )
    return ngettext(
        "Send it again in %(num)s hour.", "Send it again in %(num)s hours.", ceil(minutes / 60)
    )


def by_network_alone(limits: str) -> RouteLimit:
    """Limit a view for everybody behind a network, known or not: where somebody could make
    themselves known as many people."""
    return limiter.limit(limits, key_func=client_network)


def _wider(limit: str) -> str:
    amount, _, period = limit.strip().partition(" ")
    return f"{int(amount) * HOUSEHOLD} {period}"


def _follow_clock(app: Flask) -> None:
    """Count anew where the clock was put back: what was counted in a future that is over would
    shut people out until that comes again."""
    newest = clock.now()

    @app.before_request
    def look() -> None:
        nonlocal newest
        now = clock.now()
        gone_back = (newest - now).total_seconds()
        if gone_back < 0:
            newest = now
        elif gone_back > BACK_SECONDS:
            newest = now
            logger.warning("the clock went back by %d s: limits are counted anew", gone_back)
            _count_anew()


def _count_anew() -> None:
    try:
        limiter.reset()
    except redis_site.away() as wrong:  # each process counts for itself then, from nothing
        shared.away(wrong)


def _on_breach(_limit: RequestLimit) -> None:
    metrics.limits_reached.inc()


class SiteLimiter(Limiter):
    """The library's, which also counts inside a view without keeping anything under its name."""

    def count(self, limits: str, key: str, scope: str) -> None:
        """Count one act of `key` in the view that answers. Raises RateLimitExceeded."""
        if not (self.enabled and self.initialized):
            return
        view = self.identify_request()
        bucket = [key, f"{view}:{scope}" if scope else view]
        try:
            self._measure(limits, bucket)
        except redis_site.away() as wrong:
            if not self._in_memory_fallback_enabled:
                raise
            self.logger.warning("limits are counted in memory: %s", wrong)
            self._storage_dead = True  # the library looks at each request whether it is back
            self._measure(limits, bucket)

    def _measure(self, limits: str, bucket: list[str]) -> None:
        """Count by each limit, the shortest first, as far as the first that is reached; and have
        the headers speak of that one, or of the shortest."""
        measured = []
        for rule in _rules(limits):
            told = RequestLimit(self, rule.limit, bucket, breached=False, shared=False)
            measured.append(told)
            if not self.limiter.hit(rule.limit, *bucket):
                told.breached = True
                self.context.view_rate_limit, self.context.view_rate_limits = told, measured
                self.logger.info("ratelimit %s (%s) exceeded at endpoint: %s", rule.limit, *bucket)
                _on_breach(told)
                raise RateLimitExceeded(rule)
        self.context.view_rate_limit, self.context.view_rate_limits = measured[0], measured


limiter = SiteLimiter(key_func=whose, headers_enabled=True, on_breach=_on_breach)


@cache
def _rules(limits: str) -> tuple[RuntimeLimit, ...]:
    """The library's reading of a line such as "2 per minute; 20 per hour". The program has a
    handful of them, all written in its source."""
    return tuple(sorted(limiter.limit(limits), key=lambda rule: rule.limit))


def install(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_STRATEGY="moving-window",
    )
    if settings.redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": 0.2,
            "socket_timeout": 0.2,
        }

    @app.after_request
    def tell(answer: Response) -> Response:
        """After the library's own: its header says when the window ends, these say in how long."""
        if "X-RateLimit-Limit" not in answer.headers:
            return answer
        for name in ("Limit", "Remaining"):
            answer.headers[f"RateLimit-{name}"] = answer.headers[f"X-RateLimit-{name}"]
        answer.headers["RateLimit-Reset"] = answer.headers["Retry-After"]
        if answer.status_code != 429:
            answer.headers.pop("Retry-After", None)  # nobody was asked to wait
        return answer

    if settings.rate_limits:
        _follow_clock(app)
    limiter.init_app(app)
