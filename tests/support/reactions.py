"""What is done about events at once and what a worker does later, as one."""

from __future__ import annotations

from app.infra.events import Reactions


def together(at_once: Reactions, later: Reactions) -> Reactions:
    """For tests that want to see all that follows from an act without a worker."""
    events = {**at_once, **later}
    return {event: [*at_once.get(event, ()), *later.get(event, ())] for event in events}
