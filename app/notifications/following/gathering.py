"""The mail that waits for a follower: what is new is put into it until it goes out, after two
minutes or on a morning by its reader's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domains.accounts import preferences, tries
from app.domains.accounts.events import ZoneChosen
from app.domains.accounts.policy import Limit
from app.engines import mornings
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work
from app.notifications.following.states import GATHERED, Often
from app.notifications.states import Mail

MOST_NEWS = 200
"""What one mail remembers; of more it says how much more there is."""
AT_ONCE_A_DAY = Limit(20, timedelta(days=1))
"""Mails to one address that go out at once; what comes after them waits for the morning."""
RETIMING = "follow.retime"
PIECE = 200


def gather(address_id: int, often: Often, item: Mapping[str, object]) -> None:
    """Into the mail that waits for this address, or into a new one."""
    while not (_joins(_key(address_id, often), item) or _begins(address_id, often, item)):
        continue  # somebody else began one, or it went out, in the same moment


def move(from_id: int, to_id: int) -> None:
    """What waits for one address goes to another one of the same person, and gathers on for that
    where nothing waits there. What could not be sent yet, or was given up, goes there too."""
    waiting_there = {job.unique_key for job in _waiting_for(to_id)}
    for job in _unsent_to(from_id):
        job.payload = {**job.payload, "address_id": to_id}
        if job.unique_key is None:
            db.session.flush()
            continue
        key = _key(to_id, Often(job.payload["often"]))
        job.unique_key = None if key in waiting_there else key
        db.session.flush()
        _time_anew(job)


def zone_chosen(event: ZoneChosen) -> None:
    """What waits for somebody goes out by their new clock."""
    for job in _waiting_for(event.address_id):
        _time_anew(job)


def ask_to_retime() -> None:
    """The site has another zone, by which everybody is written to who chose none."""
    enqueue(RETIMING, {}, unique_key=RETIMING)


def retime(_job: Job) -> None:
    """That job. Commits by itself, some mails at a time, and may be repeated."""
    last = 0
    while True:
        with unit_of_work():
            jobs = db.session.scalars(
                select(Job)
                .where(
                    Job.done_at.is_(None),
                    Job.failed_at.is_(None),
                    Job.kind == Mail.FOLLOWED,
                    Job.unique_key.is_not(None),
                    Job.id > last,
                )
                .order_by(Job.id)
                .limit(PIECE)
                .with_for_update()
            ).all()
            for job in jobs:
                _time_anew(job)
            last = jobs[-1].id if jobs else last
        if not jobs:
            return


def _joins(key: str, item: Mapping[str, object]) -> bool:
    waiting = db.session.scalar(
        select(Job)
        .where(Job.unique_key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if waiting is None:
        return False
    told, more = waiting.payload["news"], waiting.payload["more"]
    if len(told) < MOST_NEWS:
        waiting.payload = {**waiting.payload, "news": [*told, item]}
    else:
        waiting.payload = {**waiting.payload, "more": more + 1}
    db.session.flush()
    return True


def _begins(address_id: int, often: Often, item: Mapping[str, object]) -> bool:
    key = _key(address_id, often)
    payload = {"address_id": address_id, "often": often, "news": [item], "more": 0}
    if _goes_at_once(address_id, often):
        return enqueue(Mail.FOLLOWED, payload, after=GATHERED, unique_key=key) is not None
    now = clock.now()
    payload["since"] = now.isoformat()
    morning = _morning(address_id, often, now)
    mail = enqueue(
        Mail.FOLLOWED,
        payload,
        after=morning.at - now,
        unique_key=key,
        once_key=_once(key, morning.day),
    )
    return mail is not None


def _goes_at_once(address_id: int, often: Often) -> bool:
    """What is asked for at once goes so as long as it is not the whole day long."""
    limits = {f"followed:{address_id}": AT_ONCE_A_DAY}
    return often is Often.AT_ONCE and tries.count_if_it_fits(limits)


def _morning(
    address_id: int, often: Often, since: datetime, *, but: Job | None = None
) -> mornings.Morning:
    """When a mail goes out that gathers since then; no two on one day, the one that is meant by
    `but` not counted."""
    zone = ZoneInfo(preferences.of_address(address_id).zone)
    key, taken, is_weekly = _key(address_id, often), set[date](), often is Often.WEEKLY
    while True:
        morning = mornings.first_free(since, zone, taken, weekly=is_weekly)
        there = select(Job.id).where(Job.once_key == _once(key, morning.day))
        known = db.session.scalar(there)
        if known is None or (but is not None and known == but.id):
            return morning
        taken.add(morning.day)


def _time_anew(job: Job) -> None:
    since = job.payload.get("since")
    if since is None:
        return  # it goes out at once
    address_id, often = job.payload["address_id"], Often(job.payload["often"])
    morning = _morning(address_id, often, datetime.fromisoformat(since), but=job)
    job.run_at, job.once_key = morning.at, _once(_key(address_id, often), morning.day)
    db.session.flush()


def _waiting_for(address_id: int) -> list[Job]:
    keys = [_key(address_id, often) for often in Often]
    return list(db.session.scalars(select(Job).where(Job.unique_key.in_(keys)).with_for_update()))


def _unsent_to(address_id: int) -> list[Job]:
    unsent = (
        select(Job)
        .where(
            Job.done_at.is_(None),
            Job.kind == Mail.FOLLOWED,
            Job.payload["address_id"].as_integer() == address_id,
        )
        .order_by(Job.id)
        .with_for_update()
    )
    return list(db.session.scalars(unsent))


def _key(address_id: int, often: Often) -> str:
    return f"{Mail.FOLLOWED}:{often}:{address_id}"


def _once(key: str, day: date) -> str:
    return f"{key}:{day.isoformat()}"
