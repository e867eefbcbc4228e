"""The desk's lists in words: names of lanes, orders and filters, and what an empty list says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domains.comments.states import Kind, Status
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Lane, Order
from app.infra.language import _, ngettext, sentence
from app.web.moderation.people import shown_email

LANE_LABELS = {
    Lane.WAITING: sentence("Waiting"),
    Lane.RED_FLAG: sentence("Red flag"),
    Lane.REPORTED: sentence("Reported"),
    Lane.HELD: sentence("Held"),
    Lane.RECHECK: sentence("Recheck"),
    Lane.SPAM: sentence("Spam"),
    Lane.DECIDED: sentence("Decided"),
}
ORDER_LABELS = {
    Order.OLDEST: sentence("Oldest first"),
    Order.NEWEST: sentence("Newest first"),
    Order.PEOPLE: sentence("Most people waiting first"),
    Order.CERTAIN: sentence("Most certain first"),
}
KIND_LABELS = {
    Kind.QUESTION: sentence("Questions"),
    Kind.COMMENT: sentence("Comments"),
    Kind.CHAT: sentence("Chat"),
}
STATE_LABELS = {
    Status.APPROVED: sentence("Approved"),
    Status.REJECTED: sentence("Rejected"),
    Status.DELETED: sentence("Deleted"),
    Status.WITHDRAWN: sentence("Taken back"),
}
AGES = {
    "1h": sentence("an hour"),
    "6h": sentence("6 hours"),
    "1d": sentence("a day"),
    "3d": sentence("3 days"),
    "7d": sentence("a week"),
}

NOTHING = {
    Lane.WAITING: sentence("Nothing waits. Everything that came in has been decided."),
    Lane.RED_FLAG: sentence("Nothing here speaks of what a professional must see."),
    Lane.REPORTED: sentence("No reader has reported anything that is still open."),
    Lane.HELD: sentence("Nothing is held for anybody. Hold a text to ask a colleague about it."),
    Lane.RECHECK: sentence(
        "Nothing has to be looked at again. An answer comes here when what it links to is changed "
        "or taken away."
    ),
    Lane.SPAM: sentence("No spam is kept here."),
    Lane.DECIDED: sentence("Nothing has been decided yet."),
}
NOTHING_IN_STATE = {
    Status.APPROVED: sentence("Nothing has been approved yet."),
    Status.REJECTED: sentence("Nothing has been rejected."),
    Status.DELETED: sentence("Nothing has been deleted."),
    Status.WITHDRAWN: sentence("Nobody has taken a text back."),
}


CHECKS = {
    "red flag": sentence("red flag"),
    "measure": sentence("measure"),
    "honeypot": sentence("honeypot"),
    "spam rule": sentence("spam rule"),
    "rule": sentence("rule"),
    "tag rule": sentence("tag rule"),
    "links": sentence("links"),
    "short link": sentence("short link"),
    "new host": sentence("new host"),
    "name of staff": sentence("name of staff"),
    "namesake": sentence("namesake"),
    "duplicate": sentence("duplicate"),
    "near duplicate": sentence("near duplicate"),
    "too quick": sentence("too quick"),
    "looks like spam": sentence("looks like spam"),
    "leans to spam": sentence("leans to spam"),
    "shouting": sentence("shouting"),
    "script": sentence("script"),
    "disguise": sentence("disguise"),
    "record": sentence("record"),
    "first comments": sentence("first comments"),
    "address not proven": sentence("address not proven"),
}
"""What the checks of the intake are called; their names stand in the verdicts."""


def check_title(name: str) -> str:
    """What a check is called where its name begins something."""
    words = str(CHECKS.get(name, name))
    return words[:1].upper() + words[1:]


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
        return _("Nothing in “%(lane)s” fits these filters.", lane=LANE_LABELS[wish.lane])
    return str(NOTHING_IN_STATE[wish.state] if wish.state else NOTHING[wish.lane])


def _words(name: str, wish: Wish, names: Mapping[str, str]) -> str:
    thing = names.get(name, _("something that is gone"))
    return {
        "article": _("Under “%(title)s”", title=thing),
        "tag": _("Tag: %(name)s", name=thing),
        "account": _("By %(name)s", name=thing),
        "address": _("By %(name)s", name=shown_email(thing) if "@" in thing else thing),
        "reason": _("Reason: %(name)s", name=wish.reason),
        "language": _("Language: %(name)s", name=wish.language),
        "older": _("Older than %(time)s", time=_length(wish.older)),
        "younger": _("Younger than %(time)s", time=_length(wish.younger)),
        "kind": str(KIND_LABELS[wish.kind]) if wish.kind else "",
        "state": str(STATE_LABELS[wish.state]) if wish.state else "",
        "q": _("With “%(words)s”", words=wish.q),
    }[name]


def _length(hours: int | None) -> str:
    hours = hours or 0
    if hours % 24 == 0:
        return ngettext("%(num)s day", "%(num)s days", hours // 24)
    return ngettext("%(num)s hour", "%(num)s hours", hours)
