"""The counts of the lanes for everybody who watches the desk: where there is Redis, one process
counts every two seconds and the others read what it found."""

from __future__ import annotations

import json

from app.domains.moderation.queue import counting
from app.domains.moderation.queue.queries import Seat
from app.infra import redis_site, shared

TURN_MILLISECONDS = 1900
"""A little less than the pause between two looks, so that every look may find a newer count."""
KEPT_MILLISECONDS = 10_000
"""Longer than the counting takes; after it nobody reads what a process that died had left."""


def lane_counts(seat: Seat) -> dict[str, int]:
    """The same as `counting.lane_counts`, some two seconds ago at most."""
    redis = shared.client()
    if redis is None:
        return counting.lane_counts(seat)
    name = _name(seat)
    try:
        with redis.pipeline(transaction=False) as asked:
            asked.set(f"{name}:turn", 1, nx=True, px=TURN_MILLISECONDS)
            asked.get(name)
            is_my_turn, told = asked.execute()
        if told and not is_my_turn:
            return {str(lane): int(number) for lane, number in json.loads(told).items()}
        counts = counting.lane_counts(seat)
        redis.set(name, json.dumps(counts), px=KEPT_MILLISECONDS)
    except redis_site.away() as wrong:
        shared.away(wrong)
        return counting.lane_counts(seat)
    return counts


def _name(seat: Seat) -> str:
    """Moderators of the same sections see the same."""
    if seat.tag_ids is None:
        return f"{shared.PREFIX}lanes:all"
    return f"{shared.PREFIX}lanes:{'-'.join(map(str, sorted(seat.tag_ids)))}"
