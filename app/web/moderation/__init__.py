"""The desk: what waits, the verdicts, the record. Every route here is behind one guard."""

from flask import Blueprint, current_app, g

from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import counting, queries
from app.domains.moderation.states import Lane
from app.infra.language import sentence
from app.web.accounts.session import viewer
from app.web.guards import guard

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")
NOT_HERE = sentence(
    "This account does not sit at the desk. If it did until now, its role was taken away "
    "meanwhile; nothing was done. An admin of the site can tell more."
)
guard(blueprint, may_moderate, NOT_HERE)


def may_decide() -> bool:
    """Whether whoever looks at the page may sit at the desk; threads show the way there."""
    return may_moderate(viewer())


def desk_waiting() -> str:
    """How many texts wait for whoever looks at the page, for the header; empty for none."""
    person = viewer()
    if person is None:
        return ""
    if "waiting" not in g:
        g.waiting = counting.lane_counts(queries.seat_of(person))[Lane.WAITING]
    return counting.shown(g.waiting) if g.waiting else ""


def has_endpoint(name: str) -> bool:
    return name in current_app.view_functions


blueprint.add_app_template_global(may_decide)
blueprint.add_app_template_global(desk_waiting)
blueprint.add_app_template_global(has_endpoint)
blueprint.add_app_template_filter(counting.shown, "shown_count")

from app.web.moderation import (  # noqa: E402  (they register on it)
    acts,
    batches,
    deciding,
    erasing,
    evidence,
    listing,
    lists,
    live,
    numbers,
    people,
    rechecking,
    record,
    rules,
    views,
)

__all__ = [
    "acts",
    "batches",
    "blueprint",
    "deciding",
    "erasing",
    "evidence",
    "listing",
    "lists",
    "live",
    "numbers",
    "people",
    "rechecking",
    "record",
    "rules",
    "views",
]
