"""What happened, told once, inside the transaction in which it happened.

A service records frozen dataclasses; the unit of work hands them to their handlers just before
it commits, so that job rows and index rows live or die with their cause. Handlers write rows and
record nothing: one hop, so that nothing comes back round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.infra.db import db

Handler = Callable[[Any], None]
Reactions = Mapping[type, Sequence[Handler]]


def record(event: object) -> None:
    """Remember an event until the unit of work ends."""
    db.session().info.setdefault("events", []).append(event)


def recorded() -> list[object]:
    """The events of this unit of work so far, oldest first."""
    return list(db.session().info.get("events", []))


def forget() -> None:
    db.session().info.pop("events", None)


def dispatch(reactions: Reactions) -> None:
    """Call each event's handlers in order. Raises RuntimeError when a handler records an event."""
    events = recorded()
    for event in events:
        for handler in reactions.get(type(event), ()):
            handler(event)
    if len(recorded()) != len(events):
        raise RuntimeError("a handler recorded an event: reactions go one hop only")
