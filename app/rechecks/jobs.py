"""The job that finds the answers to look at again, a stretch of ids in each transaction."""

from __future__ import annotations

import html as entities

from app.domains.answers import rechecking as cards
from app.domains.moderation import rechecking as answers
from app.engines.text.links import link_addresses
from app.engines.text.render import render_reply
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work


def recheck(job: Job) -> None:
    """Mark what links to the job's paths, typed as a path or as a full address, or straight to its
    `url`; and the cards that rest on its `resource` or `article`. Safe to repeat."""
    reason = job.payload["reason"]
    addresses = [one for path in job.payload["paths"] for one in (path, absolute(path))]
    addresses += _as_linked(job.payload.get("url", ""))
    with unit_of_work():
        cards.mark(
            reason,
            addresses=addresses,
            resource_id=job.payload.get("resource"),
            article_id=job.payload.get("article"),
        )
    place: int | None = 0
    while place is not None:
        with unit_of_work():
            place = answers.mark(addresses, reason, after=place)


def _as_linked(url: str) -> list[str]:
    """An address as it stands in our HTML where a text links to it, which may encode it."""
    linked = link_addresses(render_reply(f"<{url}>")) if url else ()
    return [entities.escape(address, quote=False) for address in linked]
