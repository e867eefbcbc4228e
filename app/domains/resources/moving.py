"""An address that has moved for good, as its server says: the new one is offered, and taken by a
person. Verbs that flush, never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.resources.addresses import tidy_url
from app.domains.resources.errors import MovedOn, MoveStands, UnfitResource
from app.domains.resources.events import ResourceChanged
from app.domains.resources.models import LinkCheck, Resource
from app.infra import audit, clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _
from app.infra.outside.fetching import Seen

ACT = "use new address"


def new_address(url: str, seen: Seen) -> str | None:
    """What to offer instead of `url` after a look at it; None where nothing is.

    The front page instead of a page below it is no new address: so do many sites say that a page
    is gone.
    """
    try:
        new = tidy_url(seen.moved_to)
    except UnfitResource:
        return None
    if new is None or new == url or (_is_front(new) and not _is_front(url)):
        return None
    return new


def offered(resource: Resource) -> str | None:
    """The new address of a resource, where the last look at the one it has told of one."""
    check = db.session.get(LinkCheck, resource.id)
    return check.moved_to if check is not None and check.url == resource.url else None


def take(resource: Resource, address: str, *, by: Account) -> AuditEntry:
    """Let a resource lead to the new address that was offered, with its row in the record.

    Raises MovedOn where another one, or none, is offered by now.
    """
    resource = _held(resource.id) or resource
    if not address or offered(resource) != address:
        raise MovedOn
    return _lead_to(resource, address, ACT, by=by)


def is_move(entry: AuditEntry) -> bool:
    """Whether this row of the record says that a new address was taken."""
    return (entry.subject, entry.act) == ("resource", ACT)


def undoable(entries: Sequence[AuditEntry]) -> frozenset[int]:
    """The ids of those of these entries that say so and that nothing stands against undoing of."""
    moves = {one.id: one for one in entries if is_move(one)}
    rows = select(Resource.id, Resource.url).where(
        Resource.id.in_([one.subject_id for one in moves.values()])
    )
    now = {row.id: row.url for row in db.session.execute(rows)} if moves else {}
    return frozenset(
        ref for ref, one in moves.items() if now.get(one.subject_id) == one.detail["after"]["url"]
    )


def undo(entry: AuditEntry, *, by: Account) -> Resource:
    """Let a resource lead where it led before, with its own row in the record. Raises MoveStands
    where it is gone, or leads elsewhere since."""
    resource = _held(entry.subject_id)
    if resource is None:
        raise MoveStands(_("The resource is gone."))
    if resource.url != entry.detail["after"]["url"]:
        raise MoveStands(_("It has another address since."))
    _lead_to(resource, entry.detail["before"]["url"], "undo", by=by, undoes=entry.id)
    return resource


def _lead_to(
    resource: Resource, address: str, act: str, *, by: Account, **detail: object
) -> AuditEntry:
    before = resource.url
    resource.url, resource.updated_at = address, clock.now()
    db.session.flush()
    record(ResourceChanged(resource.id))
    return audit.write(
        act,
        "resource",
        resource.id,
        by=by,
        detail={
            "title": resource.title,
            "slug": resource.slug,
            "before": {"url": before},
            "after": {"url": address},
            **detail,
        },
    )


def _held(resource_id: int) -> Resource | None:
    return db.session.get(Resource, resource_id, with_for_update=True, populate_existing=True)


def _is_front(url: str) -> bool:
    return urlsplit(url).path in ("", "/")
