"""The desk's lists in words: names of lanes, orders and filters, and what an empty list says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domains.comments.states import Kind, Status
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Lane, Order
from app.web.filters import counted
from app.web.moderation.people import shown_email

LANE_LABELS = {
    Lane.WAITING: "Waiting",
    Lane.RED_FLAG: "Red flag",
    Lane.REPORTED: "Reported",
    Lane.HELD: "Held",
    Lane.RECHECK: "Recheck",
    Lane.SPAM: "Spam",
    Lane.DECIDED: "Decided",
}
ORDER_LABELS = {
    Order.OLDEST: "Oldest first",
    Order.NEWEST: "Newest first",
    Order.PEOPLE: "Most people waiting first",
    Order.CERTAIN: "Most certain first",
}
KIND_LABELS = {Kind.QUESTION: "Questions", Kind.COMMENT: "Comments", Kind.CHAT: "Chat"}
STATE_LABELS = {
    Status.APPROVED: "Approved",
    Status.REJECTED: "Rejected",
    Status.DELETED: "Deleted",
    Status.WITHDRAWN: "Taken back",
}
AGES = {"1h": "an hour", "6h": "6 hours", "1d": "a day", "3d": "3 days", "7d": "a week"}

NOTHING = {
    Lane.WAITING: "Nothing waits. Everything that came in has been decided.",
    Lane.RED_FLAG: "Nothing here speaks of what a professional must see.",
    Lane.REPORTED: "No reader has reported anything that is still open.",
    Lane.HELD: "Nothing is held for anybody. Hold a text to ask a colleague about it.",
    Lane.RECHECK: "Nothing has to be looked at again. An answer comes here when what it links to "
    "is changed or taken away.",
    Lane.SPAM: "No spam is kept here.",
    Lane.DECIDED: "Nothing has been decided yet.",
}
NOTHING_IN_STATE = {
    Status.APPROVED: "Nothing has been approved yet.",
    Status.REJECTED: "Nothing has been rejected.",
    Status.DELETED: "Nothing has been deleted.",
    Status.WITHDRAWN: "Nobody has taken a text back.",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the list without it."""

    words: str
    without: Wish


def chips(wish: Wish, names: Mapping[str, str]) -> list[Chip]:
    """The filters of a list; `names` are those of the things that it says by number."""
    return [Chip(_words(name, wish, names), wish.but(**{name: None})) for name in wish.filters]


def nothing_here(wish: Wish) -> str:
    """What an empty list says."""
    if wish.filters and wish.filters != ("state",):
        return f"Nothing in “{LANE_LABELS[wish.lane]}” fits these filters."
    return NOTHING_IN_STATE[wish.state] if wish.state else NOTHING[wish.lane]


def _words(name: str, wish: Wish, names: Mapping[str, str]) -> str:
    thing = names.get(name, "something that is gone")
    return {
        "article": f"Under “{thing}”",
        "tag": f"Tag: {thing}",
        "account": f"By {thing}",
        "address": f"By {shown_email(thing)}" if "@" in thing else f"By {thing}",
        "reason": f"Reason: {wish.reason}",
        "language": f"Language: {wish.language}",
        "older": f"Older than {_length(wish.older)}",
        "younger": f"Younger than {_length(wish.younger)}",
        "kind": KIND_LABELS[wish.kind] if wish.kind else "",
        "state": STATE_LABELS[wish.state] if wish.state else "",
        "q": f"With “{wish.q}”",
    }[name]


def _length(hours: int | None) -> str:
    hours = hours or 0
    return counted(hours // 24, "day") if hours % 24 == 0 else counted(hours, "hour")
