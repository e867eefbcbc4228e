"""The letters to followers: the link by which they begin to be, and what is new."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, or_, select

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Address
from app.engines.text.excerpt import excerpt
from app.infra import letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications.addressing import letter
from app.notifications.comment_letters import QUOTED
from app.notifications.following import keys, news, things
from app.notifications.following.news import News
from app.notifications.following.states import Often, Thing
from app.notifications.following.things import Followed
from app.notifications.models import Follow

LISTED = 20
"""Pieces of news in one mail."""
FIRST_WORDS = 200


def asked(job: Job) -> Letter | None:
    """The link with which the owner of a typed address says that they want these mails."""
    thing = things.find(Thing(job.payload["thing"]), job.payload["thing_id"])
    address = db.session.get(Address, job.payload["address_id"])
    if thing is None or address is None:
        return None
    often = Often(job.payload["often"])
    return letter(
        job,
        address,
        title=thing.title,
        thing=thing.thing,
        link=letters.link_to(
            "following.confirm",
            followed=thing.name,
            address_id=address.id,
            often=often,
            key=keys.confirming(address, thing.name, often),
        ),
    )


def followed(job: Job) -> Letter | None:
    """What is new and still there, in what its reader still follows; None where nothing is."""
    address = db.session.get(Address, job.payload["address_id"])
    items = _items(job, address) if address is not None else []
    if address is None or not items:
        return None
    followed_here = {item["of"].name: item["of"] for item in items}
    only = next(iter(followed_here.values())) if len(followed_here) == 1 else None
    return letter(
        job,
        address,
        ends=keys.ending_topic(only.name if only else None),
        about=items[0]["text"] if len(items) == 1 else None,
        often=Often(job.payload["often"]),
        items=items[:LISTED],
        count=len(items),
        more=len(items) - len(items[:LISTED]) + job.payload["more"],
        only=only,
        page=letters.link_to(
            "following.from_mail",
            address_id=address.id,
            key=accounts.unsubscribe_key(address, keys.PAGE),
        ),
    )


def _items(job: Job, address: Address) -> list[dict[str, Any]]:
    told = job.payload["news"]
    longest = QUOTED if len(told) == 1 else FIRST_WORDS
    items = []
    for one, of in _followed_still(told, address):
        found = news.read(one["cause"])
        if found is not None and _is_new_in(found, one["follow"]):
            items.append(
                {
                    "sort": found.sort,
                    "text": found.text,
                    "title": found.title,
                    "by": found.by,
                    "words": excerpt(found.html, longest),
                    "link": found.link,
                    "of": of,
                    "place": absolute(of.href),
                }
            )
    return items


def _is_new_in(found: News, follow_id: int) -> bool:
    """Whether it is new there still: a text may have been moved since, or lost a tag."""
    there = exists().where(Follow.id == follow_id, or_(*found.where))
    return bool(db.session.scalar(select(there)))


def _followed_still(
    told: list[dict[str, Any]], address: Address
) -> list[tuple[dict[str, Any], Followed]]:
    """The pieces of news, each with what it is new in, as far as that is followed and there."""
    rows = db.session.scalars(
        select(Follow).where(
            Follow.id.in_({one["follow"] for one in told}), Follow.address_id == address.id
        )
    )
    now = {row.id: things.find(*things.of(row)) for row in rows}
    found = [(one, now.get(one["follow"])) for one in told]
    return [(one, of) for one, of in found if of is not None]
