"""Whether the addresses of resources still lead somewhere: what is due to be looked at, and what
becomes of what was seen. Who looks, and when, is `link_job`'s."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, or_, select
from sqlalchemy.orm import selectinload

from app.domains.resources import moving
from app.domains.resources.events import LinkDied, LinkRevived
from app.domains.resources.models import LinkCheck, Resource
from app.domains.resources.queries import FOR_LISTS, RESOURCES_A_PAGE
from app.infra import clock
from app.infra.db import db
from app.infra.events import record
from app.infra.outside.fetching import Seen
from app.infra.paging import EPOCH, FIRST, Wanted, Ways, in_order, page_of

AGAIN = timedelta(days=7)
SOONER = timedelta(hours=36)
"""After a failure: three in a row then lie three days apart, and a weekend's outage is no death."""
PAUSE = timedelta(seconds=5)
"""Between two looks at one host."""
FAILURES_OF_THE_DEAD = 3
GONE = frozenset({404, 410})
GONE_OF_THE_DEAD = 2
"""So many in a row: the server itself says that there is nothing."""
STANDING = frozenset({401, 403, 405, 406, 407, 416, 429})
"""Answers of a page that is there, and that keeps programs out or wants to be asked otherwise."""
COUNTED = 1_000
"""Nobody mends more of them at once, and to count further costs more the larger a library is."""
_ALIVE = EPOCH.replace(year=3000)
"""Where a link that is not dead stands among the times since when others are."""


@dataclass(frozen=True, slots=True)
class Due:
    resource_id: int
    url: str

    @property
    def host(self) -> str:
        return _host(self.url)


def due(limit: int) -> list[Due]:
    """What is to be looked at now: first what never was, then what was longest ago."""
    now = clock.now()
    is_due = or_(
        LinkCheck.resource_id.is_(None),
        LinkCheck.url != Resource.url,
        LinkCheck.checked_at <= now - AGAIN,
        and_(
            LinkCheck.failures > 0,
            LinkCheck.dead_since.is_(None),
            LinkCheck.checked_at <= now - SOONER,
        ),
    )
    rows = db.session.execute(
        select(Resource.id, Resource.url)
        .outerjoin(LinkCheck, LinkCheck.resource_id == Resource.id)
        .where(Resource.url.is_not(None), is_due)
        .order_by(LinkCheck.checked_at.is_not(None), LinkCheck.checked_at, Resource.id)
        .limit(limit)
    )
    return [Due(resource_id, url) for resource_id, url in rows if url]


def resting_hosts() -> set[str]:
    """The hosts that were called a moment ago."""
    lately = LinkCheck.checked_at > clock.now() - PAUSE
    return {_host(url) for url in db.session.scalars(select(LinkCheck.url).where(lately))}


def keep(resource_id: int, url: str, seen: Seen) -> LinkCheck | None:
    """Note what was seen at an address, in the caller's transaction; a link that is found dead, or
    alive again, is told as an event. None where the resource is gone, or leads elsewhere by now."""
    resource = db.session.get(Resource, resource_id, with_for_update=True, populate_existing=True)
    if resource is None or resource.url != url:
        return None
    check = db.session.get(LinkCheck, resource_id)
    if check is None:
        check = LinkCheck(resource_id=resource_id, url=url, failures=0)
        db.session.add(check)
    elif check.url != url:
        check.url, check.status, check.failures, check.dead_since = url, None, 0, None
        check.moved_to = None
    since = check.dead_since
    check.dead_since, check.failures = _judged(check, seen, clock.now())
    check.checked_at, check.status, check.problem = clock.now(), seen.status, seen.problem or ""
    if not seen.was_refused:
        check.moved_to = moving.new_address(url, seen)
    db.session.flush()
    if check.dead_since is not None and since is None:
        record(LinkDied(resource_id))
    if check.dead_since is None and since is not None:
        record(LinkRevived(resource_id, since))
    return check


def is_failure(seen: Seen) -> bool:
    """Whether a reader who follows the link finds nothing."""
    return seen.status is None or (seen.status >= 400 and seen.status not in STANDING)


def _judged(check: LinkCheck, seen: Seen, now: datetime) -> tuple[datetime | None, int]:
    """Since when it is dead, and how often it failed in a row. What our own rules kept us from
    looking at is judged as before: it may well work for readers."""
    if seen.was_refused:
        return check.dead_since, check.failures
    if not is_failure(seen):
        return None, 0
    failures = check.failures + 1
    is_gone_again = seen.status in GONE and check.status in GONE and failures >= GONE_OF_THE_DEAD
    if check.dead_since is None and (is_gone_again or failures >= FAILURES_OF_THE_DEAD):
        return now, failures
    return check.dead_since, failures


# For the pages


def standing_of(resources: Collection[Resource]) -> dict[int, LinkCheck]:
    """What the last look at each of these said; nothing for an address that is new since."""
    if not resources:
        return {}
    found = db.session.scalars(
        select(LinkCheck)
        .join(Resource, _same_address())
        .where(LinkCheck.resource_id.in_([one.id for one in resources]))
    )
    return {check.resource_id: check for check in found}


def troubled(
    *, wanted: Wanted = FIRST, size: int = RESOURCES_A_PAGE
) -> tuple[list[Resource], Ways]:
    """Resources whose address is dead, the longest first, then those whose last look failed. They
    are few, and are put in order where they are asked for."""
    keys = func.coalesce(LinkCheck.dead_since, literal(_ALIVE)).label("dead_since"), Resource.id
    rows, ways = page_of(_failing(*keys), keys, wanted, size=size, newest_first=False)
    return in_order(Resource, rows, *FOR_LISTS, selectinload(Resource.tags)), ways


def count_troubled() -> int:
    """How many there are, counted to COUNTED."""
    some = _failing(Resource.id).limit(COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _failing(*columns: Any) -> Select[*tuple[Any, ...]]:
    failing = LinkCheck.failures > literal_column("0")  # as its index says it
    return select(*columns).select_from(Resource).join(LinkCheck, _same_address()).where(failing)


def _same_address() -> ColumnElement[bool]:
    return and_(Resource.id == LinkCheck.resource_id, Resource.url == LinkCheck.url)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
