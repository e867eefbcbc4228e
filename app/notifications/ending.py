"""What the link in a mail ends that gets its reader no more of these: mail of a topic, or following
one thing, or following anything. One address form for all, so that one page and one click do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.infra.language import _
from app.notifications import queries, services
from app.notifications.following import keys, things
from app.notifications.following import queries as following
from app.notifications.following import services as follows
from app.notifications.following.states import Thing
from app.notifications.states import WORDS, Topic


@dataclass(frozen=True, slots=True)
class Ending:
    """`what` says on a line of its own what the mails are about; `act` ends them and may be
    repeated; `is_following` where somebody asked for them by following something."""

    what: str
    is_done: bool
    act: Callable[[], None]
    is_following: bool = False


def find(address_id: int, topic: str) -> Ending | None:
    """What the topic of a link names; None where nothing bears that name."""
    if topic in set(Topic):
        about = Topic(topic)
        refuse = partial(services.unsubscribe, address_id, about)
        return Ending(WORDS[about], not queries.wants(address_id, about), refuse)
    if topic == keys.ending_topic(None):
        none_left = not following.all_of([address_id])
        end = partial(follows.end_all, [address_id])
        return Ending(_("Everything that you follow"), none_left, end, is_following=True)
    named = things.find_named(topic.removeprefix(f"{keys.ENDING}-"))
    if named is None or not topic.startswith(f"{keys.ENDING}-"):
        return None
    return _following(address_id, *named)


def _following(address_id: int, thing: Thing, thing_id: int) -> Ending:
    found = things.find(thing, thing_id)
    what = (
        _("What is new in “%(title)s”", title=found.title)
        if found
        else _("Something that cannot be read at the moment")
    )
    is_done = following.how_often([address_id], thing, thing_id) is None
    end = partial(follows.end, [address_id], thing, thing_id)
    return Ending(what, is_done, end, is_following=True)
